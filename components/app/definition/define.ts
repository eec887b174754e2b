import type { AppDefinition } from "./app";
import type { ImageReference, Source } from "./image";
import type { Kind, WorkloadOf } from "./workload";

/** An image, or source to build one from: one of them, never both. */
type ImageOrSource = { image: ImageReference; source?: never } | { source: Source; image?: never };

/** What an author writes of a workload of some kind. */
export type Fields<K extends Kind> = Omit<WorkloadOf<K>, "kind" | "image" | "source"> & ImageOrSource;

/** Gives an app its types. Everything else is checked when the project is loaded, so that every mistake is reported at once. */
export function defineApp(definition: AppDefinition): AppDefinition {
  return definition;
}

/** Answers requests; replicas are alike and come and go. */
export function service(fields: Fields<"service">): WorkloadOf<"service"> {
  return { kind: "service", ...fields };
}

/** Replicas with a name and volumes of their own, such as a database or a queue. */
export function stateful(fields: Fields<"stateful">): WorkloadOf<"stateful"> {
  return { kind: "stateful", ...fields };
}

/** Works on its own, for example through a queue; nobody calls it. */
export function worker(fields: Fields<"worker">): WorkloadOf<"worker"> {
  return { kind: "worker", ...fields };
}

/** Runs to its end once for each version. */
export function job(fields: Fields<"job">): WorkloadOf<"job"> {
  return { kind: "job", ...fields };
}

/** Runs to its end at set times. */
export function cron(fields: Fields<"cron">): WorkloadOf<"cron"> {
  return { kind: "cron", ...fields };
}

/** One replica on every node. */
export function daemon(fields: Fields<"daemon">): WorkloadOf<"daemon"> {
  return { kind: "daemon", ...fields };
}

import type { StackRule } from "../rule";
import { byNamespace, field, runningWorkloads, selects } from "../workloads";

/** The label that says whose pods they are. */
const partOf = "app.kubernetes.io/part-of";

export const serviceHasPods: StackRule = {
  scope: "stack",
  name: "service-has-pods",
  topic: "networking",
  title: "Services lead to pods of the same namespace",
  why: "A Service whose selector meets nothing takes connections and answers none of them.",
  remedy: "Let the selector name labels that the pods of a workload have",
  level: "mandatory",
  judge: (objects) => {
    const workloads = runningWorkloads(objects);
    // What an app's requests wait at while it sleeps is an engine's, which need not be among what is judged.
    const owners = new Set([undefined, ...workloads.map(({ labels }) => labels[partOf])]);
    const neighbours = byNamespace(workloads, ({ object }) => object);
    return objects
      .filter(({ kind, spec }) => kind === "Service" && field(spec, "selector") !== undefined)
      .filter(({ spec }) => owners.has(ownerOf(field(spec, "selector"))))
      .filter(
        (service) =>
          !neighbours(service).some(({ labels }) => selects({ matchLabels: field(service.spec, "selector") }, labels)),
      )
      .map((object) => ({ object, message: "its selector meets no pods" }));
  },
};

function ownerOf(selector: unknown): string | undefined {
  return (selector as Readonly<Record<string, string>>)[partOf];
}

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Kind } from "../../components/app/definition/workload";

/** What is asked of a new app. */
export interface NewApp {
  /** Its name, and that of its folder. */
  readonly name: string;
  readonly kind: Kind;
  /** An image that is there already. Default: source is made, and the image is built from it. */
  readonly image?: string;
  readonly format: "ts" | "yaml";
}

/** A file of a new app, by its path in the app's folder. */
export type Files = Readonly<Record<string, string>>;

/** What the program of a kind does: answer requests, work until it is stopped, or end by itself. */
const sources: Readonly<Record<Kind, "answering" | "working" | "ending">> = {
  service: "answering",
  stateful: "answering",
  worker: "working",
  daemon: "working",
  job: "ending",
  cron: "ending",
};

/** Name of the one workload of a new app. */
export const workloadNames: Readonly<Record<Kind, string>> = {
  service: "web",
  stateful: "db",
  worker: "worker",
  daemon: "agent",
  job: "task",
  cron: "report",
};

/** The fields of a kind beside where its image comes from; the smallest that show what it is for. */
const fields: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  service: { port: 8080, expose: [{ host: "auto" }], probes: { readiness: { http: "/healthz" } } },
  stateful: { port: 8080, volumes: { data: { mount: "/data", size: "1Gi" } } },
  worker: { replicas: 1 },
  daemon: {},
  job: { retries: 2 },
  cron: { schedule: "0 6 * * 1-5", timezone: "Europe/Berlin" },
};

/** The files of a new app. */
export function filesOf(app: NewApp): Files {
  const definition = app.format === "ts" ? { "app.ts": typeScript(app) } : { "app.yaml": yaml(app) };
  if (app.image !== undefined) return definition;
  const program = path.join(__dirname, "source", sources[app.kind], "main.go");
  return {
    ...definition,
    "src/go.mod": `module example.com/${app.name}\n\ngo 1.26\n`,
    "src/main.go": readFileSync(program, "utf8"),
  };
}

/** An image that somebody else made says itself whether it answers at a path; that a port accepts connections is checked anyway. */
function fieldsOf({ kind, image }: NewApp): Readonly<Record<string, unknown>> {
  const { probes, ...others } = fields[kind];
  return image === undefined && probes !== undefined ? { ...others, probes } : others;
}

function typeScript(app: NewApp): string {
  const { name, kind, image } = app;
  const from = image === undefined ? 'source: folder("./src")' : `image: ${JSON.stringify(image)}`;
  const lines = [from, ...Object.entries(fieldsOf(app)).map(([key, value]) => `${key}: ${literal(value)}`)];
  const words = ["defineApp", ...(image === undefined ? ["folder"] : []), kind].sort();
  return `import { ${words.join(", ")} } from "../../components/app/definition";

export default defineApp({
  name: ${JSON.stringify(name)},
  workloads: {
    ${workloadNames[kind]}: ${kind}({
${lines.map((line) => `      ${line},\n`).join("")}    }),
  },
});
`;
}

/** A value on one line; TypeScript and YAML write it alike. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key}: ${literal(one)}`)
    .join(", ")} }`;
}

function yaml(app: NewApp): string {
  const { name, kind, image } = app;
  const from = image === undefined ? { source: { folder: "./src" } } : { image };
  const workload = { kind, ...from, ...fieldsOf(app) };
  const lines = Object.entries(workload).map(([key, value]) => `    ${key}: ${literal(value)}\n`);
  return `# yaml-language-server: $schema=../../docs/reference/app.schema.json
name: ${name}
workloads:
  ${workloadNames[kind]}:
${lines.join("")}`;
}

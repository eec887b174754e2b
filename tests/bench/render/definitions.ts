import type { SourcedDefinition } from "../../../components/app/model/input";
import { image } from "../../support/apps";

/** Different apps: no two have the same names, ports, schedules and sizes. The kinds of workload take turns. */
export function definitions(count: number): SourcedDefinition[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `app-${index}`;
    const shape = shapes[index % shapes.length];
    return {
      file: `apps/${name}/app.ts`,
      definition: { name, owner: `team-${index % 40}`, workloads: shape?.(index) },
    };
  });
}

type Shape = (index: number) => Readonly<Record<string, object>>;

const web: Shape = (index) => ({
  web: {
    kind: "service",
    image,
    port: 8000 + (index % 1000),
    expose: [{ host: "auto" }],
    env: { LEVEL: "info", NUMBER: `${index}` },
    files: { "/etc/app/app.conf": `workers = ${1 + (index % 8)}\n` },
    links: { API: "api" },
    probes: { readiness: { http: "/ready" } },
    scale: { min: 2, max: 3 + (index % 5), on: [{ cpu: "70%" }] },
  },
  api: { kind: "service", image, port: 9000 + (index % 500), replicas: 1 + (index % 3) },
});

const database: Shape = (index) => ({
  db: {
    kind: "stateful",
    image,
    port: 5432,
    replicas: 3,
    volumes: { data: { mount: "/data", size: `${1 + (index % 50)}Gi` } },
  },
  work: { kind: "worker", image, replicas: 1 + (index % 3), links: { DATABASE: "db" }, env: { NUMBER: `${index}` } },
});

const batch: Shape = (index) => ({
  import: { kind: "job", image, completions: 1 + (index % 4), retries: 1 },
  report: { kind: "cron", image, schedule: `${index % 60} ${index % 24} * * *` },
});

const agent: Shape = (index) => ({
  agent: { kind: "daemon", image, port: 9100, files: { "/etc/agent.conf": `shard = ${index}\n` } },
});

const shapes: readonly Shape[] = [web, database, batch, agent];

import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

/** The file of an environment with one cluster on this machine. */
export const embeddedStack = (environment: string, instance: string, images: string): string => `
import { defineStack, embedded } from "./stack";
export default defineStack({
  environment: "${environment}",
  clusters: { only: embedded({ instance: "${instance}", apps: ["hello"] }) },
  domain: "${environment}.petrichor.localhost",
  images: "${images}",
});`;

/** The file of an app with one service. */
export const app = (name: string, image: string, expose: string): string => `
import { defineApp, service } from "../../components/app/definition";
export default defineApp({
  name: "${name}",
  workloads: { web: service({ image: "${image}", port: 8080, expose: ${expose}, probes: { readiness: { http: "/healthz" } } }) },
});`;

/** The scripts of the preview workflow, in order, with the project's command as this copy has it. */
export function previewSteps(): string[] {
  const workflow = parse(readFileSync(path.join(__dirname, "../../../.github/workflows/preview.yml"), "utf8")) as {
    jobs: { preview: { steps: { run?: string }[] } };
  };
  return workflow.jobs.preview.steps
    .flatMap(({ run }) => run ?? [])
    .map((run) => run.replaceAll("npx petrichor", "node cli/petrichor.js"));
}

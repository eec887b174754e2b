export type { AppDefinition } from "./app";
export { cron, daemon, defineApp, job, service, stateful, worker } from "./define";
export { fromConfig, fromStore, generated, podField, secret } from "./environment";
export { archive, folder, git, template } from "./image";

import { defineStack, embedded } from "./stack";

/** Two clusters side by side on this machine; they stand in for two clouds. */
export default defineStack({
  environment: "local-multi",
  clusters: {
    east: embedded({ instance: "east", labels: { region: "east" } }),
    west: embedded({ instance: "west", labels: { region: "west" } }),
  },
  domain: "multi.petrichor.localhost",
  apps: ["hello"],
  policy: { enforcement: "audit" },
});

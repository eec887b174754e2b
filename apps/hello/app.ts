import { defineApp, folder, service } from "../../components/app/definition";

/** The smallest app there is: one service, built from the folder beside this file. */
export default defineApp({
  name: "hello",
  owner: "team-hello",
  workloads: {
    web: service({
      source: folder("./src"),
      port: 8080,
      expose: [{ host: "auto" }],
      probes: { readiness: { http: "/healthz" } },
    }),
  },
});

import { defineStack, embedded } from "./stack";

/** Everything on this machine. */
export default defineStack({
  environment: "local",
  clusters: { embedded: embedded() },
  domain: "petrichor.localhost",
  // The first `up` stays quick: the shop has a stack of its own, `shop`.
  apps: { except: ["shop"] },
  policy: { enforcement: "audit" },
});

import { defineStack, embedded } from "./stack";

/** Everything on this machine. */
export default defineStack({
  environment: "local",
  clusters: { embedded: embedded() },
  domain: "petrichor.localhost",
  policy: { enforcement: "audit" },
});

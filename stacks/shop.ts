import { defineStack, embedded } from "./stack";

/** The shop on a cluster of its own on this machine: `petrichor up shop`. */
export default defineStack({
  environment: "shop",
  clusters: { embedded: embedded({ instance: "shop" }) },
  domain: "shop.petrichor.localhost",
  apps: ["shop"],
  policy: { enforcement: "audit" },
});

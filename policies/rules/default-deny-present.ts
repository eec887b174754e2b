import type { StackRule } from "../rule";
import { field, runningWorkloads } from "../workloads";

export const defaultDenyPresent: StackRule = {
  scope: "stack",
  name: "default-deny-present",
  topic: "networking",
  title: "Every namespace with workloads is closed unless a policy opens it",
  why: "Without a policy for all its pods, a namespace is open to every other one, and every pod to the whole internet.",
  remedy: "Add a NetworkPolicy with an empty podSelector and both policyTypes",
  level: "mandatory",
  frameworks: { cis: "5.3.2", nsa: "Network separation and hardening" },
  judge: (objects) => {
    const closed = new Set(
      objects
        .filter((object) => object.kind === "NetworkPolicy" && closes(object.spec))
        .map(({ metadata }) => metadata.namespace),
    );
    const open = runningWorkloads(objects).filter(({ object }) => !closed.has(object.metadata.namespace));
    return open.map(({ object }) => ({
      object,
      message: `nothing closes the namespace ${object.metadata.namespace ?? "default"} by default`,
    }));
  },
};

function closes(spec: unknown): boolean {
  const selector = (field(spec, "podSelector") ?? {}) as object;
  const types = (field(spec, "policyTypes") ?? []) as string[];
  return Object.values(selector).flat().length === 0 && types.includes("Ingress") && types.includes("Egress");
}

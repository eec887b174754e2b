import type { KubeObject } from "../kube/object";
import type { CloudDefinition } from "./check";

/** A rule about which machines a node pool may take. */
interface Requirement {
  readonly key: string;
  readonly operator: "In" | "Gt";
  readonly values: readonly string[];
}

/** What differs between the clouds' editions of Karpenter. */
export interface NodePoolKind {
  readonly nodeClass: { readonly group: string; readonly kind: string; readonly name: string };
  /** Machine families that suit apps, and generations that are not old. */
  readonly machines: readonly Requirement[];
}

/** The pool that apps' nodes come from, with a ceiling on its size: whatever autoscaling does, the bill ends there. */
export function nodePool({ nodes }: CloudDefinition, kind: NodePoolKind): KubeObject {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: "apps" },
    spec: {
      template: {
        spec: {
          nodeClassRef: kind.nodeClass,
          expireAfter: nodes.expireAfter,
          // A pod that never ends must not hold a node without updates for ever.
          terminationGracePeriod: "24h",
          requirements: [
            { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
            { key: "kubernetes.io/arch", operator: "In", values: nodes.architectures },
            { key: "karpenter.sh/capacity-type", operator: "In", values: nodes.capacity },
            ...kind.machines,
          ],
        },
      },
      disruption: {
        consolidationPolicy: "WhenEmptyOrUnderutilized",
        consolidateAfter: "1m",
        budgets: [{ nodes: "10%" }],
      },
      limits: { cpu: String(nodes.maxCpu), memory: nodes.maxMemory },
    },
  };
}

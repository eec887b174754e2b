/** How the objects of a scenario come to be ready: at once, after a few seconds, or never. */
export type Mode = "ready" | "slow" | "failing";

export interface Setting {
  readonly mode: Mode;
  /** Whether a field that can't be changed in place has its second value. */
  readonly replaced: boolean;
  /** What pods are annotated with: another one is another version of them. Default: none. */
  readonly rollout?: string | undefined;
  /** Image of the test's workload program. */
  readonly image: string;
  /** Suffix of names outside a namespace. */
  readonly scenario: string;
}

export const labels = { app: "matrix" };

export function container(image: string, ...args: readonly string[]): object {
  return {
    name: "main",
    image,
    args,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
}

export function podSpec(setting: Setting, failing: readonly string[], extra: object = {}): object {
  const { mode, image } = setting;
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    ...(mode === "slow" && { initContainers: [{ ...container(image, "work", "3s"), name: "slowly" }] }),
    containers: [
      {
        ...container(image, ...(mode === "failing" ? failing : ["serve"])),
        // Without a probe a container that crashes is ready for the moment that it runs.
        ...(mode === "failing" && { readinessProbe: { tcpSocket: { port: 1 } } }),
      },
    ],
    ...extra,
  };
}

export function workload(kind: "Deployment" | "StatefulSet" | "DaemonSet", setting: Setting): Record<string, unknown> {
  const own = { app: `matrix-${kind.toLowerCase()}`, ...(setting.replaced && { second: "yes" }) };
  const { rollout } = setting;
  const metadata = {
    labels: own,
    ...(rollout !== undefined && { annotations: { "petrichor.test/rollout": rollout } }),
  };
  return {
    selector: { matchLabels: own },
    template: { metadata, spec: podSpec(setting, ["crash", "the database is missing"]) },
  };
}

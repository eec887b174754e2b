/** The prefix of every label and annotation of Petrichor's own. */
export const domain = "petrichor.dev";

/** Labels and annotations that other parts of the product read. */
export const keys = {
  /** Label on the namespace of an app: the app's name. Gateways take routes from namespaces that carry it. */
  app: `${domain}/app`,
  /** Label: the team that owns the app. */
  owner: `${domain}/owner`,
  /** Label on platform namespaces: what they do for apps, `gateway` or `telemetry`. Network policies of apps name them by it. */
  role: `${domain}/role`,
  /** Label on every pod of a workload, those of its deploy jobs too: network policies select by it. */
  workload: `${domain}/workload`,
  /** Label on the definitions of an engine's kinds: the engine's id. They stay on the cluster, with what is of their kinds, when the engine goes. */
  engine: `${domain}/engine`,
  /** Label on the definitions of an engine's kinds: the cluster of the stack that installed them, for example `prod-aws-eu`. */
  stack: `${domain}/stack`,
  /** Annotation `"true"`: the object holds data; it stays in the cluster when it leaves the program. */
  keep: `${domain}/keep`,
  /** Annotation `"true"` on a network policy: the ports that it opens to everyone are addresses for everyone. */
  open: `${domain}/open`,
  /** Annotation `"true"`: the engine refuses to delete the object until the author takes `protect` away. */
  protect: `${domain}/protect`,
  /** Annotation on Secrets without data: how each value is had; see `SecretOrigin`. */
  secret: `${domain}/secret`,
  /** Annotation: what the Kubernetes provider waits for beside its own conditions, a JSON list in the words of `kubectl wait --for`. */
  waitFor: "pulumi.com/waitFor",
  /** Annotation `"true"`: the Kubernetes provider doesn't wait for the object. */
  skipAwait: "pulumi.com/skipAwait",
} as const;

/** The labels that select a workload's pods. They never change in the life of a workload: a Deployment's selector can't. */
export function selectorLabels(app: string, workload: string): Record<string, string> {
  return { "app.kubernetes.io/name": workload, "app.kubernetes.io/part-of": app };
}

/** The standard labels of an object of an app. */
export function standardLabels(app: string, workload?: string): Record<string, string> {
  const name = workload === undefined ? { "app.kubernetes.io/part-of": app } : selectorLabels(app, workload);
  return { ...name, "app.kubernetes.io/managed-by": "petrichor" };
}

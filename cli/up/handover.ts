import type { Project } from "../../stacks/project";
import type { Kubectl } from "../kubectl";
import { isScaled, type LiveDeployment, replicatedWorkloads } from "./scaled";

/** Who holds the number of replicas between its author, who no longer gives one, and the autoscaler's first decision. */
const manager = "petrichor-scaling";

/** Scalers of ours, by the kinds that they may be. */
const scalerKinds = ["scaledobjects.keda.sh", "horizontalpodautoscalers.autoscaling"] as const;

type Workload = ReturnType<typeof replicatedWorkloads>[number];

/**
 * Hands the number of replicas over where a workload goes from a fixed number to an autoscaler, or back. Without it the API server would
 * fall back to one replica when the author's number goes, and the autoscaler would go on against the author's number when that comes.
 */
export async function handOverReplicas(project: Pick<Project, "apps" | "platform">, kubectl: Kubectl): Promise<void> {
  const workloads = replicatedWorkloads(project);
  if (workloads.length === 0) return;
  const live = await deployments(kubectl);
  const known = workloads.flatMap((workload) => {
    const deployment = live.get(`${workload.namespace}/${workload.objectName}`);
    return deployment === undefined ? [] : [{ workload, deployment }];
  });
  const scaled = known.filter(({ workload }) => isScaled(workload, project));
  for (const { deployment } of scaled) if (isWritten(deployment)) await hold(deployment, kubectl);
  const fixed = known.filter(({ workload }) => !isScaled(workload, project));
  if (fixed.length === 0) return;
  const scalers = await namesOfScalers(kubectl);
  for (const { workload } of fixed) await takeBack(workload, scalers, kubectl);
}

async function deployments(kubectl: Kubectl): Promise<Map<string, LiveDeployment>> {
  const selector = "app.kubernetes.io/managed-by=petrichor";
  const args = ["get", "deployments", "--all-namespaces", "--selector", selector, "--show-managed-fields"];
  const { items } = await kubectl.json<{ items: LiveDeployment[] }>(...args);
  return new Map(items.map((item) => [`${item.metadata.namespace}/${item.metadata.name}`, item]));
}

/** Whether the author's number still stands in the object: then it goes with the next update. */
function isWritten({ metadata }: LiveDeployment): boolean {
  const owners = (metadata.managedFields ?? []).filter(({ fieldsV1 }) => "f:replicas" in (fieldsV1?.["f:spec"] ?? {}));
  return owners.some(({ operation }) => operation === "Apply") && owners.every((one) => one.manager !== manager);
}

async function hold({ metadata, spec }: LiveDeployment, kubectl: Kubectl): Promise<void> {
  const { name, namespace } = metadata;
  const held = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace } };
  await kubectl.apply({ ...held, spec: { replicas: spec.replicas } }, manager);
}

/** Keys of the scalers that there are: kind, namespace and name. */
async function namesOfScalers(kubectl: Kubectl): Promise<Set<string>> {
  const found = await Promise.all(
    scalerKinds.map(async (kind) => {
      const objects = await kubectl.namesOfKind(kind);
      return objects.map(({ name, namespace = "" }) => `${kind}/${namespace}/${name}`);
    }),
  );
  return new Set(found.flat());
}

/** Takes the scaler of a workload away, which leaves the replicas as they are, and goes to the author's number. */
async function takeBack(
  { namespace, objectName, scale }: Workload,
  scalers: ReadonlySet<string>,
  kubectl: Kubectl,
): Promise<void> {
  const ours = scalerKinds.filter((kind) => scalers.has(`${kind}/${namespace}/${objectName}`));
  if (ours.length === 0) return;
  const at = ["--namespace", namespace];
  for (const kind of ours) await kubectl.text(...at, "delete", kind, objectName, "--ignore-not-found");
  // The engine writes the same number then, and nobody has to give way.
  const replicas = scale.on.length > 0 ? Math.max(scale.min, 1) : scale.min;
  await kubectl.text(...at, "scale", `deployment/${objectName}`, `--replicas=${replicas}`);
}

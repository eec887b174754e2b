import { PetrichorError } from "../../components/errors";
import type { Kubectl } from "../kubectl";

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly status?: {
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly restartCount: number;
  readonly ready: boolean;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly terminated?: { readonly exitCode: number; readonly reason?: string };
}

const pullFailures = new Set(["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"]);

/** Lines from the end of a crashed container's log that are shown. */
const logLines = 20;

export interface DiagnoseOptions {
  /** Only these apps. */
  readonly apps: readonly string[];
  /** Only pods made since then. Default: all. */
  readonly since?: Date;
  /** Restarts from which on a crash counts. Default: 0, the first. */
  readonly restarts?: number;
}

/**
 * What keeps the pods of apps from running, one error a workload: an image that can't be had, or a container that ends again and again, with
 * its last words.
 */
export async function diagnosePods(kubectl: Kubectl, options: DiagnoseOptions): Promise<PetrichorError[]> {
  const { apps, since = new Date(0), restarts = 0 } = options;
  const selector = `app.kubernetes.io/managed-by=petrichor,app.kubernetes.io/part-of in (${apps.join(",")})`;
  const { items } = await kubectl.json<{ items: Pod[] }>("get", "pods", "--all-namespaces", "--selector", selector);
  const found = new Map<string, PetrichorError>();
  for (const [workload, pod] of newestPods(items)) {
    if (new Date(pod.metadata.creationTimestamp) < since) continue;
    const error = await diagnosePod(kubectl, pod, restarts);
    if (error !== undefined) found.set(workload, error);
  }
  return [...found.values()];
}

/** The pod of each workload that was made last: older ones tell of what ran before. */
function newestPods(pods: readonly Pod[]): Map<string, Pod> {
  const byAge = [...pods].sort((left, right) =>
    left.metadata.creationTimestamp.localeCompare(right.metadata.creationTimestamp),
  );
  return new Map(
    byAge.map((pod) => {
      const { app, workload } = namesOf(pod);
      return [`${app}/${workload}`, pod];
    }),
  );
}

async function diagnosePod(kubectl: Kubectl, pod: Pod, restarts: number): Promise<PetrichorError | undefined> {
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const container of containers) {
    const { waiting } = container.state;
    if (waiting !== undefined && pullFailures.has(waiting.reason)) return pullFailure(pod, container);
    const ended = container.state.terminated ?? container.lastState.terminated;
    const crashed = !container.ready && ended !== undefined && ended.exitCode !== 0;
    if (crashed && container.restartCount >= restarts) return crash(kubectl, pod, container, ended);
  }
  return undefined;
}

function pullFailure(pod: Pod, { image, state }: ContainerStatus): PetrichorError {
  return new PetrichorError(
    "IMAGE_PULL_FAILED",
    `the image ${image} can't be pulled: ${state.waiting?.message ?? state.waiting?.reason ?? "no reason is given"}.`,
    "Correct `image`, or see that the registry answers and lets the cluster in.",
    namesOf(pod),
  );
}

async function crash(
  kubectl: Kubectl,
  pod: Pod,
  { name, restartCount }: ContainerStatus,
  { exitCode, reason }: { readonly exitCode: number; readonly reason?: string },
): Promise<PetrichorError> {
  const log = await lastWords(kubectl, pod, name, restartCount);
  const how =
    reason === "OOMKilled"
      ? "was killed because it used more memory than its limit"
      : `ended with exit code ${exitCode}`;
  const times = restartCount === 0 ? "" : `, ${restartCount + 1} times`;
  return new PetrichorError(
    "APP_CRASHED",
    `the container "${name}" ${how}${times}. ${log === "" ? "It printed nothing." : `It last printed:\n${log}\n`}`,
    "Correct the app, then run the command again.",
    namesOf(pod),
  );
}

async function lastWords(kubectl: Kubectl, { metadata }: Pod, container: string, restarts: number): Promise<string> {
  const args = [
    "logs",
    metadata.name,
    "--namespace",
    metadata.namespace,
    "--container",
    container,
    "--tail",
    String(logLines),
  ];
  const current = await kubectl.text(...args).catch(() => "");
  const text =
    current.trim() === "" && restarts > 0 ? await kubectl.text(...args, "--previous").catch(() => "") : current;
  return text.trimEnd().replace(/^/gm, "  ");
}

function namesOf({ metadata }: Pod): { app: string; workload: string } {
  const { labels = {}, name, namespace } = metadata;
  return { app: labels["app.kubernetes.io/part-of"] ?? namespace, workload: labels["app.kubernetes.io/name"] ?? name };
}

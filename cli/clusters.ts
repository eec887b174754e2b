import path from "node:path";
import { embeddedKubeconfig } from "../components/cluster/embedded";
import { PetrichorError } from "../components/errors";
import { machineState } from "../components/machine";
import { stackNames } from "../stacks/project/name";
import { loadStack } from "../stacks/project";
import { unknownStack } from "../stacks/project/files";
import type { Stack, StackCluster } from "../stacks/stack";
import { Kubectl } from "./kubectl";

/** The project's folder: where `Pulumi.yaml`, `apps/` and `stacks/` are. */
export const projectRoot = path.resolve(__dirname, "..");

/** One cluster of an environment. */
export interface Target {
  readonly stack: Stack;
  /** Name of the Pulumi stack of what runs on it, for example `dev.aws-eu`. */
  readonly stackName: string;
  /** Name of the cluster in its stack. */
  readonly name: string;
  readonly cluster: StackCluster;
}

/**
 * The clusters that a command works on: all of an environment (`dev`), or one of them (`dev.aws-eu`).
 * @throws PetrichorError STACK_UNKNOWN
 */
export function targets(name: string): Target[] {
  const [environment = ""] = name.split(".");
  const stack = loadStack(projectRoot, environment);
  const clusters = Object.entries(stack.clusters);
  const all = stackNames(stack, "apps").flatMap((stackName, index) => {
    const [clusterName, cluster] = clusters[index] ?? [];
    return clusterName === undefined || cluster === undefined ? [] : [{ stack, stackName, name: clusterName, cluster }];
  });
  const found = all.filter(({ stackName }) => name === environment || stackName === name);
  if (found.length > 0) return found;
  throw unknownStack(
    name,
    all.map(({ stackName }) => stackName),
  );
}

/**
 * The one cluster that a command works on.
 * @throws PetrichorError STACK_UNKNOWN, also where an environment has several clusters and none is named
 */
export function target(name: string): Target {
  const [only, ...others] = targets(name);
  if (only !== undefined && others.length === 0) return only;
  const known = targets(name).map(({ stackName }) => stackName);
  throw new PetrichorError(
    "STACK_UNKNOWN",
    `the environment "${name}" has several clusters.`,
    `Name one: ${known.join(", ")}.`,
  );
}

/**
 * `kubectl` for a cluster.
 * @throws PetrichorError CLUSTER_UNREACHABLE for this machine's own cluster when it doesn't run
 */
export async function kubectlFor({ stackName, cluster }: Target): Promise<Kubectl> {
  if (cluster.kind === "embedded") await requireRunning(cluster.instance);
  const { toolPath } = await import("../toolchain/locate");
  const program = (await toolPath("kubectl")) ?? "kubectl";
  return new Kubectl(program, access({ stackName, cluster }), stackName);
}

/** What answers at the address of a stopped cluster is somebody else. */
async function requireRunning(instance: string): Promise<void> {
  const { clusterPresence } = await import("../toolchain/cluster/status");
  const presence = await clusterPresence({ name: instance });
  if (presence === "running") return;
  throw new PetrichorError(
    "CLUSTER_UNREACHABLE",
    presence === "absent"
      ? `the embedded cluster "${instance}" has not been made yet.`
      : `the embedded cluster "${instance}" is stopped.`,
    presence === "absent"
      ? "Make it with `petrichor up`."
      : "Start it with `petrichor cluster start` or `petrichor up`.",
  );
}

function access(target: Pick<Target, "stackName" | "cluster">): string[] {
  const file = kubeconfigOf(target);
  const { cluster } = target;
  return [
    ...(file === undefined ? [] : ["--kubeconfig", file]),
    ...(cluster.kind === "existing" ? ["--context", cluster.context] : []),
  ];
}

/** The kubeconfig that leads to a cluster; nothing where it is the person's own. */
export function kubeconfigOf({ stackName, cluster }: Pick<Target, "stackName" | "cluster">): string | undefined {
  if (cluster.kind === "existing") return cluster.kubeconfig;
  return cluster.kind === "embedded" ? embeddedKubeconfig(cluster.instance) : cloudKubeconfig(stackName);
}

/** Where `petrichor up` and `lock` leave the kubeconfig that a cloud cluster's infrastructure exports. It holds no credential. */
export function cloudKubeconfig(stackName: string): string {
  return path.join(machineState(), "kubeconfigs", `${stackName}.yaml`);
}

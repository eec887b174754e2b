import { objectKey, type KubeObject } from "../../components/kube/object";
import type { Kubectl } from "../kubectl";

interface Job {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/**
 * Deletes the Jobs among these objects that failed, so that the engine makes them again. A Job never starts over by itself, and what made it fail
 * may have passed: a database that was away, a mistake that was corrected.
 * @returns whether there were any: then the engine has to look at the cluster before it compares
 */
export async function clearFailedJobs(kubectl: Kubectl, objects: readonly KubeObject[]): Promise<boolean> {
  const failed = await failedJobs(kubectl, objects);
  for (const { metadata } of failed) {
    await kubectl.text("delete", "job", metadata.name, "--namespace", metadata.namespace, "--cascade=foreground");
  }
  return failed.length > 0;
}

/** The Jobs among these objects that have failed for good. */
export async function failedJobs(kubectl: Kubectl, objects: readonly KubeObject[]): Promise<readonly Job[]> {
  const wanted = new Set(objects.filter(({ kind }) => kind === "Job").map(objectKey));
  if (wanted.size === 0) return [];
  const list = ["get", "jobs", "--all-namespaces", "--selector", "app.kubernetes.io/managed-by=petrichor"];
  const { items } = await kubectl.json<{ items: Job[] }>(...list);
  return items.filter(
    ({ metadata, status }) =>
      wanted.has(objectKey({ apiVersion: "batch/v1", kind: "Job", metadata })) &&
      status?.conditions?.some(({ type, status: met }) => type === "Failed" && met === "True"),
  );
}

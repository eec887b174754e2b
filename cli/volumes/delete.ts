import type { Kubectl } from "../kubectl";
import type { Progress } from "../progress";
import { findWorkloads } from "../workloads/find";
import { ownClaims } from "./claims";
import type { Volume } from "./kept";

/** Longest time that storage may take to give a volume back. */
const patience = "120s";

/** Deletes volumes with their data, and namespaces of ours that stayed for them alone. */
export async function deleteVolumes(kubectl: Kubectl, volumes: readonly Volume[], progress: Progress): Promise<void> {
  for (const { namespace, name } of volumes) {
    const step = progress.step(`deleting PersistentVolumeClaim ${namespace}/${name}`);
    await deleteObject(kubectl, ["persistentvolumeclaim", name, "--namespace", namespace]);
    step.done();
  }
  const left = new Set([...(await ownClaims(kubectl)), ...(await findWorkloads(kubectl))].map((one) => one.namespace));
  for (const namespace of new Set(volumes.map((volume) => volume.namespace))) {
    if (left.has(namespace)) continue;
    const step = progress.step(`deleting Namespace ${namespace}`);
    await deleteObject(kubectl, ["namespace", namespace]);
    step.done();
  }
}

/** Deletes an object and waits until it is gone; kubectl waits longer than it lets a single request take. */
async function deleteObject(kubectl: Kubectl, object: readonly string[]): Promise<void> {
  await kubectl.text("delete", ...object, "--ignore-not-found", "--wait=false");
  await kubectl.text("wait", "--for=delete", ...object, "--timeout", patience);
}

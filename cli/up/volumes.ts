import { valueAt } from "../../components/app/model/layers";
import { claimNames } from "../../components/app/objects/workload";
import type { AppModel } from "../../components/app/model/types";
import { claimOf, type RefusedVolume, refusedVolumes } from "../../components/deploy/volumes";
import { PetrichorError, type Place, throwAll } from "../../components/errors";
import { formatPath } from "../../components/input/path";
import type { KubeObject } from "../../components/kube/object";
import type { Project } from "../../stacks/project";
import { located } from "../../stacks/project/located";
import { kubectlFor, projectRoot, type Target } from "../clusters";
import type { Kubectl } from "../kubectl";
import { ownClaims } from "../volumes/claims";

interface StorageClass {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly allowVolumeExpansion?: boolean;
}

/**
 * Asks the cluster whether every volume can become what the project says.
 * @throws PetrichorErrors VOLUME_SHRINK, VOLUME_GROWTH_UNSUPPORTED, VOLUME_CLASS_FIXED, each with file, line and field
 */
export async function requireVolumesFit({ apps, stack }: Project, kubectl: Kubectl): Promise<void> {
  const wanted = apps.flatMap(({ objects }) => objects).filter((object) => claimOf(object) !== undefined);
  if (wanted.length === 0) return;
  const [existing, { items: classes }] = await Promise.all([
    ownClaims(kubectl),
    kubectl.json<{ items: StorageClass[] }>("get", "storageclasses"),
  ]);
  const growing = new Set(
    classes.filter((one) => one.allowVolumeExpansion === true).map(({ metadata }) => metadata.name),
  );
  const grows = (name: string | undefined): boolean => name !== undefined && growing.has(name);
  located(projectRoot, () => {
    throwAll(
      refusedVolumes(wanted, existing, grows).map((refused) => {
        const { workload, ...place } = placeIn(apps, stack.overrides, refused, `stacks/${stack.environment}.ts`);
        const field = place.field ?? "";
        return new PetrichorError(refused.code, `${field} ${refused.message}`, refused.fix, {
          ...place,
          ...(workload === undefined ? {} : { workload }),
        });
      }),
    );
  });
}

/**
 * As `requireVolumesFit`, for a look ahead that doesn't need a cluster: one that doesn't answer is not asked.
 * @throws PetrichorErrors as `requireVolumesFit`
 */
export async function requireVolumesFitIfReached(project: Project, target: Target): Promise<void> {
  try {
    await requireVolumesFit(project, await kubectlFor(target));
  } catch (error) {
    if (!(error instanceof PetrichorError && error.code === "CLUSTER_UNREACHABLE")) throw error;
  }
}

/** Where a person wrote what is refused: in the stack file where it overrides the field, else in the app's own. */
function placeIn(
  apps: readonly { readonly model: AppModel; readonly objects: readonly KubeObject[] }[],
  overrides: object,
  { claim, code }: RefusedVolume,
  stackFile: string,
): Place {
  const model = apps.find((app) => app.model.namespace === claim.namespace)?.model;
  for (const workload of model?.workloads ?? []) {
    const volume = workload.volumes.find(
      (one) => one.type === "persistent" && claimNames(workload, one).includes(claim.name),
    );
    if (model === undefined || volume === undefined) continue;
    const path = ["volumes", volume.name, code === "VOLUME_CLASS_FIXED" ? "class" : "size"];
    const overridden = valueAt(overrides, [model.name, workload.name, ...path]) !== undefined;
    return {
      file: overridden ? stackFile : model.file,
      app: model.name,
      workload: workload.name,
      field: formatPath(path),
    };
  }
  return { app: claim.namespace, field: claim.name };
}

import type { KubeObject } from "../kube/object";

/** StorageClass of volumes that one node mounts at a time; made by us on every cloud cluster, so that apps move between clouds. */
export const blockStorageClass = "block";

/** StorageClass of volumes that several nodes mount at once. */
export const sharedStorageClass = "shared";

interface StorageClassArgs {
  readonly name: string;
  /** Whether claims that name no class get this one. */
  readonly isDefault: boolean;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A class whose volumes grow in place and are made where their first pod runs. */
export function storageClass({ name, isDefault, provisioner, parameters }: StorageClassArgs): KubeObject {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name,
      ...(isDefault ? { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } : {}),
    },
    provisioner,
    parameters,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
}

/** The class that backups take snapshots with; a snapshot stays when the object that asked for it goes. */
export function volumeSnapshotClass(driver: string): KubeObject {
  return {
    apiVersion: "snapshot.storage.k8s.io/v1",
    kind: "VolumeSnapshotClass",
    metadata: { name: blockStorageClass, labels: { "velero.io/csi-volumesnapshot-class": "true" } },
    driver,
    deletionPolicy: "Retain",
  };
}

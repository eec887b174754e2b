import { everyItem } from "../expressions";
import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

/** Every kind of volume that the restricted level forbids, but for `hostPath`, which has a rule of its own. */
export const drivers = [
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "gitRepo",
  "nfs",
  "iscsi",
  "glusterfs",
  "rbd",
  "flexVolume",
  "cinder",
  "cephfs",
  "flocker",
  "fc",
  "azureFile",
  "vsphereVolume",
  "quobyte",
  "azureDisk",
  "portworxVolume",
  "photonPersistentDisk",
  "scaleIO",
  "storageos",
];

export const noLegacyVolumes: ObjectRule = {
  scope: "object",
  name: "no-legacy-volumes",
  topic: "pods",
  title: "Volumes are of kinds that don't reach around the cluster",
  why: "Drivers built into Kubernetes carry credentials in the pod's specification and mount what no storage class has checked.",
  remedy: "Use a PersistentVolumeClaim of a storage class with a CSI driver",
  level: "mandatory",
  frameworks: { podSecurity: "restricted" },
  ...everyItem({
    match: podKinds,
    list: "variables.podSpec.?volumes.orValue([])",
    condition: drivers.map((driver) => `!item.?${driver}.hasValue()`).join(" && "),
    says: "'volume ' + item.name + ' uses a driver that is built in'",
  }),
};

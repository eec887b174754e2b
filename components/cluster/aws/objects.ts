import type { KubeObject } from "../../kube/object";
import type { ClusterFacts } from "../facts";
import { nodePool } from "../node-pool";
import { blockStorageClass, sharedStorageClass, storageClass, volumeSnapshotClass } from "../storage-classes";
import { type AwsPlace, volumeKeyArn } from "./facts";

/** What an EKS cluster in Auto Mode needs inside before the platform: nodes for apps, volumes, network policies that count. */
export function awsObjects(place: AwsPlace, facts: ClusterFacts): KubeObject[] {
  return [
    networkPolicies,
    nodePool(place.definition, {
      // EKS makes this node class together with its pool for add-ons.
      nodeClass: { group: "eks.amazonaws.com", kind: "NodeClass", name: "default" },
      machines: [
        { key: "eks.amazonaws.com/instance-category", operator: "In", values: ["c", "m", "r"] },
        { key: "eks.amazonaws.com/instance-generation", operator: "Gt", values: ["4"] },
      ],
    }),
    storageClass({
      name: blockStorageClass,
      isDefault: true,
      provisioner: blockDriver,
      parameters: { type: "gp3", encrypted: "true", kmsKeyId: volumeKeyArn(place) },
    }),
    volumeSnapshotClass(blockDriver),
    ...sharedStorage(facts),
  ];
}

/** The class can be made once the file system's id is locked. */
function sharedStorage({ sharedFileSystem }: ClusterFacts): KubeObject[] {
  if (sharedFileSystem === undefined) return [];
  return [
    storageClass({
      name: sharedStorageClass,
      isDefault: false,
      provisioner: "efs.csi.aws.com",
      parameters: { provisioningMode: "efs-ap", fileSystemId: sharedFileSystem, directoryPerms: "700" },
    }),
  ];
}

/** Without this map EKS takes NetworkPolicy objects and enforces none. */
const networkPolicies: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
  data: { "enable-network-policy-controller": "true" },
};

/** The driver that Auto Mode runs; it is not the one of the EBS add-on. */
const blockDriver = "ebs.csi.eks.amazonaws.com";

import type { KubeObject } from "../../kube/object";
import { nodePool } from "../node-pool";
import { blockStorageClass, sharedStorageClass, storageClass, volumeSnapshotClass } from "../storage-classes";
import type { AzurePlace } from "./facts";

/** What an AKS cluster needs inside before the platform: nodes for apps, volumes. */
export function azureObjects({ definition }: AzurePlace): KubeObject[] {
  return [
    nodeClass,
    nodePool(definition, {
      nodeClass: { group: "karpenter.azure.com", kind: "AKSNodeClass", name: nodeClass.metadata.name },
      machines: [
        { key: "karpenter.azure.com/sku-family", operator: "In", values: ["D", "E", "F"] },
        { key: "karpenter.azure.com/sku-version", operator: "Gt", values: ["4"] },
      ],
    }),
    storageClass({
      name: blockStorageClass,
      isDefault: true,
      provisioner: blockDriver,
      // Copies in three zones: a pod may move to another zone and find its volume there.
      parameters: { skuName: "StandardSSD_ZRS" },
    }),
    volumeSnapshotClass(blockDriver),
    storageClass({
      name: sharedStorageClass,
      isDefault: false,
      provisioner: "file.csi.azure.com",
      parameters: { skuName: "Standard_ZRS", protocol: "smb" },
    }),
  ];
}

const nodeClass: KubeObject = {
  apiVersion: "karpenter.azure.com/v1beta1",
  kind: "AKSNodeClass",
  metadata: { name: "apps" },
  spec: { imageFamily: "AzureLinux" },
};

const blockDriver = "disk.csi.azure.com";

import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { azureFacts } from "../../components/cluster/azure/facts";
import { ClusterFoundation } from "../../components/cluster/foundation";
import { azureExample } from "../support/clouds";
import { record } from "../support/record";

test("everything of the foundation hangs from it and asks the cluster's provider", async () => {
  const { resources } = await record(() => {
    const provider = new Provider("azure-eu", { kubeconfig: "{}" });
    const facts = azureFacts({ environment: "prod", cluster: "azure-eu", definition: azureExample });
    const cluster = { name: "azure-eu", facts, kubeconfig: pulumi.output("{}"), provider };
    return new ClusterFoundation("azure-eu", { environment: "prod", cluster, definition: azureExample });
  });
  const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  expect(objects.map(({ type }) => type).sort()).toEqual([
    "kubernetes:karpenter.azure.com/v1beta1:AKSNodeClass",
    "kubernetes:karpenter.sh/v1:NodePool",
    "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass",
    "kubernetes:storage.k8s.io/v1:StorageClass",
    "kubernetes:storage.k8s.io/v1:StorageClass",
  ]);
  for (const { parent, provider } of objects) {
    expect(parent).toBe("petrichor:cluster:ClusterFoundation azure-eu");
    expect(provider).toBe("azure-eu");
  }
});

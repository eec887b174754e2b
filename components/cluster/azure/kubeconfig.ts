import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { kubeconfig } from "../kubeconfig";

interface AzureKubeconfigArgs {
  readonly tenant: string;
  readonly clusterName: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly cluster: containerservice.ManagedCluster;
}

/** A kubeconfig that asks `kubelogin` for a token each time, with whoever is signed in to the `az` command: a person, or a pipeline. */
export function azureKubeconfig(args: AzureKubeconfigArgs, opts: pulumi.InvokeOptions): pulumi.Output<string> {
  const { tenant, clusterName, resourceGroupName, cluster } = args;
  const credentials = containerservice.listManagedClusterUserCredentialsOutput(
    { resourceGroupName, resourceName: cluster.name, format: "exec" },
    opts,
  );
  return credentials.kubeconfigs.apply(([file]) =>
    kubeconfig({
      name: clusterName,
      ...serverOf(file?.value ?? ""),
      command: "kubelogin",
      args: ["get-token", "--login", "azurecli", "--server-id", aksServerId, "--tenant-id", tenant],
      installHint: "Install kubelogin and the Azure command line interface.",
    }),
  );
}

/** Reads address and certificate authority of the API server out of the kubeconfig (in base64) that Azure writes. */
export function serverOf(file: string): { server: string; certificateAuthority: string } {
  const { clusters } = parse(Buffer.from(file, "base64").toString()) as {
    clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
  };
  const [{ cluster }] = clusters;
  return { server: cluster.server, certificateAuthority: cluster["certificate-authority-data"] };
}

/** The application id of the AKS API server in Entra: the same for every cluster and tenant. */
const aksServerId = "6dae42f8-4368-4678-94ff-3960e28e3630";

import type { ClusterFacts } from "../../../cluster/facts";
import { platformIdentities } from "../../../cluster/identities";
import type { KubeObject } from "../../../kube/object";
import type { Objects } from "../../../kube/objects";
import { changeContainer } from "../../deployment";
import type { Engine, EngineContext } from "../../engine";
import { engineNamespace, platformLabels } from "../../namespace";
import type { UpstreamSource } from "../../upstream";
import { requireIdentity, withIdentity } from "../../workload-identity";
import { envoyGateway } from "../envoy-gateway/engine";
import { gatewayNamespace } from "../envoy-gateway/names";

const version = "v0.22.0";
const { namespace, serviceAccount } = platformIdentities.dns;

const chart: UpstreamSource = {
  module: "sigs.k8s.io/external-dns",
  version,
  form: {
    type: "chart",
    path: "charts/external-dns",
    release: "external-dns",
    namespace,
    // The chart of a version is finished only after it, and names the one before.
    chartVersion: version.replace(/^v/, ""),
    values: {
      serviceAccount: { name: serviceAccount },
      // Hosts of routes alone, with no more rights than that takes; what has no host has no record.
      sources: ["gateway-httproute", "gateway-grpcroute", "gateway-tlsroute"],
      gatewayNamespace,
      enableGatewayListenerSets: true,
      // Records that another made are never touched: each of ours has a TXT record beside it that names the owner.
      policy: "sync",
      registry: "txt",
      logFormat: "json",
    },
  },
};

/** Records for the hosts of routes, in the zones that the facts of a cluster name. */
export const externalDns: Engine = {
  id: "external-dns",
  version,
  purpose: "writes the DNS records of hosts",
  needs: [envoyGateway],
  upstream: [chart],
  images: { "external-dns": { published: `registry.k8s.io/external-dns/external-dns:${version}` } },
  isWanted: ({ dnsZones = [] }) => dnsZones.length > 0,
  capabilities: {},
  objects: (context) => [
    engineNamespace("external-dns", namespace),
    ...withIdentity("dns", context.upstream(chart), context.facts).map((object) => changed(object, context)),
    ...azureFile(context.facts),
  ],
};

function changed(object: KubeObject, { facts, settings, image }: EngineContext): KubeObject {
  if (object.kind !== "Deployment") return object;
  const { dnsZones = [] } = facts;
  const deployment = changeContainer(object, {
    image: image("external-dns"),
    moreArgs: [`--txt-owner-id=${settings.owner}`, ...dnsZones.map((zone) => `--domain-filter=${zone}`)],
    resources: { cpu: "10m", memory: "48Mi", memoryLimit: "128Mi" },
  });
  return requireIdentity("dns", facts).azure === undefined ? deployment : forAzure(deployment);
}

const azureConfiguration = "azure";
const azureFolder = "/etc/kubernetes";

/** The chart is rendered for AWS; in Azure the provider reads where its zones stand from a file. */
function forAzure(object: KubeObject): KubeObject {
  const deployment = object as unknown as Objects["Deployment"];
  const pod = deployment.spec?.template.spec;
  const container = pod?.containers[0];
  if (pod === undefined || container === undefined) throw new TypeError("ExternalDNS has no container");
  container.args = container.args?.map((arg) => (arg === "--provider=aws" ? "--provider=azure" : arg)) ?? [];
  container.volumeMounts = [{ name: azureConfiguration, mountPath: azureFolder, readOnly: true }];
  pod.volumes = [{ name: azureConfiguration, configMap: { name: azureConfiguration } }];
  return object;
}

function azureFile(facts: ClusterFacts): KubeObject[] {
  const { azure } = requireIdentity("dns", facts);
  if (azure === undefined) return [];
  const { tenant, subscription, resourceGroup } = azure;
  const content = {
    tenantId: tenant,
    subscriptionId: subscription,
    resourceGroup,
    useWorkloadIdentityExtension: true,
  };
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: azureConfiguration, namespace, labels: platformLabels("external-dns") },
      data: { "azure.json": JSON.stringify(content) },
    },
  ];
}

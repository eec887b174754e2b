import path from "node:path";
import { stringify } from "yaml";
import type { AppModel } from "../../components/app/model/types";
import { awsFacts } from "../../components/cluster/aws/facts";
import { azureFacts } from "../../components/cluster/azure/facts";
import type { ClusterFacts } from "../../components/cluster/facts";
import { knownFacts } from "../../components/cluster/known-facts";
import type { KubeObject } from "../../components/kube/object";
import type { Engine, EngineContext } from "../../components/platform/engine";
import { envoyGateway } from "../../components/platform/engines/envoy-gateway/engine";
import { bundleFolder, enginesNamed } from "../../components/platform/installed";
import { capabilitiesOf } from "../../components/platform/objects";
import { upstreamFrom } from "../../components/platform/upstream";
import { loadStack } from "../../stacks/project";
import { isCloud, stackSchema } from "../../stacks/stack";
import { ensureManifests } from "../../toolchain/manifests";
import { image, resolve } from "../support/apps";
import { expectGolden } from "../support/golden";

// Certificates, records and addresses on the clusters of the project's environments: what the engines that do it there come to. That an
// authority gives the certificates, and a cloud writes the records, no test here proves.

const root = path.resolve(__dirname, "../..");

/** The facts of a cluster as its stack file has it, and what its first lock adds. */
function factsOf(environment: string, cluster: string, more: Partial<ClusterFacts> = {}): ClusterFacts {
  const definition = loadStack(root, environment).clusters[cluster];
  switch (definition?.kind) {
    case "aws":
      return { ...awsFacts({ environment, cluster, definition }), ...more };
    case "azure":
      return {
        ...azureFacts({ environment, cluster, definition: { ...definition, domains: [...(more.dnsZones ?? [])] } }),
        ...more,
      };
    case "existing":
      return knownFacts({
        environment,
        cluster,
        definition: { ...definition, facts: { ...definition.facts, ...more } },
      });
    default:
      throw new Error(`${environment} has no cluster ${cluster} with facts`);
  }
}

const clusters: readonly [stack: string, domain: string, directory: string, facts: ClusterFacts][] = [
  ["dev.aws-eu", "dev.example.com", "staging", factsOf("dev", "aws-eu")],
  ["staging.azure-eu", "staging.example.com", "staging", factsOf("staging", "azure-eu")],
  ["prod.aws-eu", "example.com", "production", factsOf("prod", "aws-eu")],
  [
    "prod.azure-eu",
    "azure.example.com",
    "production",
    factsOf("prod", "azure-eu", {
      dnsZones: ["azure.example.com"],
      identities: { dns: "client-id-of-dns", certificates: "client-id-of-certificates" },
    }),
  ],
  [
    "prod.datacenter",
    "example.com",
    "https://acme.example.com/directory",
    factsOf("prod", "datacenter", {
      loadBalancer: "none",
      loadBalancerAddresses: ["192.168.10.240-192.168.10.250", "192.168.11.0/28"],
    }),
  ],
];

const engines = enginesNamed(["envoy-gateway", "cert-manager", "external-dns", "metallb"]);
const added = engines.filter(({ id }) => ["cert-manager", "external-dns", "metallb"].includes(id));

beforeAll(
  () =>
    ensureManifests(
      added.flatMap(({ upstream }) => upstream),
      { report: () => undefined },
    ),
  20 * 60_000,
);

/** An app whose hosts are covered by the domain's certificate, deeper, shared by two workloads, and in another domain. */
const exposed = {
  name: "shop",
  workloads: {
    api: { kind: "service", image, port: 9000, expose: [{ host: "shop.example.org", path: "/api" }] },
    web: { kind: "service", image, port: 8080, expose: [{ host: "auto" }, { host: "shop.example.org" }] },
  },
};

function appIn(domain: string): AppModel {
  const stack = { environment: "dev", domain, domains: ["example.org"], capabilities: capabilitiesOf(engines) };
  const [app] = resolve([exposed], undefined, stack);
  if (app === undefined) throw new Error("nothing was resolved");
  return app;
}

test.each(clusters)("certificates, records and addresses in %s", (stack, domain, directory, facts) => {
  const wanted = added.filter(({ isWanted }) => isWanted?.(facts) ?? true);
  const app = appIn(domain);
  const parts = wanted.map((engine) => {
    const context = contextOf(engine, stack, { domain, directory, facts });
    const objects = [...engine.objects(context), ...(engine.resources?.(context) ?? [])].filter(isOfInterest);
    return [...objects, ...app.workloads.flatMap((one) => engine.forWorkload?.(app, one, context) ?? [])];
  });
  expectGolden(path.join(__dirname, "engines", `${stack}.yaml`), written(parts.flat()));
});

test.each(clusters)("the gateway and its routes in %s", (stack, domain, directory, facts) => {
  const [gateway] = enginesNamed(["envoy-gateway"]).filter(({ id }) => id === "envoy-gateway");
  if (gateway === undefined) throw new Error("there is no gateway");
  const app = appIn(domain);
  const context = contextOf(gateway, stack, { domain, directory, facts });
  const objects = [
    ...(gateway.resources?.(context) ?? []),
    ...app.workloads.flatMap((one) => gateway.forWorkload?.(app, one, context) ?? []),
  ];
  expectGolden(path.join(__dirname, "engines", `${stack}.gateway.yaml`), written(objects));
});

const scheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";
const internal = "service.beta.kubernetes.io/azure-load-balancer-internal";

test.each<[cluster: string, asked: string | undefined, annotations: Record<string, string>]>([
  ["aws-eu", undefined, { [scheme]: "internet-facing" }],
  ["aws-eu", "internal", { [scheme]: "internal" }],
  ["azure-eu", undefined, {}],
  ["azure-eu", "internal", { [internal]: "true" }],
])("the load balancer in %s, %s in the stack file", (name, asked, annotations) => {
  const { clusters: written, ...stack } = loadStack(root, "staging");
  const loadBalancer = asked === undefined ? {} : { loadBalancer: asked };
  const { clusters: read } = stackSchema.parse({ ...stack, clusters: { [name]: { ...written[name], ...loadBalancer } } });
  const definition = read[name];
  if (definition === undefined || !isCloud(definition)) throw new Error(`${name} is no cloud's`);
  const place = { environment: "staging", cluster: name };
  const facts =
    definition.kind === "aws" ? awsFacts({ ...place, definition }) : azureFacts({ ...place, definition });
  const context = contextOf(envoyGateway, `staging.${name}`, { domain: stack.domain, directory: "staging", facts });
  const proxy = envoyGateway.resources?.(context).find(({ kind }) => kind === "EnvoyProxy");
  const { envoyService } = (proxy?.["spec"] as { provider: { kubernetes: { envoyService: { annotations?: object } } } })
    .provider.kubernetes;
  const balancing = Object.entries(envoyService.annotations ?? {}).filter(([key]) => key === scheme || key === internal);
  expect(Object.fromEntries(balancing)).toEqual(annotations);
});

interface On {
  readonly domain: string;
  readonly directory: string;
  readonly facts: ClusterFacts;
}

function contextOf(engine: Engine, stack: string, { domain, directory, facts }: On): EngineContext {
  return {
    facts,
    settings: {
      domain,
      owner: stack.replace(".", "-"),
      certificates: { email: "platform@example.com", directory },
    },
    capabilities: capabilitiesOf(engines),
    image: (name) => engine.images[name]?.published ?? "",
    upstream: upstreamFrom(bundleFolder()),
  };
}

/** Definitions and rights come from upstream as they are; what reads them are the policies. */
function isOfInterest({ kind }: KubeObject): boolean {
  return !/^(CustomResourceDefinition|ClusterRole|Role|ClusterRoleBinding|RoleBinding|ValidatingWebhook.*|MutatingWebhook.*)$/.test(
    kind,
  );
}

function written(objects: readonly KubeObject[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");
}

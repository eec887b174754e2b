import { awsFacts } from "../../components/cluster/aws/facts";
import { detectFacts } from "../../components/cluster/existing";
import type { ClusterFacts } from "../../components/cluster/facts";
import { factsSchema } from "../../components/cluster/facts-schema";
import { installedEngines } from "../../components/cluster/installed";
import type { Observations, ObservedNode } from "../../components/cluster/observations";
import { contradictions, knownFacts } from "../../components/cluster/known-facts";
import { PetrichorError } from "../../components/errors";
import { awsExample, azureExample } from "../support/clouds";

const node = (
  name: string,
  labels: Record<string, string> = {},
  architecture = "amd64",
  providerID?: string,
): ObservedNode => ({
  metadata: { name, labels },
  ...(providerID === undefined ? {} : { spec: { providerID } }),
  status: { nodeInfo: { architecture } },
});

const bare: Observations = {
  version: { major: "1", minor: "35+" },
  nodes: [node("one")],
  storageClasses: [],
  services: [],
  customResourceDefinitions: [],
  mutatingWebhooks: [],
  deployments: [],
  daemonSets: [],
};
const definitions = (...names: string[]): Pick<Observations, "customResourceDefinitions"> => ({
  customResourceDefinitions: names.map((name) => ({ metadata: { name } })),
});
const workload = (name: string, image: string) => ({
  metadata: { name, labels: { "app.kubernetes.io/name": name } },
  spec: { template: { spec: { containers: [{ image }] } } },
});

describe("detectFacts", () => {
  test("a bare cluster: what can't be seen is left out", () => {
    expect(detectFacts(bare)).toEqual({
      version: "1.35",
      loadBalancer: "none",
      zones: ["none"],
      identity: "none",
      architectures: ["amd64"],
      nodes: "fixed",
    });
  });

  test.each<[title: string, seen: Partial<Observations>, facts: Partial<ClusterFacts>]>([
    [
      "zones and architectures of the nodes",
      {
        nodes: [
          node("b", { "topology.kubernetes.io/zone": "z2" }, "arm64"),
          node("a", { "topology.kubernetes.io/zone": "z1" }),
        ],
      },
      { zones: ["z1", "z2"], architectures: ["amd64", "arm64"] },
    ],
    [
      "the newest of two default classes",
      {
        storageClasses: [
          {
            metadata: {
              name: "old",
              creationTimestamp: "2025-01-01T00:00:00Z",
              annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
            },
            provisioner: "x",
          },
          {
            metadata: {
              name: "new",
              creationTimestamp: "2026-01-01T00:00:00Z",
              annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
            },
            provisioner: "x",
            allowVolumeExpansion: true,
          },
          { metadata: { name: "other" }, provisioner: "x" },
        ],
      },
      { storageClass: "new", volumeExpansion: true },
    ],
    [
      "the only class",
      { storageClasses: [{ metadata: { name: "local-path" }, provisioner: "x" }] },
      { storageClass: "local-path", volumeExpansion: false },
    ],
    [
      "a Service that has an address",
      {
        services: [
          {
            metadata: { name: "s" },
            spec: { type: "LoadBalancer" },
            status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
          },
        ],
      },
      { loadBalancer: "cloud" },
    ],
    [
      "a Service that waits for one",
      { services: [{ metadata: { name: "s" }, spec: { type: "LoadBalancer" }, status: { loadBalancer: {} } }] },
      { loadBalancer: "none" },
    ],
    ["MetalLB", definitions("ipaddresspools.metallb.io"), { loadBalancer: "cloud" }],
    ["nodes of a cloud", { nodes: [node("a", {}, "amd64", "aws:///eu-central-1a/i-1")] }, { loadBalancer: "cloud" }],
    [
      "nodes of kind",
      { nodes: [node("a", {}, "amd64", "kind://docker/kind/control-plane")] },
      { loadBalancer: "none" },
    ],
    [
      "EKS Auto Mode",
      {
        ...definitions("nodeclasses.eks.amazonaws.com", "nodepools.karpenter.sh"),
        nodes: [node("a", { "eks.amazonaws.com/compute-type": "auto" })],
      },
      { nodes: "eks-auto-mode", identity: "aws-pod-identity" },
    ],
    [
      "AKS with node auto-provisioning",
      {
        ...definitions("aksnodeclasses.karpenter.azure.com", "nodepools.karpenter.sh"),
        mutatingWebhooks: [{ metadata: { name: "azure-wi-webhook-mutating-webhook-configuration" } }],
      },
      { nodes: "aks-auto-provisioning", identity: "azure-workload-identity" },
    ],
    ["Karpenter of one's own", definitions("nodepools.karpenter.sh"), { nodes: "karpenter" }],
  ])("%s", (_title, seen, facts) => {
    expect(detectFacts({ ...bare, ...seen })).toMatchObject(facts);
  });

  test("without a default and with several classes it doesn't guess", () => {
    const storageClasses = ["a", "b"].map((name) => ({ metadata: { name }, provisioner: "x" }));
    expect(detectFacts({ ...bare, storageClasses })).not.toHaveProperty("storageClass");
  });

  test("detected facts with a registry are facts", () => {
    const storageClasses = [{ metadata: { name: "local-path" }, provisioner: "x" }];
    const facts = { ...detectFacts({ ...bare, storageClasses }), registry: "registry.example.com/apps" };
    expect(factsSchema.safeParse(facts).success).toBe(true);
  });
});

test.each<[title: string, seen: Partial<Observations>, installed: Record<string, string>]>([
  [
    "a version on the definition",
    {
      customResourceDefinitions: [
        { metadata: { name: "certificates.cert-manager.io", labels: { "app.kubernetes.io/version": "v1.21.2" } } },
      ],
    },
    { "cert-manager": "1.21.2" },
  ],
  [
    "a version in an annotation",
    {
      customResourceDefinitions: [
        {
          metadata: {
            name: "gateways.gateway.networking.k8s.io",
            annotations: { "gateway.networking.k8s.io/bundle-version": "v1.6.1" },
          },
        },
      ],
    },
    { "gateway-api": "1.6.1" },
  ],
  [
    "a version in the image",
    { ...definitions("backups.velero.io"), deployments: [workload("velero", "velero/velero:v1.18.3@sha256:00")] },
    { velero: "1.18.3" },
  ],
  [
    "an engine without definitions",
    { deployments: [workload("metrics-server", "registry.k8s.io/metrics-server/metrics-server:v0.9.0")] },
    { "metrics-server": "0.9.0" },
  ],
  [
    "an engine that hides its version",
    {
      ...definitions("backups.velero.io"),
      deployments: [workload("velero", "mirror.example.com:5000/velero@sha256:00")],
    },
    { velero: "unknown" },
  ],
  ["a workload of that name without the definition", { deployments: [workload("velero", "x:v1.0.0")] }, {}],
])("installedEngines: %s", (_title, seen, installed) => {
  expect(installedEngines({ ...bare, ...seen })).toEqual(installed);
});

describe("knownFacts", () => {
  const place = { environment: "prod", cluster: "aws-eu", definition: awsExample };
  const refusal = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof PetrichorError) return String(error);
      throw error;
    }
    throw new Error("nothing was refused");
  };

  test("a cloud cluster's facts are known before it exists", () => {
    expect(knownFacts(place)).toEqual(awsFacts(place));
  });

  test("locked facts complete declared ones", () => {
    expect(knownFacts({ ...place, locked: { ...awsFacts(place), sharedFileSystem: "fs-1" } }).sharedFileSystem).toBe(
      "fs-1",
    );
  });

  test("a locked fact that the stack file contradicts is refused", () => {
    const locked = { ...awsFacts(place), version: "1.35" };
    expect(refusal(() => knownFacts({ ...place, locked }))).toBe(
      'stack "prod": version of cluster "aws-eu" is "1.36" in the stack file and "1.35" in the release file. Bring the infrastructure up to date (`petrichor up prod`), then run `petrichor lock prod`. [CLUSTER_FACTS_CONTRADICT]',
    );
  });

  test("a fact of an existing cluster that nobody knows is refused", () => {
    const definition = { kind: "existing" as const, facts: { registry: "registry.example.com" } };
    expect(refusal(() => knownFacts({ environment: "prod", cluster: "own", definition }))).toContain(
      'nothing says loadBalancer, storageClass, volumeExpansion, zones, identity, architectures, nodes of cluster "own". Run `petrichor lock prod`',
    );
  });

  test("what its owner declares beats what was read", () => {
    const locked = {
      ...detectFacts({ ...bare, storageClasses: [{ metadata: { name: "slow" }, provisioner: "x" }] }),
      registry: "r",
    };
    const definition = { kind: "existing" as const, facts: { storageClass: "fast" } };
    expect(knownFacts({ environment: "prod", cluster: "own", definition, locked }).storageClass).toBe("fast");
  });
});

test.each<[facts: Partial<ClusterFacts>, what: string]>([
  [{ identity: "azure-workload-identity" }, "nodes come from EKS but pods prove who they are to Azure"],
  [{ nodes: "aks-auto-provisioning" }, "nodes come from AKS but pods prove who they are to AWS"],
  [{ loadBalancer: "none" }, "there is no load balancer but it has annotations"],
  [
    { sharedFileSystem: "fs-1", sharedStorageClass: undefined as never },
    "there is a shared file system but no class for its volumes",
  ],
  [{ zones: ["a", "a"] }, "a zone is named twice"],
  [{ sharedStorageClass: "block" }, "one class is both for one node and for several at once"],
])("%j is a contradiction", (facts, what) => {
  const sound = awsFacts({ environment: "prod", cluster: "aws-eu", definition: awsExample });
  expect(contradictions(sound)).toEqual([]);
  expect(contradictions({ ...sound, ...facts })).toEqual([what]);
});

test("the facts of both clouds keep the schema", () => {
  const sources = { environment: "prod", cluster: "c" };
  for (const definition of [awsExample, azureExample])
    expect(() => knownFacts({ ...sources, definition })).not.toThrow();
});

import type { Outcome, StateResource } from "../engine";
import type { Module, Source } from "./source";

/** What one version of a program came to. */
export interface Version {
  readonly outcome: Outcome;
  readonly resources: readonly StateResource[];
  /** The same by name, where each has a name of its own. */
  readonly state: ReadonlyMap<string, StateResource>;
  /** The whole checkpoint, as text. */
  readonly checkpoint: string;
}

export interface Program {
  readonly source: Source;
  /** Folder of a project there, or a program in one file, or the declaration of a class with a program to show it. */
  readonly path: string;
  /** Folders of its versions, below `path`, in order. Default: the path itself. */
  readonly versions?: readonly string[];
  /** Heading above the program where a class has several. Default: the first program. */
  readonly example?: string;
  /** Files of modules that such a program finds in its folder `yaml`. */
  readonly manifests?: readonly (readonly [module: Module, path: string])[];
  readonly config?: Readonly<Record<string, string>>;
  /** How many objects of each kind the last version has. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly expectation: string;
  /** Where that comes from: the test or the words that come with the program. */
  readonly expectedBy: string;
  readonly check: (...versions: readonly Version[]) => void;
}

const message = "secret message for testing";

/** Those that make each kind at least once. */
export const programs: readonly Program[] = [
  {
    source: "plugin",
    path: "tests/examples/guestbook",
    kinds: { Namespace: 1, Deployment: 3, Service: 3 },
    expectation: "deploys three tiers, each of them ready, each Service with an address",
    expectedBy: "tests/examples/examples_test.go: TestAccGuestbook",
    check: ({ resources }) => {
      const ready = (type: string): unknown[] =>
        resources.filter((each) => each.type.endsWith(type)).map((each) => each.outputs?.["status"]);
      expect(ready(":Deployment")).toEqual(
        expect.arrayContaining([1, 1, 3].map((readyReplicas) => expect.objectContaining({ readyReplicas }) as unknown)),
      );
      for (const each of resources) {
        if (!each.type.endsWith(":Service")) continue;
        expect(each.outputs).toMatchObject({ spec: { clusterIP: expect.stringMatching(/^\d/) as string } });
      }
    },
  },
  {
    source: "plugin",
    path: "tests/integration/secrets/step1",
    config: { message },
    kinds: { ConfigMap: 2, Secret: 2 },
    expectation: "keeps the message out of the state, as it is and encoded",
    expectedBy: "tests/integration/secrets/secrets_test.go: TestSecrets",
    check: ({ checkpoint }) => {
      expect(checkpoint).not.toContain(message);
      expect(checkpoint).not.toContain(Buffer.from(message).toString("base64"));
    },
  },
  {
    source: "engine",
    path: "codegen/internal/test/testdata/kubernetes-operator.pp.ts",
    kinds: { Deployment: 1, Role: 1, RoleBinding: 1, ServiceAccount: 1 },
    expectation: "makes a Deployment with the account, role and binding that it runs by",
    expectedBy: "codegen/internal/test/testdata/kubernetes-operator.pp",
    check: ({ state }) => {
      const { status } = state.get("pulumi_kubernetes_operatorDeployment")?.outputs ?? {};
      expect(status).toMatchObject({ readyReplicas: 1 });
    },
  },
  {
    source: "sdk",
    path: "batch/v1/job.d.ts",
    kinds: { Job: 1 },
    expectation: "names a Job and waits until it has completed",
    expectedBy: "batch/v1/job.d.ts: what the class waits for",
    check: ({ state }) => {
      expect(metadataOf(state.get("job")).name).toMatch(/^job-/);
      expect(state.get("job")?.outputs?.["status"]).toMatchObject({ succeeded: 1 });
    },
  },
  {
    source: "sdk",
    path: "yaml/yaml.d.ts",
    example: "Local File Pattern",
    manifests: [
      ["plugin", "tests/examples/yaml-guestbook/yaml/guestbook.yaml"],
      ["gateway", "examples/standard/basic-http.yaml"],
      ...["gatewayclasses", "gateways", "httproutes"].map(
        (plural) => ["gateway", `config/crd/standard/gateway.networking.k8s.io_${plural}.yaml`] as const,
      ),
    ],
    kinds: { CustomResourceDefinition: 3, Deployment: 3, Gateway: 1, GatewayClass: 1, HTTPRoute: 1, Service: 3 },
    expectation: "deploys three tiers from a manifest, definitions, and custom resources of their kinds",
    expectedBy: "what guestbook.yaml asks for, and the default values in the definition of HTTPRoute",
    check: ({ resources }) => {
      const outputsOf = (kind: string): unknown[] =>
        resources.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ outputs }) => outputs);
      expect(outputsOf("Deployment").map((outputs) => (outputs as { status: object }).status)).toEqual(
        expect.arrayContaining([1, 2, 3].map((readyReplicas) => expect.objectContaining({ readyReplicas }) as unknown)),
      );
      expect(outputsOf("HTTPRoute")).toMatchObject([
        { spec: { parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "my-gateway" }] } },
      ]);
    },
  },
];

/** More of them: what happens from one version of a program to the next, and a probe to wait for. */
export const furtherPrograms: readonly Program[] = [
  {
    source: "plugin",
    path: "tests/examples/apache",
    kinds: { Namespace: 1, Deployment: 1, Service: 1 },
    expectation: "waits for the probe of the Deployment's pod and for the Service's endpoint",
    expectedBy: "tests/examples/apache/index.ts",
    check: ({ resources }) => {
      expect(resources.flatMap(({ initErrors = [] }) => initErrors)).toEqual([]);
    },
  },
  {
    source: "plugin",
    path: "tests/integration/autonaming",
    versions: ["step1", "step2", "step3", "step4"],
    kinds: { Namespace: 1, Pod: 1 },
    expectation:
      "names a Pod, names it anew when it is replaced, keeps the name in an update, gives it up for the user's",
    expectedBy: "tests/integration/autonaming/autonaming_test.go: TestAutonaming",
    check: (...versions) => {
      const pods = versions.map(({ state }) => metadataOf(state.get("autonaming-test")));
      const [first, replaced, updated, named] = pods;
      for (const pod of [first, replaced, updated]) {
        expect(pod?.name).toMatch(/^autonaming-test-/);
        expect(pod?.annotations).toMatchObject({ "pulumi.com/autonamed": "true" });
      }
      expect(replaced?.name).not.toBe(first?.name);
      expect(updated?.name).toBe(replaced?.name);
      expect(named?.name).toBe("autonaming-test");
      expect(named?.annotations ?? {}).not.toHaveProperty(["pulumi.com/autonamed"]);
    },
  },
  {
    source: "plugin",
    path: "tests/integration/delete-before-replace",
    versions: ["step1", "step2"],
    kinds: { Namespace: 1, Pod: 1 },
    expectation: "deletes a Pod whose name is given before it makes the next one",
    expectedBy: "tests/integration/delete-before-replace/delete_before_replace_test.go: TestPod",
    check: (_first, second) => {
      expect(second.outcome.steps.get("pod-test")?.map(({ op }) => op)).toEqual([
        "delete-replaced",
        "replace",
        "create-replacement",
      ]);
      const { spec, status } = second.state.get("pod-test")?.outputs ?? {};
      expect(spec).toMatchObject({ containers: [{ name: "nginx", image: "nginx:1.15-alpine" }] });
      expect(status).toMatchObject({ phase: "Running" });
    },
  },
  {
    source: "plugin",
    path: "tests/integration/namespace",
    versions: ["step1", "step2", "step3"],
    kinds: { Namespace: 1, Pod: 2 },
    expectation: "labels a Namespace in place; a Pod without a namespace is one in the default namespace",
    expectedBy: "tests/integration/namespace/namespace_test.go: TestNamespace",
    check: (first, second, third) => {
      expect(metadataOf(second.state.get("test")).labels).toMatchObject({ hello: "world" });
      for (const name of ["no-metadata-pod", "default-ns-pod"]) {
        expect(metadataOf(first.state.get(name)).namespace).toBe("default");
        expect(metadataOf(third.state.get(name)).name).toBe(metadataOf(first.state.get(name)).name);
      }
    },
  },
];

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

function metadataOf(resource: StateResource | undefined): Metadata {
  return (resource?.outputs?.["metadata"] ?? {}) as Metadata;
}

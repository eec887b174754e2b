import * as pulumi from "@pulumi/pulumi";
import { deploy } from "../../components/deploy/deploy";
import type { KubeObject } from "../../components/kube/object";

interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const registrations: Registration[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        registrations.push({ type, name, inputs: inputs as Registration["inputs"] });
        return { id: id ?? `${name}-id`, state: { ...(inputs as object), status: { phase: "Active" } } };
      },
      call: () => ({}),
    },
    "petrichor",
    "local",
  );
});

beforeEach(() => registrations.splice(0));

class Provider extends pulumi.ProviderResource {
  constructor() {
    super("kubernetes", "cluster", {});
  }
}

class Parent extends pulumi.ComponentResource {
  constructor(name: string) {
    super("petrichor:test:Parent", name);
  }
}

const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
const secret: KubeObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "db", namespace: "shop" },
  type: "Opaque",
};
const scaler: KubeObject = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web", namespace: "shop" },
  spec: { maxReplicas: 4 },
};

/** Resolves once the engine has answered for each resource; returns their URNs. */
async function settled(resources: readonly pulumi.CustomResource[]): Promise<string[]> {
  return new Promise((resolve) => {
    pulumi.all(resources.map(({ urn }) => urn)).apply(resolve);
  });
}

async function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((known) => {
      resolve(known);
    });
  });
}

test("each object is one resource of the provider's own type, named by namespace and name, in the order of the objects", async () => {
  const urns = await settled(deploy([scaler, namespace], { parent: new Parent("app"), provider: new Provider() }));
  expect(urns).toEqual([
    "urn:pulumi:local::petrichor::petrichor:test:Parent$kubernetes:autoscaling/v2:HorizontalPodAutoscaler::shop/web",
    "urn:pulumi:local::petrichor::petrichor:test:Parent$kubernetes:core/v1:Namespace::shop",
  ]);
});

test("the object arrives at the provider unchanged", async () => {
  await settled(deploy([scaler], { parent: new Parent("app"), provider: new Provider() }));
  expect(registrations.find(({ name }) => name === "shop/web")?.inputs).toEqual(scaler);
});

test("values known only at run time are merged into their Secret and are secret", async () => {
  const [resource] = deploy([secret], {
    parent: new Parent("app"),
    provider: new Provider(),
    secrets: { valuesOf: ({ kind }) => (kind === "Secret" ? { password: pulumi.output("hunter2") } : undefined) },
  });
  if (resource === undefined) throw new Error("no resource was made");
  await settled([resource]);
  expect(registrations.find(({ name }) => name === "shop/db")?.inputs).toEqual({
    ...secret,
    stringData: expect.objectContaining({ value: { password: "hunter2" } }) as unknown,
  });
});

test("the status that the API server reports is at hand", async () => {
  const [resource] = deploy([namespace], { parent: new Parent("app"), provider: new Provider() });
  if (resource === undefined) throw new Error("no resource was made");
  await expect(value(resource.status)).resolves.toEqual({ phase: "Active" });
});

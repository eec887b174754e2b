import { Provider } from "@pulumi/kubernetes/provider";
import type { KubeObject } from "../../components/kube/object";
import { Platform } from "../../components/platform/platform";
import { record } from "../support/record";
import { fakeEngine } from "../support/fake-engine";

const object = (kind: string, name: string): KubeObject => ({ apiVersion: "v1", kind, metadata: { name } });

const definitions = fakeEngine("definitions");
const gateway = fakeEngine("gateway", definitions);

test("an engine waits for those it needs, and its resources for itself; each is a component of its own", async () => {
  const { resources } = await record(() => {
    const provider = new Provider("cluster", { kubeconfig: "{}" });
    return new Platform("platform", {
      engines: [
        { engine: definitions, objects: [object("ConfigMap", "definition")], resources: [] },
        { engine: gateway, objects: [object("ConfigMap", "controller")], resources: [object("Secret", "resource")] },
      ],
      cluster: { provider },
    });
  });
  const found = (name: string) => resources.find((one) => one.name === name);
  expect(found("controller")).toMatchObject({
    parent: "petrichor:platform:Engine gateway",
    dependsOn: ["kubernetes:core/v1:ConfigMap definition"],
  });
  expect(found("resource")).toMatchObject({
    parent: "petrichor:platform:Engine gateway",
    dependsOn: ["kubernetes:core/v1:ConfigMap controller", "kubernetes:core/v1:ConfigMap definition"],
  });
  expect(found("definition")).toMatchObject({ parent: "petrichor:platform:Engine definitions" });
  expect(found("definitions")).toMatchObject({ parent: "petrichor:platform:Platform platform" });
});

test("values of an engine's Secrets are merged in while the program runs", async () => {
  const { resources } = await record(() => {
    const provider = new Provider("cluster", { kubeconfig: "{}" });
    const secrets = {
      valuesOf: ({ kind }: KubeObject) => (kind === "Secret" ? { "tls.crt": "certificate" } : undefined),
    };
    return new Platform("platform", {
      engines: [
        { engine: gateway, objects: [object("ConfigMap", "controller")], resources: [object("Secret", "tls")] },
      ],
      cluster: { provider },
      secrets,
    });
  });
  expect(JSON.stringify(resources.find(({ name }) => name === "tls")?.inputs)).toContain("certificate");
  expect(JSON.stringify(resources.find(({ name }) => name === "controller")?.inputs)).not.toContain("certificate");
});

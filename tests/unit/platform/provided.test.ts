import { requireFitting, withoutProvided } from "../../../components/platform/provided";
import type { KubeObject } from "../../../components/kube/object";
import { engineNamespace } from "../../../components/platform/namespace";
import { errorsOf } from "../../support/apps";
import { fakeEngine } from "../../support/fake-engine";

const object = (kind: string): KubeObject => ({ apiVersion: "v1", kind, metadata: { name: kind.toLowerCase() } });
const builtOn = engineNamespace("gateway", "petrichor-gateway", { role: "gateway" });
const gateway = { ...fakeEngine("gateway"), version: "v1.9.1" };
const rendered = [
  { engine: gateway, objects: [object("Namespace"), builtOn, object("Deployment")], resources: [object("Gateway")] },
];

test("of an engine that is provided only resources remain, and namespaces that others build on", () => {
  expect(withoutProvided(rendered, [])).toEqual(rendered);
  expect(withoutProvided(rendered, ["gateway"])).toEqual([
    { engine: gateway, objects: [builtOn], resources: [object("Gateway")] },
  ]);
});

test.each([
  ["1.9.0", true],
  ["v1.10.3", true],
  ["1.8.9", false],
  ["2.0.0", false],
  ["unknown", true],
])("a provided engine of version %s", (found, isTaken) => {
  const errors = errorsOf(() => {
    requireFitting([gateway], ["gateway"], { gateway: found });
  }).map(String);
  expect(errors).toEqual(
    isTaken
      ? []
      : [
          `the cluster runs gateway ${found}, and the platform is made for v1.9.1. Upgrade it there, then run \`petrichor lock\`; or take "gateway" out of \`provided\`, and it is installed. [ENGINE_VERSION]`,
        ],
  );
});

test("what is installed by us, or was never seen, is not judged", () => {
  requireFitting([gateway], [], { gateway: "0.1.0" });
  requireFitting([gateway], ["gateway"], {});
});

import type { KubeObject } from "../../../components/kube/object";
import type { Engine, EngineContext } from "../../../components/platform/engine";
import { renderEngines } from "../../../components/platform/objects";
import { fakeEngine } from "../../support/fake-engine";

const definition: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: {
    name: "drops.example.com",
    labels: { "app.kubernetes.io/managed-by": "Helm", "example.com/own": "stays" },
    annotations: { "example.com/own": "stays" },
  },
};
const controller: KubeObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "controller" } };
const engine: Engine = {
  ...fakeEngine("rain"),
  objects: () => [definition, controller],
  resources: () => [controller],
};
const context = { settings: { domain: "example.com", owner: "prod-aws-eu" } } as EngineContext;

test("the definitions of an engine's kinds stay when it goes, and say whose they are", () => {
  const [rendered] = renderEngines([engine], context);
  expect(rendered?.objects[0]).toEqual({
    ...definition,
    metadata: {
      name: "drops.example.com",
      labels: {
        "app.kubernetes.io/managed-by": "petrichor",
        "example.com/own": "stays",
        "petrichor.dev/engine": "rain",
        "petrichor.dev/stack": "prod-aws-eu",
      },
      annotations: { "example.com/own": "stays", "petrichor.dev/keep": "true" },
    },
  });
});

test("everything else of an engine goes with it", () => {
  const [rendered] = renderEngines([engine], context);
  expect([rendered?.objects[1], rendered?.resources]).toEqual([controller, [controller]]);
});

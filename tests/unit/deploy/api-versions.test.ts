import { formerApiVersions } from "../../../components/deploy/api-versions";

test.each([
  ["policy/v1", "PodDisruptionBudget", ["policy/v1beta1"]],
  ["gateway.networking.k8s.io/v1", "TCPRoute", ["gateway.networking.k8s.io/v1alpha2"]],
  ["apps/v1", "Deployment", []],
  // Same kind, another project's group.
  ["networking.istio.io/v1", "Gateway", []],
])("%s %s was once served as %j", (apiVersion, kind, expected) => {
  expect(formerApiVersions(apiVersion, kind)).toEqual(expected);
});

import type { KubeObject } from "../../../kube/object";
import type { Engine, EngineContext } from "../../engine";
import { platformIdentities } from "../../../cluster/identities";
import { engineNamespace } from "../../namespace";
import { withIdentity } from "../../workload-identity";
import type { UpstreamSource } from "../../upstream";
import { envoyGateway } from "../envoy-gateway/engine";
import { certificateObjects, hostCertificates } from "./certificates";

const version = "v1.21.2";
const { namespace, serviceAccount } = platformIdentities.certificates;
const published = (part: string): string => `quay.io/jetstack/cert-manager-${part}:${version}`;
const resources = (memory: string) => ({ requests: { cpu: "10m", memory: "48Mi" }, limits: { memory } });

const chart: UpstreamSource = {
  module: "github.com/cert-manager/cert-manager",
  version,
  form: {
    type: "chart",
    path: "deploy/charts/cert-manager",
    release: "cert-manager",
    namespace,
    chartVersion: version,
    values: {
      crds: { enabled: true, keep: false },
      // Upstream's choice is kube-system, where it would need rights only for this.
      global: { leaderElection: { namespace } },
      serviceAccount: { name: serviceAccount },
      resources: resources("256Mi"),
      webhook: { resources: resources("128Mi") },
      cainjector: { resources: resources("256Mi") },
      // A Job that asks whether the webhook answers: Deployments are waited for as it is.
      startupapicheck: { enabled: false },
      config: {
        apiVersion: "controller.config.cert-manager.io/v1alpha1",
        kind: "ControllerConfiguration",
        enableGatewayAPI: true,
      },
    },
  },
};

/** Certificates by ACME for every host that brings none. */
export const certManager: Engine = {
  id: "cert-manager",
  version,
  purpose: "gets certificates and renews them",
  needs: [envoyGateway],
  upstream: [chart],
  images: Object.fromEntries(
    ["controller", "webhook", "cainjector", "acmesolver"].map((part) => [part, { published: published(part) }]),
  ),
  capabilities: { certificates: true },
  objects: (context) => [
    engineNamespace("cert-manager", namespace),
    ...withIdentity("certificates", context.upstream(chart), context.facts).map((object) =>
      withImages(object, context),
    ),
  ],
  resources: certificateObjects,
  forWorkload: hostCertificates,
};

/** One image stands in an argument, so they are replaced in the text of the whole object. */
function withImages(object: KubeObject, { image }: EngineContext): KubeObject {
  if (object.kind !== "Deployment") return object;
  const parts = Object.entries(certManager.images);
  const text = parts.reduce((all, [part, one]) => all.replaceAll(one.published, image(part)), JSON.stringify(object));
  return JSON.parse(text) as KubeObject;
}

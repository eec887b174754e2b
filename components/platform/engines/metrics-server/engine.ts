import { changeContainer } from "../../deployment";
import type { Engine } from "../../engine";
import type { UpstreamSource } from "../../upstream";

const version = "v0.9.0";

const base: UpstreamSource = {
  module: "sigs.k8s.io/metrics-server",
  version,
  form: { type: "kustomization", path: "manifests/base" },
};

/** Where a pod finds the authority that signed the kubelets' certificates on clusters that rotate them by the cluster's own. */
const authority = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

/** The CPU and memory that pods use: what the HorizontalPodAutoscaler and `petrichor top` read. */
export const metricsServer: Engine = {
  id: "metrics-server",
  version,
  purpose: "tells the CPU and memory that pods use",
  needs: [],
  upstream: [base],
  images: {
    "metrics-server": {
      published: `registry.k8s.io/metrics-server/metrics-server:${version}`,
      tool: "metrics-server-image",
    },
  },
  capabilities: {},
  objects: ({ upstream, image }) =>
    upstream(base).map((object) =>
      object.kind === "Deployment"
        ? changeContainer(object, {
            image: image("metrics-server"),
            command: ["/metrics-server"],
            moreArgs: [`--kubelet-certificate-authority=${authority}`],
            resources: { cpu: "20m", memory: "32Mi", memoryLimit: "128Mi" },
          })
        : object,
    ),
};

import type { KubeObject } from "../../../kube/object";
import { changeContainer, type ContainerChange } from "../../deployment";
import type { Engine, EngineContext } from "../../engine";
import { engineNamespace } from "../../namespace";
import type { UpstreamSource } from "../../upstream";
import { metricsServer } from "../metrics-server/engine";
import { kedaNamespace } from "./names";
import { scalerObjects } from "./scaler";

const version = "v2.21.0";

const base: UpstreamSource = {
  module: "github.com/kedacore/keda/v2",
  version,
  form: { type: "kustomization", path: "config/default" },
};

/** Scales workloads on whatever their `scale.on` names; see `scaler.ts`. */
export const keda: Engine = {
  id: "keda",
  version,
  purpose: "scales workloads on load and events, to zero and back",
  needs: [metricsServer],
  upstream: [base],
  images: {
    operator: { published: "ghcr.io/kedacore/keda:2.21.0", tool: "keda-image" },
    adapter: { published: "ghcr.io/kedacore/keda-metrics-apiserver:2.21.0", tool: "keda-image" },
  },
  capabilities: { autoscaling: true },
  objects: (context) => [
    // Its HTTP add-on stands in the way of requests, so apps let this namespace in like the gateway's.
    engineNamespace("keda", kedaNamespace, { role: "gateway" }),
    ...context
      .upstream(base)
      .filter(isWanted)
      .map((object) => changed(object, context)),
  ],
  forWorkload: scalerObjects,
};

/**
 * The admission webhook is left out: what it checks (one scaler a workload, bounds, names of triggers) is checked before anything is
 * applied, and it would cost a pod and a place in the way of every ScaledObject.
 */
function isWanted({ kind, metadata: { name } }: KubeObject): boolean {
  return kind !== "Namespace" && !/^keda-admission/.test(name);
}

function changed(object: KubeObject, { image }: EngineContext): KubeObject {
  const changes: Readonly<Record<string, ContainerChange>> = {
    "keda-operator": {
      image: image("operator"),
      env: { KEDA_HTTP_DEFAULT_TIMEOUT: "3000" },
      resources: { cpu: "20m", memory: "64Mi", memoryLimit: "512Mi" },
    },
    "keda-metrics-apiserver": {
      image: image("adapter"),
      resources: { cpu: "10m", memory: "48Mi", memoryLimit: "256Mi" },
    },
  };
  const change = object.kind === "Deployment" ? changes[object.metadata.name] : undefined;
  return change === undefined ? object : changeContainer(object, change);
}

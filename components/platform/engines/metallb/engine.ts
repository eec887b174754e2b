import { addressRanges } from "../../../cluster/address-ranges";
import type { KubeObject } from "../../../kube/object";
import type { Objects } from "../../../kube/objects";
import type { Engine, EngineContext } from "../../engine";
import { engineNamespace, platformLabels } from "../../namespace";
import type { UpstreamSource } from "../../upstream";

const version = "v0.16.2";
const namespace = "metallb-system";
const pool = "load-balancers";

/** The variant that answers for addresses in the nodes' own network; the others speak BGP to routers. */
const manifests: UpstreamSource = {
  module: "go.universe.tf/metallb",
  version,
  form: { type: "files", paths: ["config/manifests/metallb-native.yaml"] },
};

/** Addresses for load balancers on clusters that have none, from the ranges that their facts name. */
export const metallb: Engine = {
  id: "metallb",
  version,
  purpose: "gives load balancers their addresses where no cloud does",
  needs: [],
  upstream: [manifests],
  images: {
    controller: { published: `quay.io/metallb/controller:${version}` },
    speaker: { published: `quay.io/metallb/speaker:${version}` },
  },
  isWanted: ({ loadBalancerAddresses }) => loadBalancerAddresses !== undefined,
  capabilities: {},
  objects: (context) => [
    // Speakers answer ARP on the network of the nodes, which takes the nodes' network and raw packets.
    engineNamespace("metallb", namespace, { level: "privileged" }),
    ...context
      .upstream(manifests)
      .filter(({ kind }) => kind !== "Namespace")
      .map((object) => changed(object, context)),
  ],
  resources: ({ facts }) => [addressPool(facts.loadBalancerAddresses ?? []), advertisement()],
};

function changed(object: KubeObject, { image }: EngineContext): KubeObject {
  if (object.kind !== "Deployment" && object.kind !== "DaemonSet") return object;
  const workload = structuredClone(object) as unknown as Objects["Deployment"];
  const pod = workload.spec?.template.spec;
  if (pod === undefined) throw new TypeError(`${object.kind} ${object.metadata.name} has no pods`);
  for (const container of pod.containers) {
    container.image = image(container.name);
    container.resources = { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "128Mi" } };
    const { capabilities, ...security } = container.securityContext ?? {};
    container.securityContext = { ...security, capabilities: { ...capabilities, drop: ["ALL"] } };
  }
  pod.securityContext = { ...pod.securityContext, seccompProfile: { type: "RuntimeDefault" } };
  // Upstream's controller is killed at once, in the middle of what it writes.
  pod.terminationGracePeriodSeconds = Math.max(pod.terminationGracePeriodSeconds ?? 0, 2);
  return workload as unknown as KubeObject;
}

function addressPool(written: readonly string[]): KubeObject {
  return {
    apiVersion: "metallb.io/v1beta1",
    kind: "IPAddressPool",
    metadata: { name: pool, namespace, labels: platformLabels("metallb") },
    spec: { addresses: addressRanges(written).map(({ text }) => text), autoAssign: true },
  };
}

function advertisement(): KubeObject {
  return {
    apiVersion: "metallb.io/v1beta1",
    kind: "L2Advertisement",
    metadata: { name: pool, namespace, labels: platformLabels("metallb") },
    spec: { ipAddressPools: [pool] },
  };
}

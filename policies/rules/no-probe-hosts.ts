import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

const probes = ["livenessProbe", "readinessProbe", "startupProbe"];
const hooks = ["lifecycle.?postStart", "lifecycle.?preStop"];

/** Where a host may be written in a container. */
export const places = [...probes, ...hooks].flatMap((place) => [`${place}.?httpGet`, `${place}.?tcpSocket`]);

export const noProbeHosts: ObjectRule = {
  scope: "object",
  name: "no-probe-hosts",
  topic: "pods",
  title: "Probes and lifecycle hooks go to their own pod",
  why: "The kubelet sends them from the node: with another host it would reach into networks that the pod can't.",
  remedy: "Take the field host out of httpGet and tcpSocket",
  level: "mandatory",
  field: "probes",
  frameworks: { podSecurity: "baseline" },
  ...everyContainer({
    condition: places.map((place) => `c.?${place}.?host.orValue('') == ''`).join(" && "),
    says: "'sends a probe or hook to a host'",
  }),
};

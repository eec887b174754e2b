import { contentHash, cronJobLimit, dnsLabelLimit, joinName, statefulSetLimit } from "../../kube/names";
import type { Kind } from "../definition/workload";

/** Longest name of a workload's main object. Kubernetes adds to some of them. */
const nameLimits: Readonly<Record<Kind, number>> = {
  service: dnsLabelLimit,
  worker: dnsLabelLimit,
  stateful: statefulSetLimit,
  job: dnsLabelLimit,
  cron: cronJobLimit,
  daemon: dnsLabelLimit,
};

/** Name of a workload's main object, its Service and its ServiceAccount. */
export function objectName(kind: Kind, workload: string): string {
  return joinName([workload], nameLimits[kind]);
}

/** Name of the Service through which others in the cluster reach a workload whose requests are held; it stands in a namespace of all apps. */
export function entranceName(app: string, workload: string): string {
  // Without the hash, `a-b` of `c` and `a` of `b-c` would meet.
  return joinName([workload, app, contentHash([app, workload])]);
}

/** What the names of a pod's own volumes begin with, so that none meets one of the platform's. */
export function volumeName(volume: string): string {
  return `volume-${volume}`;
}

/** Name of the claim of one replica of a stateful workload, as its StatefulSet makes it up. */
export function replicaClaim(volume: string, workload: string, index: number): string {
  return `${volumeName(volume)}-${workload}-${index}`;
}

/** Name of the route of one of a workload's hosts, counted from 0. */
export function routeName(workload: string, index: number): string {
  return joinName([workload, ...(index === 0 ? [] : [String(index + 1)])]);
}

/** Name of the route of one of the hosts whose TLS a workload ends itself, counted from 0. */
export function tlsRouteName(workload: string, index: number): string {
  return routeName(joinName([workload, "tls"]), index);
}

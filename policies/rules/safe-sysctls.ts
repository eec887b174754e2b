import { everyItem, listOf } from "../expressions";
import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

/** Settings that the kernel keeps apart for each pod, as the Pod Security Standards of Kubernetes 1.37 list them. */
export const safe = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_notsent_lowat",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_slow_start_after_idle",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

export const safeSysctls: ObjectRule = {
  scope: "object",
  name: "safe-sysctls",
  topic: "pods",
  title: "Pods change only kernel settings of their own",
  why: "Most kernel settings hold for the whole node: one pod would change them for all.",
  remedy: "Take the setting out of securityContext.sysctls",
  level: "mandatory",
  frameworks: { podSecurity: "baseline" },
  ...everyItem({
    match: podKinds,
    list: "variables.podSpec.?securityContext.?sysctls.orValue([])",
    condition: `item.name in ${listOf(safe)}`,
    says: "item.name + ' holds for the whole node'",
  }),
};

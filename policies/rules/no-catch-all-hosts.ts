import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const noCatchAllHosts: ObjectRule = {
  scope: "object",
  name: "no-catch-all-hosts",
  topic: "networking",
  title: "Routes name their hosts",
  why: "A route for every host answers for names that belong to others.",
  remedy: "Name the host",
  level: "advisory",
  field: "expose",
  match: [kinds.Ingress, kinds.HTTPRoute, kinds.GRPCRoute, kinds.TLSRoute],
  expression: "variables.hosts.size() > 0 && variables.hosts.all(host, host != '' && !host.startsWith('*'))",
  message: "'a host is missing or a wildcard'",
};

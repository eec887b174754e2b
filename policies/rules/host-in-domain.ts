import { everyItem } from "../expressions";
import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const hostInDomain: ObjectRule = {
  scope: "object",
  name: "host-in-domain",
  topic: "networking",
  title: "Public hosts lie in the environment's domains",
  why: "A host of another domain would take its traffic, or get a certificate for a name that is not ours.",
  remedy: "Choose a host within the stack's domain, or add its domain to policy.domains in the stack file",
  level: "mandatory",
  field: "expose",
  ...everyItem({
    match: [kinds.Ingress, kinds.HTTPRoute, kinds.GRPCRoute, kinds.TLSRoute],
    list: "variables.hosts",
    condition: "variables.domains.exists(domain, item == domain || item.endsWith('.' + domain))",
    says: "'host ' + item + ' is outside'",
  }),
};

import { everyItem } from "../expressions";
import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const ingressEncrypted: ObjectRule = {
  scope: "object",
  name: "ingress-encrypted",
  topic: "networking",
  title: "Every host of an Ingress has a certificate",
  why: "Without TLS passwords and sessions cross the network in the clear.",
  remedy: "Name the host under spec.tls",
  level: "mandatory",
  frameworks: { nsa: "Network separation and hardening" },
  ...everyItem({
    match: [kinds.Ingress],
    list: "object.spec.?rules.orValue([])",
    condition:
      "object.spec.?tls.orValue([]).exists(certificate, item.?host.orValue('') in certificate.?hosts.orValue([]))",
    says: "'host ' + item.?host.orValue('*') + ' has no certificate'",
  }),
};

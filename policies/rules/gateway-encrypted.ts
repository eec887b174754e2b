import { everyItem } from "../expressions";
import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const gatewayEncrypted: ObjectRule = {
  scope: "object",
  name: "gateway-encrypted",
  topic: "networking",
  title: "A Gateway that speaks HTTP speaks HTTPS for the same hosts",
  why: "Without TLS passwords and sessions cross the network in the clear; plain HTTP is there to send people on.",
  remedy: "Add a listener with protocol HTTPS for the same hostname",
  level: "mandatory",
  frameworks: { nsa: "Network separation and hardening" },
  ...everyItem({
    match: [kinds.Gateway],
    list: "object.spec.listeners",
    condition:
      "item.protocol != 'HTTP' || object.spec.listeners.exists(other, other.protocol == 'HTTPS' && other.?hostname.orValue('') == item.?hostname.orValue(''))",
    says: "'listener ' + item.name + ' has no HTTPS beside it'",
  }),
};

import { everyContainer } from "../expressions";
import type { ObjectRule } from "../rule";

export const procMountDefault: ObjectRule = {
  scope: "object",
  name: "proc-mount-default",
  topic: "pods",
  title: "Containers see the masked /proc",
  why: "The runtime hides files in /proc that show or change the node's kernel; unmasked they are in reach.",
  remedy: "Take securityContext.procMount away",
  level: "mandatory",
  frameworks: { podSecurity: "baseline" },
  ...everyContainer({
    condition: "c.?securityContext.?procMount.orValue('Default') == 'Default'",
    says: "'mounts /proc unmasked'",
  }),
};

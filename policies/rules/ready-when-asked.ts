import { everyItem } from "../expressions";
import { serverKinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const readyWhenAsked: ObjectRule = {
  scope: "object",
  name: "ready-when-asked",
  topic: "pods",
  title: "Containers that listen have a readiness probe",
  why: "Without one traffic arrives before the program can answer, at every start and every update.",
  remedy: "Give the container a readinessProbe",
  level: "mandatory",
  field: "probes",
  ...everyItem({
    match: serverKinds,
    list: "variables.podSpec.?containers.orValue([])",
    condition: "item.?ports.orValue([]).size() == 0 || item.?readinessProbe.hasValue()",
    says: "'container ' + item.name + ' listens without a readiness probe'",
  }),
};

import { podKinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const timeToStop: ObjectRule = {
  scope: "object",
  name: "time-to-stop",
  topic: "availability",
  title: "Pods get time to stop",
  why: "With no time to finish, every update and every drain cuts off requests.",
  remedy: "Set terminationGracePeriodSeconds to at least 1; the default is 30",
  level: "mandatory",
  field: "stop",
  match: podKinds,
  expression: "variables.podSpec.?terminationGracePeriodSeconds.orValue(30) > 0",
  message: "'terminationGracePeriodSeconds is 0'",
};

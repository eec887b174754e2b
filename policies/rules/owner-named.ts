import { keys } from "../../components/kube/labels";
import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const ownerNamed: ObjectRule = {
  scope: "object",
  name: "owner-named",
  topic: "identity",
  title: "Workloads name the team that owns them",
  why: "When something breaks at night, nobody should have to guess whom to call.",
  remedy: "Set `owner` of the app, or the label petrichor.dev/owner",
  level: "advisory",
  match: [kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet, kinds.CronJob],
  expression: `object.metadata.?labels[?'${keys.owner}'].orValue('') != ''`,
  message: "'no owner is named'",
};

import { keys } from "../../components/kube/labels";
import { kinds } from "../kinds";
import type { ObjectRule } from "../rule";

export const protectedStays: ObjectRule = {
  scope: "object",
  name: "protected-stays",
  topic: "data",
  title: "What is protected is not deleted",
  why: "The mark says that its owner wants to be asked; one mistyped command must not be enough.",
  remedy: "Take the annotation petrichor.dev/protect away first, if the data may really go",
  level: "mandatory",
  field: "protect",
  match: [kinds.Namespace, kinds.PersistentVolumeClaim, kinds.StatefulSet, kinds.Secret],
  operations: ["DELETE"],
  expression: `oldObject.metadata.?annotations[?'${keys.protect}'].orValue('') != 'true'`,
  message: "'it is protected'",
};

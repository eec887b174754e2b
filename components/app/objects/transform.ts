import { JsonPatch } from "cdk8s";
import { PetrichorError } from "../../errors";
import { keys } from "../../kube/labels";
import { type KubeObject, objectKey } from "../../kube/object";
import type { PatchOperation, Transform } from "../definition/transform";
import { valueAt } from "../model/layers";
import type { AppModel, WorkloadModel } from "../model/types";

type AnyChange = (object: KubeObject) => KubeObject | undefined;

/**
 * Applies what authors wrote in `transform`, the last step of rendering.
 * @throws PetrichorError TRANSFORM_FAILED when a change throws, does not fit the object, or takes its identity
 */
export function transformed(model: AppModel, objects: readonly KubeObject[]): KubeObject[] {
  const workloads = new Map(model.workloads.map((workload) => [workload.name, workload]));
  return objects.map((object) => {
    const { labels } = object.metadata;
    const workload = workloads.get(labels?.[keys.workload] ?? labels?.["app.kubernetes.io/name"] ?? "");
    const change = workload?.transform[object.kind as keyof Transform];
    return workload === undefined || change === undefined ? object : changed(object, change, model, workload);
  });
}

function changed(
  object: KubeObject,
  change: NonNullable<Transform[keyof Transform]>,
  model: AppModel,
  workload: WorkloadModel,
): KubeObject {
  const fail = (why: string, cause?: unknown) =>
    new PetrichorError(
      "TRANSFORM_FAILED",
      `transform.${object.kind} of ${objectKey(object)} ${why}.`,
      "Correct it; `petrichor render` shows the object that it changes.",
      { file: model.file, app: model.name, workload: workload.name, field: `transform.${object.kind}` },
      { cause },
    );
  // The author's function may write on what it gets, and may keep it: neither may reach the next rendering.
  const copy = structuredClone(object);
  let result: KubeObject;
  try {
    result = Array.isArray(change)
      ? change.reduce(patched, copy)
      : plain((change as unknown as AnyChange)(copy) ?? copy);
  } catch (cause) {
    throw fail(`failed: ${cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause)}`, cause);
  }
  if (result.apiVersion !== object.apiVersion || result.kind !== object.kind || !sameName(result, object)) {
    throw fail("changes what the object is: apiVersion, kind, name or namespace");
  }
  return result;
}

/** Only data is sent to the API server: what is undefined goes, what is no data can't be there. */
function plain(object: KubeObject): KubeObject {
  return JSON.parse(JSON.stringify(object)) as KubeObject;
}

function sameName(left: KubeObject, right: KubeObject): boolean {
  return left.metadata.name === right.metadata.name && left.metadata.namespace === right.metadata.namespace;
}

/** One operation at a time, so that each finds what the last one left. */
function patched(object: KubeObject, operation: PatchOperation): KubeObject {
  const source = "from" in operation ? operation.from : operation.path;
  // cdk8s passes over an operation on something that is not there; RFC 6902 calls it an error, and so does its author.
  if (operation.op !== "add" && !exists(object, source)) throw new Error(`there is nothing at ${source}`);
  return JsonPatch.apply(object, patch(operation)) as KubeObject;
}

function exists(object: KubeObject, pointer: string): boolean {
  const parts = pointer.split("/").slice(1);
  const path = parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return valueAt(object, path) !== undefined;
}

function patch(operation: PatchOperation): JsonPatch {
  switch (operation.op) {
    case "add":
      return JsonPatch.add(operation.path, operation.value);
    case "replace":
      return JsonPatch.replace(operation.path, operation.value);
    case "test":
      return JsonPatch.test(operation.path, operation.value);
    case "remove":
      return JsonPatch.remove(operation.path);
    case "move":
      return JsonPatch.move(operation.from, operation.path);
    case "copy":
      return JsonPatch.copy(operation.from, operation.path);
  }
}

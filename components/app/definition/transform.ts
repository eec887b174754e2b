import { z } from "zod";
import type { Objects } from "../../kube/objects";

/** The kinds of objects that an app is rendered to. */
export const objectKinds = [
  "ConfigMap",
  "CronJob",
  "DaemonSet",
  "Deployment",
  "Job",
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "PodDisruptionBudget",
  "Secret",
  "Service",
  "ServiceAccount",
  "StatefulSet",
] as const satisfies readonly (keyof Objects)[];
export type ObjectKind = (typeof objectKinds)[number];

const pointer = z
  .string()
  .regex(/^(\/.*)?$/, { error: 'a JSON pointer, for example "/spec/template/spec/hostAliases"' });

const target = pointer.meta({
  description: "JSON pointer to the place in the object.",
  examples: ["/spec/template/spec/hostAliases"],
});
const from = pointer.meta({ description: "JSON pointer to what is moved or copied." });
const value = z.json().meta({ description: "The value, of any type." });

function op<T extends string>(name: T, description: string) {
  return z.literal(name).meta({ description });
}

/** One operation of a JSON Patch (RFC 6902). */
const operation = z.discriminatedUnion(
  "op",
  [
    z.strictObject({ op: op("add", "Puts a value there."), path: target, value }),
    z.strictObject({ op: op("replace", "Puts another value there."), path: target, value }),
    z.strictObject({ op: op("test", "Fails unless this value is there."), path: target, value }),
    z.strictObject({ op: op("remove", "Takes out what is there."), path: target }),
    z.strictObject({ op: op("move", "Moves there what is elsewhere."), path: target, from }),
    z.strictObject({ op: op("copy", "Copies there what is elsewhere."), path: target, from }),
  ],
  { error: 'an operation of JSON Patch: "add", "replace", "test", "remove", "move" or "copy"' },
);
export type PatchOperation = z.output<typeof operation>;

const patch = z.array(operation);
const change = z.custom<(object: never) => unknown>((one) => typeof one === "function").meta({ title: "a function" });

/** Changes an object in place, or gives back another one. */
export type Change<K extends ObjectKind> = (object: Objects[K]) => Objects[K] | undefined;
export type Transform = { readonly [K in ObjectKind]?: Change<K> | PatchOperation[] };

const one = z.union([patch, change], { error: "a list of JSON Patch operations, or (in app.ts) a function" });

export const transform = z.partialRecord(z.enum(objectKinds), one).meta({
  description:
    "The way out: changes to the rendered objects of one kind. In `app.ts` a function, in `app.yaml` a JSON Patch. Name and namespace stay.",
  examples: [{ Deployment: [{ op: "add", path: "/spec/template/spec/hostAliases", value: [] }] }],
}) as unknown as z.ZodType<Transform, Transform>;

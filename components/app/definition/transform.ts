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

/** One operation of a JSON Patch (RFC 6902). */
const operation = z.discriminatedUnion(
  "op",
  [
    z.strictObject({ op: z.literal("add"), path: pointer, value: z.json() }),
    z.strictObject({ op: z.literal("replace"), path: pointer, value: z.json() }),
    z.strictObject({ op: z.literal("test"), path: pointer, value: z.json() }),
    z.strictObject({ op: z.literal("remove"), path: pointer }),
    z.strictObject({ op: z.literal("move"), path: pointer, from: pointer }),
    z.strictObject({ op: z.literal("copy"), path: pointer, from: pointer }),
  ],
  { error: 'an operation of JSON Patch: "add", "replace", "test", "remove", "move" or "copy"' },
);
export type PatchOperation = z.output<typeof operation>;

const patch = z.array(operation);
const change = z.custom<(object: never) => unknown>((value) => typeof value === "function");

/** Changes an object in place, or gives back another one. */
export type Change<K extends ObjectKind> = (object: Objects[K]) => Objects[K] | undefined;
export type Transform = { readonly [K in ObjectKind]?: Change<K> | PatchOperation[] };

const one = z.union([patch, change], { error: "a list of JSON Patch operations, or (in app.ts) a function" });

export const transform = z.partialRecord(z.enum(objectKinds), one).meta({
  description:
    "The way out: changes to the rendered objects of one kind. In `app.ts` a function, in `app.yaml` a JSON Patch. Name and namespace stay.",
  examples: [{ Deployment: [{ op: "add", path: "/spec/template/spec/hostAliases", value: [] }] }],
}) as unknown as z.ZodType<Transform, Transform>;

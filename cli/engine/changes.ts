import type { EngineEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation";

/** How an operation is told while it runs and when it is over. */
interface Verb {
  readonly doing: string;
  readonly done: string;
}

const verbs: Partial<Record<OpType, Verb>> = {
  create: { doing: "creating", done: "created" },
  update: { doing: "updating", done: "updated" },
  delete: { doing: "deleting", done: "deleted" },
  replace: { doing: "replacing", done: "replaced" },
  "create-replacement": { doing: "creating replacement of", done: "created replacement of" },
  "delete-replaced": { doing: "deleting replaced", done: "deleted replaced" },
  import: { doing: "adopting", done: "adopted" },
  refresh: { doing: "reading", done: "read" },
};

/** The verb of an operation that changes something; nothing for `same` and the like. */
export function verbOf({ op }: StepEventMetadata): Verb | undefined {
  return verbs[op];
}

/** A resource as people name it, for example `Deployment shop/web`; components are left to their children. */
export function resourceTitle(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  const kind = types.split("$").at(-1)?.split(":").at(-1) ?? "";
  return `${kind} ${name.join("::")}`;
}

/** Whether a resource is one that people care for: not the stack itself, a provider or a component. */
export function isShown({ urn, old, new: next }: StepEventMetadata): boolean {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return !type.startsWith("pulumi:") && ((next ?? old)?.custom ?? false);
}

/** One thing the engine did, would do, or found. */
export interface Change {
  readonly urn: string;
  readonly operation: OpType;
  /** `Deployment shop/web` */
  readonly title: string;
  /** Paths of the properties that differ, for example `spec.replicas`. */
  readonly properties: readonly string[];
}

/** Gathers what an operation changed from the engine's events. */
export function changeOf({ resOutputsEvent, resourcePreEvent }: EngineEvent): Change | undefined {
  const metadata = (resOutputsEvent ?? resourcePreEvent)?.metadata;
  if (metadata === undefined || verbOf(metadata) === undefined || !isShown(metadata)) return undefined;
  const properties = Object.keys(metadata.detailedDiff ?? {});
  return { urn: metadata.urn, operation: metadata.op, title: resourceTitle(metadata.urn), properties };
}

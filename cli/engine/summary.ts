import type { Change } from "./changes";
import type { OperationResult } from "./operate";

type Outcome = Pick<OperationResult, "changes" | "unchanged">;

/** `local: 3 created, 1 updated, 12 unchanged`; of a preview, which did nothing: `local: 3 to create, 1 to update, 12 unchanged` */
export function summary(stack: string, { changes, unchanged }: Outcome, tense: "done" | "to do" = "done"): string {
  const verbs = tense === "done" ? pastTense : infinitive;
  const counts = new Map<string, number>();
  for (const { operation } of changes) {
    const verb = verbs[operation] ?? operation;
    counts.set(verb, (counts.get(verb) ?? 0) + 1);
  }
  const parts = [...counts].map(([verb, count]) => `${count} ${verb}`);
  return `${stack}: ${[...parts, `${unchanged} unchanged`].join(", ")}`;
}

const pastTense: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  "create-replacement": "created anew",
  "delete-replaced": "deleted for a replacement",
  import: "adopted",
  refresh: "read",
};

const infinitive: Readonly<Record<string, string>> = {
  create: "to create",
  update: "to update",
  delete: "to delete",
  replace: "to replace",
  "create-replacement": "to create anew",
  "delete-replaced": "to delete for a replacement",
  import: "to adopt",
  refresh: "to read",
};

/** What changed, for a machine to read. */
export function changesTold({ changes, unchanged }: Outcome): object {
  return {
    changes: changes.map(({ operation, title, properties }) => ({ operation, resource: title, properties })),
    unchanged,
  };
}

/** One line per change, with the properties that differ. */
export function changeList({ changes }: Pick<Outcome, "changes">): string {
  return changes.map((change) => `${changeLine(change)}\n`).join("");
}

/** `update Deployment shop/web (spec.replicas)` */
export function changeLine({ operation, title, properties }: Change): string {
  return `${operation} ${title}${properties.length === 0 ? "" : ` (${properties.join(", ")})`}`;
}

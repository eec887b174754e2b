import type { Change } from "../engine/changes";
import type { Advice } from "../engine/operate";
import { changeLine, summary } from "../engine/summary";

/** What `up` would do to the infrastructure of a cluster, for the people who review it. */
export interface InfrastructureReport {
  /** `prod.aws-eu.infra` */
  readonly stack: string;
  readonly changes: readonly Change[];
  /** Resources that would stay as they are. */
  readonly unchanged: number;
  /** What rules report without refusing it. */
  readonly advice: readonly Advice[];
  /** Why it can't be told what would change, or what refuses it. Absent where all went well. */
  readonly notPreviewed?: readonly { readonly code: string; readonly message: string; readonly fix: string }[];
}

const losing: ReadonlySet<string> = new Set(["delete", "replace", "create-replacement", "delete-replaced"]);

/** Changes that take a resource away, even if another takes its place: a cluster or data may go with it. */
export function losses({ changes }: InfrastructureReport): readonly Change[] {
  return changes.filter(({ operation }) => losing.has(operation));
}

/** One line for each change, the losses first. */
export function infrastructureChanges(report: InfrastructureReport): string[] {
  const lost = losses(report);
  return [...lost, ...report.changes.filter((change) => !lost.includes(change))].map(changeLine);
}

/** `prod.aws-eu.infra: 101 to create, 0 unchanged`, or that it was not previewed. */
export function infrastructureLine(report: InfrastructureReport): string {
  return report.notPreviewed === undefined ? summary(report.stack, report, "to do") : `${report.stack}: not previewed`;
}

/** What speaks against it, each as a sentence: refusals and reasons first. */
export function infrastructureRemarks({ notPreviewed = [], advice }: InfrastructureReport): string[] {
  return [
    ...notPreviewed.map(({ code, message, fix }) => `${message} ${fix} [${code}]`),
    ...advice.map(
      ({ rule, resource, message }) => `${resource === undefined ? "" : `${resource}: `}${rule}: ${message}`,
    ),
  ];
}

import { errorsOf, type PetrichorError } from "../../components/errors";
import { isCloud } from "../../stacks/stack";
import { projectRoot, type Target } from "../clusters";
import { operate, type OperationResult } from "../engine/operate";
import { openStack } from "../engine/session";
import { changesTold } from "../engine/summary";
import type { Progress } from "../progress";
import type { InfrastructureReport } from "../report/infrastructure";
import { infrastructureStack, ownRules } from "../up/infrastructure";

/** What `up` would do to the infrastructure of a cluster, or why that can't be told. */
export interface InfrastructurePreview {
  /** `dev.infra` */
  readonly stack: string;
  readonly result?: OperationResult;
  readonly errors: readonly PetrichorError[];
}

/**
 * Asks the engine what `up` would do to the infrastructure of a cluster, and lets the project's own rules judge it. What goes wrong is told in the
 * result, because the apps can be previewed all the same. Nothing for clusters of others.
 */
export async function previewInfrastructure(
  target: Target,
  { progress, signal, policyPack }: { progress: Progress; signal: AbortSignal; policyPack?: string | undefined },
): Promise<InfrastructurePreview | undefined> {
  if (!isCloud(target.cluster)) return undefined;
  const stack = infrastructureStack(target);
  try {
    const engine = await openStack(projectRoot, stack, target.stack);
    const result = await operate(engine, "preview", { progress, signal, policyPack: policyPack ?? ownRules });
    return { stack, result, errors: [] };
  } catch (error) {
    return { stack, errors: errorsOf(error) };
  }
}

/** Whether the machine lacks what a preview of the infrastructure takes. */
export function isImpossible({ errors }: InfrastructurePreview): boolean {
  return errors.some(({ code }) => code === "PLUGIN_MISSING");
}

/** A preview of the infrastructure as reports have it. */
export function infrastructureReport({ stack, result, errors }: InfrastructurePreview): InfrastructureReport {
  return {
    stack,
    changes: result?.changes ?? [],
    unchanged: result?.unchanged ?? 0,
    advice: result?.advice ?? [],
    ...(errors.length === 0 ? {} : { notPreviewed: errors.map(({ code, message, fix }) => ({ code, message, fix })) }),
  };
}

/** A preview of the infrastructure for a machine to read. */
export function infrastructureTold(preview: InfrastructurePreview): object {
  const { stack, result, errors } = preview;
  if (result !== undefined) return { stack, ...changesTold(result), advice: result.advice };
  return { stack, notPreviewed: errors.map(({ code, message, fix }) => ({ code, message, fix })) };
}

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { factsSchema } from "../../components/cluster/facts-schema";
import { PetrichorError } from "../../components/errors";
import { isCloud } from "../../stacks/stack";
import { cloudKubeconfig, projectRoot, type Target } from "../clusters";
import { operate, type OperationResult } from "../engine/operate";
import { openStack } from "../engine/session";
import type { Progress } from "../progress";
import { ReleaseStore } from "../release/store";

/** Name of the stack that holds a cluster's infrastructure. */
export function infrastructureStack({ stackName }: Pick<Target, "stackName">): string {
  return `${stackName}.infra`;
}

/** The policy pack of the project: it judges what only the engine sees, the clouds' resources. */
export const ownRules = path.join(projectRoot, "policies");

/**
 * Brings the infrastructure of a cloud cluster up to date, leaves its kubeconfig for `kubectl`, and locks the facts that came out. The project's
 * rules judge all of it first, because a rule about a whole stack speaks only at the end of an update.
 * Does nothing for other clusters.
 *
 * @throws PetrichorError PLUGIN_MISSING; POLICY_VIOLATED before anything is changed; RELEASE_FROZEN when facts came out that the release
 *   file doesn't say
 */
export async function ensureInfrastructure(
  target: Target,
  options: { readonly progress: Progress; readonly signal: AbortSignal; readonly frozen: boolean },
): Promise<OperationResult | undefined> {
  if (!isCloud(target.cluster)) return undefined;
  const { progress, signal, frozen } = options;
  const engine = await openStack(projectRoot, infrastructureStack(target), target.stack);
  await operate(engine, "preview", { progress, signal, policyPack: ownRules });
  const result = await operate(engine, "up", { progress, signal });
  const outputs = await engine.outputs();
  writeKubeconfig(target.stackName, String(outputs.kubeconfig));
  await lockFacts(target, outputs.facts, frozen);
  return result;
}

/**
 * Whether the cluster of a stack exists as far as the engine's state says: a cloud's cluster is there once its infrastructure was made.
 * Its infrastructure stack is made, empty, so that the apps' stack can refer to it.
 */
export async function isMade(target: Target): Promise<boolean> {
  if (!isCloud(target.cluster)) return true;
  const engine = await openStack(projectRoot, infrastructureStack(target), target.stack);
  return (await engine.outputs()).kubeconfig !== undefined;
}

function writeKubeconfig(stackName: string, text: string): void {
  const file = cloudKubeconfig(stackName);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}

async function lockFacts({ stack, stackName, name }: Target, exported: unknown, frozen: boolean): Promise<void> {
  const facts = factsSchema.parse(exported);
  const store = new ReleaseStore(projectRoot, stack);
  if (isDeepStrictEqual(store.read().facts[name], JSON.parse(JSON.stringify(facts)))) return;
  if (frozen) {
    throw new PetrichorError(
      "RELEASE_FROZEN",
      `the infrastructure of ${stackName} has facts that the release file doesn't say.`,
      `Run \`petrichor lock ${stack.environment}\`, have the file reviewed, then try again.`,
      { stack: stackName },
    );
  }
  await store.change(`petrichor up ${stackName}`, (current) =>
    Promise.resolve({
      ...current,
      facts: { ...current.facts, [name]: facts },
    }),
  );
}

import { isDeepStrictEqual } from "node:util";
import type { Release } from "../../components/app/release";
import { detectFacts } from "../../components/cluster/existing";
import { isCloud } from "../../stacks/stack";
import { kubectlFor, projectRoot, type Target } from "../clusters";
import { observe } from "./observe";

type Facts = Release["facts"][string];

/** The facts of a cluster as they are now: seen in it, or exported by its infrastructure. Nothing for embedded ones, whose facts are built in. */
export async function currentFacts(target: Target): Promise<Facts | undefined> {
  const { cluster } = target;
  if (cluster.kind === "embedded") return undefined;
  if (!isCloud(cluster)) return plain(detectFacts(await observe(await kubectlFor(target))));
  const { openStack } = await import("../engine/session");
  const { infrastructureStack } = await import("../up/infrastructure");
  const engine = await openStack(projectRoot, infrastructureStack(target), target.stack);
  const outputs = await engine.outputs();
  return outputs.facts === undefined ? undefined : plain(outputs.facts);
}

/** One fact that differs. */
export interface FactChange {
  readonly cluster: string;
  readonly fact: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The facts of a cluster that differ between two readings, by name. */
export function factChanges(cluster: string, before: Facts = {}, after: Facts = {}): FactChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((fact) => !isDeepStrictEqual(before[fact], after[fact]))
    .map((fact) => ({
      cluster,
      fact,
      ...(fact in before ? { before: before[fact] } : {}),
      ...(fact in after ? { after: after[fact] } : {}),
    }));
}

/** As the release file will say it: without what JSON can't hold. */
function plain(facts: unknown): Facts {
  return JSON.parse(JSON.stringify(facts)) as Facts;
}

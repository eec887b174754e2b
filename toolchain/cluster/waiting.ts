import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PetrichorError } from "../../components/errors";
import { readJson } from "./files";
import type { Layout } from "./layout";
import { findNode } from "./running";

/** Milliseconds until a start counts as failed; a machine that builds at the same time takes several times the usual 10 s. */
const patience = 180_000;
/** Milliseconds between two looks. */
const interval = 50;
/** Lines of a log that an error shows. */
const shownLines = 10;

/** What the supervisor says about a process. */
export interface ProcessStatus {
  readonly state: "waiting" | "running";
  /** Process id inside the node; 0 while it isn't running. */
  readonly pid: number;
  readonly restarts: number;
  readonly since: string;
  readonly lastEnd?: string;
}

export async function readStatus(layout: Layout): Promise<Readonly<Record<string, ProcessStatus>>> {
  return (await readJson(layout.status)) ?? {};
}

/**
 * Waits until something is so.
 *
 * @throws PetrichorError CLUSTER_START_FAILED when it takes too long or the node ends meanwhile
 */
export async function until(what: string, isSo: () => Promise<boolean>, layout: Layout): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await isSo())) {
    if ((await findNode(layout)) === undefined) throw await startFailure("its first process ended", layout);
    if (Date.now() > deadline) throw await startFailure(`after ${patience / 1000} s it is not so that ${what}`, layout);
    await sleep(interval);
  }
}

/** The error of a start that did not come to its end, with the last words of the part that is to blame. */
export async function startFailure(reason: string, layout: Layout): Promise<PetrichorError> {
  const status = await readStatus(layout);
  // The first in the order of starting that keeps ending: the others wait for it.
  const [culprit = "supervisor"] = Object.entries(status)
    .filter(([, { lastEnd }]) => lastEnd !== undefined)
    .sort(([, a], [, b]) => b.restarts - a.restarts)
    .map(([name]) => name);
  const log = join(layout.logs, `${culprit}.log`);
  const lines = (await readFile(log, "utf8").catch(() => "")).trimEnd().split("\n").slice(-shownLines);
  return new PetrichorError(
    "CLUSTER_START_FAILED",
    `The embedded cluster did not start: ${reason}. Last lines of ${culprit}:\n${lines.join("\n")}\n`,
    `See ${layout.logs}; \`petrichor cluster delete\` and a new start make the cluster anew, without its data.`,
  );
}

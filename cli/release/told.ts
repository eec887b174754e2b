import type { ReleaseChange } from "../../components/release/changes";
import { table } from "../table";

/** What a change of a release means, for people: which workload goes from which image to which, and what these were built from. */
export function changesTable(changes: readonly ReleaseChange[]): string {
  return table([
    ["WORKLOAD", "FROM", "TO", "SOURCE"],
    ...changes.map((change) => [
      `${change.app}/${change.workload}`,
      shortDigest(change.before),
      shortDigest(change.after),
      sources(change),
    ]),
  ]);
}

function sources({ revisionBefore, revisionAfter }: ReleaseChange): string {
  if (revisionBefore === revisionAfter) return shortRevision(revisionAfter);
  return `${shortRevision(revisionBefore)} → ${shortRevision(revisionAfter)}`;
}

function shortDigest(digest: string | undefined): string {
  return digest === undefined ? "-" : digest.slice("sha256:".length, "sha256:".length + 12);
}

/** A commit or a hash, as long as people need it. */
function shortRevision(revision: string | undefined): string {
  return revision === undefined ? "-" : revision.replace(/^sha256:/, "").slice(0, 12);
}

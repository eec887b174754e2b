import { colorsFor } from "../progress";
import { table } from "../table";
import { fullName } from "./find";
import type { LoadedWorkload } from "./load";

/** What workloads carry, as a table for people. */
export function loadTable(workloads: readonly LoadedWorkload[], now = Date.now()): string {
  const colors = colorsFor(process.stdout);
  const heading = ["WORKLOAD", "READY", "BOUNDS", "REQ/S", "P95", "CPU", "MEMORY", "LAST DECISION"];
  const rows = workloads.map((one) => [
    fullName(one),
    `${one.ready}/${one.wanted}`,
    one.bounds === undefined ? "fixed" : `${one.bounds.min}…${one.bounds.max}`,
    one.rate === undefined ? "" : one.rate.toFixed(1),
    one.p95 === undefined ? "" : `${Math.round(one.p95)}ms`,
    one.cpu === undefined ? "" : `${one.cpu}m`,
    one.memory === undefined ? "" : `${one.memory}Mi`,
    [
      ...(one.decision === undefined ? [] : [`${one.decision.text} (${age(one.decision.at, now)} ago)`]),
      ...(one.state === undefined ? [] : [colors.yellow(one.state)]),
    ].join("; "),
  ]);
  return table([heading.map((title) => colors.bold(title)), ...rows]);
}

/** `12s`, `5m`, `3h` or `2d` since a time. */
function age(at: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)}h` : `${Math.round(seconds / 86_400)}d`;
}

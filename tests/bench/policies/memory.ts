import { readdirSync, readFileSync } from "node:fs";

/** Largest resident set of the processes that this one started and that still run, MiB together; from Linux's own books. */
export function memoryOfChildren(): number {
  const own = `${process.pid}`;
  const kibibytes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(statusOf)
    .filter((status) => status.get("PPid") === own)
    .map((status) => Number.parseInt(status.get("VmHWM") ?? "0", 10));
  return Math.round(kibibytes.reduce((sum, one) => sum + one, 0) / 1024);
}

function statusOf(id: string): ReadonlyMap<string, string> {
  try {
    const lines = readFileSync(`/proc/${id}/status`, "utf8").split("\n");
    return new Map(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
  } catch {
    // It ended meanwhile.
    return new Map();
  }
}

import type { BuildEvent } from "./build";
import { tools } from "./tools";

/** Time between two signs of life of a long build, in milliseconds. */
const signOfLife = 30_000;

/** Prints one line per event, and one every 30 s for a build that goes on; suits a log as well as a terminal. */
export function lineReporter(print: (line: string) => void = printToStderr): (event: BuildEvent) => void {
  const lastPrinted = new Map<string, number>();
  return (event) => {
    const now = Date.now();
    if (event.type === "progress") {
      if (now - (lastPrinted.get(event.tool) ?? 0) < signOfLife) return;
    }
    lastPrinted.set(event.tool, now);
    print(lineOf(event));
  };
}

function printToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One event as a line, for example `built    coredns in 92 s (48 MiB)`. */
export function lineOf(event: BuildEvent): string {
  switch (event.type) {
    case "started":
      return `building ${event.tool} (${tools[event.tool].purpose})${expectation(tools[event.tool].seconds)}`;
    case "waiting":
      return `waiting  ${event.tool} is being built by process ${event.pid}`;
    case "progress":
      return `building ${event.tool}: ${event.text}`;
    case "finished":
      return `built    ${event.tool} in ${Math.round(event.seconds)} s (${Math.ceil(event.bytes / 2 ** 20)} MiB)`;
    case "failed":
      return `failed   ${event.tool}`;
  }
}

function expectation(seconds: number): string {
  if (seconds < 30) return "";
  return seconds < 90 ? `, about ${Math.round(seconds / 10) * 10} s` : `, about ${Math.round(seconds / 60)} min`;
}

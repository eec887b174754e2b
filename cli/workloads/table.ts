import { colorsFor } from "../progress";
import { table } from "../table";
import { fullName, type RunningWorkload } from "./find";

/** The workloads as a table for people. */
export function workloadTable(workloads: readonly (RunningWorkload & { readonly stack: string })[]): string {
  const colors = colorsFor(process.stdout);
  const severalStacks = new Set(workloads.map(({ stack }) => stack)).size > 1;
  const rows = workloads.map((one) => {
    const well = one.ready >= one.wanted;
    const ready = `${one.ready}/${one.wanted}`;
    return [
      ...(severalStacks ? [one.stack] : []),
      fullName(one),
      one.kind,
      well ? colors.green(ready) : colors.red(ready),
      shortImage(one.image),
      one.addresses.join(" "),
    ];
  });
  const heading = [...(severalStacks ? ["STACK"] : []), "WORKLOAD", "KIND", "READY", "IMAGE", "ADDRESS"];
  return table([heading.map((title) => colors.bold(title)), ...rows]);
}

/** `registry.example.com/shop/web@sha256:0123…` without what nobody reads. */
function shortImage(image: string): string {
  return image.replace(/^[^/]+\.[^/]+\//, "").replace(/@sha256:([a-f0-9]{12})[a-f0-9]+$/, "@$1");
}

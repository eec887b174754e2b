import { findTools } from "../../toolchain/locate";

export interface ToolRow {
  readonly tool: string;
  /** Where its files come from: `missing` ones were never built on this machine. */
  readonly state: "built" | "installed" | "missing";
  /** Seconds that its build took when it was made; short where Go's build cache already held most of it. */
  readonly seconds?: number;
  /** Size of its files, MiB. */
  readonly mebibytes?: number;
}

/** What building each tool took and takes up, from the records in the cache. Builds nothing. */
export async function bench(): Promise<readonly ToolRow[]> {
  const found = [...(await findTools())];
  return found.map(([tool, one]) =>
    one.state === "built"
      ? { tool, state: one.state, seconds: one.record.seconds, mebibytes: one.record.bytes / 2 ** 20 }
      : { tool, state: one.state },
  );
}

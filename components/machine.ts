import { homedir } from "node:os";
import path from "node:path";

/** Where this machine keeps clusters, engine state and releases of its own: `PETRICHOR_HOME`, else `~/.local/state/petrichor`. */
export function machineState(): string {
  return path.resolve(process.env.PETRICHOR_HOME ?? path.join(homedir(), ".local/state/petrichor"));
}

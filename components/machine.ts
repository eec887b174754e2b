import { homedir } from "node:os";
import path from "node:path";

/** Where this machine keeps clusters, engine state and releases of its own: `PETRICHOR_HOME`, else `~/.local/state/petrichor`. */
export function machineState(): string {
  return path.resolve(process.env.PETRICHOR_HOME ?? path.join(homedir(), ".local/state/petrichor"));
}

/** Where this machine keeps what it can make again: built tools, rendered manifests. `PETRICHOR_CACHE`, else `~/.cache/petrichor`. */
export function machineCache(): string {
  return path.resolve(process.env.PETRICHOR_CACHE ?? path.join(homedir(), ".cache/petrichor"));
}

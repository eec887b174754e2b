import { PetrichorError } from "../components/errors";
import { diskFull, logFile } from "./cache";
import { CommandError } from "./command";
import type { ToolName } from "./tools";

/** What a failed build tells the person who waits for it. */
export function buildFailure(name: ToolName, cause: unknown): PetrichorError {
  if (cause instanceof PetrichorError) return cause;
  const full = diskFull(cause, logFile(name));
  if (full !== undefined) return full;
  const lines = cause instanceof CommandError ? cause.lastLines : [];
  const text = lines.join("\n");
  if (/no space left on device/i.test(text)) {
    return new PetrichorError(
      "DISK_FULL",
      `The disk filled up while ${name} was built:\n${text}\n`,
      "Free space on the disk that the last line names (Go's own folders: GOCACHE, GOMODCACHE, GOTMPDIR), then run it again.",
      {},
      { cause },
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PetrichorError(
    "TOOL_BUILD_FAILED",
    `${name} could not be built: ${reason}.${text === "" ? "" : `\n${text}\n`}`,
    `${isNetwork(text) ? networkFix : "Correct what the last lines name and run it again."} The whole log is in ${logFile(name)}.`,
    {},
    { cause },
  );
}

const networkFix =
  "The module or package source could not be reached: check the network, and GOPROXY (`go env GOPROXY`) or apt's sources.";

function isNetwork(text: string): boolean {
  return /dial tcp|no such host|i\/o timeout|connection refused|proxyconnect|TLS handshake|Could not resolve|Failed to fetch/i.test(
    text,
  );
}

/** What an error code means to a script: the exit code, and to a reader: the title on the reference page. */
interface CodeEntry {
  readonly title: string;
  /** 2 = the input is wrong, 3 = the machine lacks something, 4 = the cluster or engine failed. */
  readonly exit: 2 | 3 | 4;
}

/**
 * The registry of every error code. Codes are stable: scripts match on them. Add a code here, document it by its title,
 * and reach it in a test; `docs/reference/errors.md` is generated from this table.
 */
export const codes = {
  // input: stacks, apps, releases
  STACK_UNKNOWN: { title: "There is no stack of that name", exit: 2 },
  STACK_INVALID: { title: "The stack file breaks the schema", exit: 2 },
  APP_UNKNOWN: { title: "There is no app of that name", exit: 2 },
  APP_FILE_BROKEN: { title: "The app file can't be read or compiled", exit: 2 },
  APP_INVALID: { title: "A field of the app breaks the schema", exit: 2 },
  RELEASE_MISSING: { title: "The release file names no digest for a workload that is built from source", exit: 2 },
  RELEASE_INVALID: { title: "The release file breaks the schema", exit: 2 },
  // machine: toolchain and embedded cluster
  GO_MISSING: { title: "Go is not installed or too old", exit: 3 },
  TOOL_BUILD_FAILED: { title: "A tool could not be built", exit: 3 },
  DISK_FULL: { title: "The folder has no space left", exit: 3 },
  MACHINE_UNSUITABLE: { title: "The machine can't run the embedded cluster", exit: 3 },
  PORT_IN_USE: { title: "A port the embedded cluster needs is taken", exit: 3 },
  // running
  CLUSTER_UNREACHABLE: { title: "The cluster's API server does not answer", exit: 4 },
  CLUSTER_START_FAILED: { title: "A part of the embedded cluster did not become ready", exit: 4 },
  BUILD_FAILED: { title: "The source of a workload could not be built into an image", exit: 4 },
  ENGINE_FAILED: { title: "The Pulumi engine reported an error", exit: 4 },
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof codes;

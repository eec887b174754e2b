let interrupted = false;

/** Whether this process was asked to end. */
export function wasInterrupted(): boolean {
  return interrupted;
}

/**
 * A signal that is raised when this process is asked to end. A second request ends it at once.
 *
 * On a terminal an interrupt reaches child processes by itself; a second one, from us, would make the engine drop what is under way.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const ask = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted || interrupted) process.exit(interruptedExit);
    interrupted = true;
    if (signal === "SIGTERM" || !process.stdin.isTTY) controller.abort();
  };
  process.on("SIGINT", ask);
  process.on("SIGTERM", ask);
  return controller.signal;
}

/** Exit code of a process that was interrupted, as shells have it. */
export const interruptedExit = 130;

import { createHash } from "node:crypto";
import { connect, createServer, type Server } from "node:net";
import { platform } from "node:os";
import { systemErrorCode } from "./system-error";

/**
 * Runs `action` while no other process of this machine runs one under the same name, and waits for its turn without polling.
 *
 * The lock is an abstract Unix socket: a name that the kernel gives to one process and takes back when that process ends,
 * however it ends. So there is no lock file, none can be stale, and whoever waits is woken by the end of the connection.
 * Elsewhere than on Linux there is no such name; there the atomic rename of a result alone keeps it whole.
 *
 * @param onWait called with the holder's process id each time it has to wait.
 */
export async function withLock<T>(name: string, action: () => Promise<T>, onWait?: (pid: number) => void): Promise<T> {
  if (platform() !== "linux") return action();
  const address = `\0petrichor-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  const lock = await acquire(address, onWait);
  try {
    return await action();
  } finally {
    lock.close();
  }
}

async function acquire(address: string, onWait?: (pid: number) => void): Promise<Lock> {
  for (;;) {
    const lock = await tryAcquire(address);
    if (lock !== undefined) return lock;
    await released(address, onWait);
  }
}

/** A held name; the waiting connect to it, and are let go by its end. */
class Lock {
  private readonly waiting = new Set<{ destroy(): void }>();

  constructor(private readonly server: Server) {
    server.on("connection", (socket) => {
      this.waiting.add(socket);
      socket.on("error", () => undefined).on("close", () => this.waiting.delete(socket));
      socket.write(String(process.pid));
    });
    // Waiting for a lock is no reason to stay alive, holding one neither.
    server.unref();
  }

  close(): void {
    this.server.close();
    for (const socket of this.waiting) socket.destroy();
  }
}

function tryAcquire(address: string): Promise<Lock | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    const lock = new Lock(server);
    server.once("listening", () => {
      resolve(lock);
    });
    server.once("error", (error) => {
      if (systemErrorCode(error) === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address);
  });
}

async function released(address: string, onWait?: (pid: number) => void): Promise<void> {
  const socket = connect(address);
  socket.once("data", (pid) => onWait?.(Number(pid.toString())));
  // Refused or reset means the same as closed: the holder is gone.
  socket.on("error", () => undefined);
  socket.resume();
  await new Promise((resolve) => socket.once("close", resolve));
}

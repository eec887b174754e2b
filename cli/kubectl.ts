import { execFile, spawn } from "node:child_process";
import { PetrichorError } from "../components/errors";

/** How `kubectl` says that nobody answers. */
const unreachable =
  /connection refused|was refused|i\/o timeout|no such host|unable to connect to the server|TLS handshake timeout|context deadline exceeded|EOF$/im;

/**
 * How `kubectl` says that the cluster doesn't know a kind; the last form comes where it still remembers another cluster that answered at the
 * same address.
 */
const unknownKind = /doesn't have a resource type|no matches for kind|could not find the requested resource/;

/** How a container runtime says, through `kubectl`, that an image lacks a program. */
const missingProgram =
  /OCI runtime exec failed: .*exec: "([^"]+)": (?:executable file not found|stat .*: no such file)/;

/** Longest time to wait for an answer of the API server. */
const requestTimeout = "10s";

/** Most bytes of an answer, far above what the objects of one cluster take. */
const answerLimit = 256 * 2 ** 20;

/** What tells an object from others of its kind, and whose it is. */
export interface NamedObject {
  readonly name: string;
  /** Absent for objects outside namespaces. */
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** `kubectl`, led to one cluster. */
export class Kubectl {
  /**
   * @param program path or name of `kubectl`
   * @param access arguments that lead to the cluster, for example `--kubeconfig FILE`
   * @param cluster the cluster's name for messages
   */
  constructor(
    private readonly program: string,
    private readonly access: readonly string[],
    private readonly cluster: string,
  ) {}

  /**
   * Runs `kubectl` and reads its answer as JSON.
   * @throws PetrichorError CLUSTER_UNREACHABLE, or ENGINE_FAILED with what `kubectl` said
   */
  async json<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.text(...args, "--output", "json")) as T;
  }

  /**
   * Runs `kubectl` and returns what it printed.
   * @throws PetrichorError as `json`
   */
  async text(...args: readonly string[]): Promise<string> {
    return this.run(args, "");
  }

  /**
   * Applies the fields of an object on the server's side, as a field manager of its own.
   * @throws PetrichorError as `json`
   */
  async apply(object: object, manager: string): Promise<void> {
    const args = ["apply", "--server-side", "--field-manager", manager, "--filename", "-"];
    await this.run(args, JSON.stringify(object));
  }

  private async run(args: readonly string[], input: string): Promise<string> {
    const all = [...this.access, "--request-timeout", requestTimeout, ...args];
    return new Promise((resolve, reject) => {
      const child = execFile(this.program, all, { maxBuffer: answerLimit }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(this.failure(stderr.trim() === "" ? error.message : stderr.trim(), error));
      });
      // Where it ends before it has read everything, its own words say why.
      child.stdin?.on("error", () => undefined);
      // Without an end it would ask for a name and a password, and wait.
      child.stdin?.end(input);
    });
  }

  /**
   * Names and labels of every object of a kind in all namespaces; empty where the cluster doesn't know the kind.
   * @throws PetrichorError as `json`
   */
  async namesOfKind(kind: string): Promise<NamedObject[]> {
    const columns = "{.metadata.namespace}|{.metadata.name}|{.metadata.labels}";
    const format = `jsonpath={range .items[*]}${columns}{"\\n"}{end}`;
    try {
      const lines = (await this.text("get", kind, "--all-namespaces", "--output", format)).split("\n");
      return lines.filter((line) => line !== "").map(namedObject);
    } catch (error) {
      if (error instanceof PetrichorError && unknownKind.test(error.message)) return [];
      throw error;
    }
  }

  /**
   * Runs `kubectl` on this terminal and returns its exit code.
   * @throws PetrichorError PROGRAM_MISSING where a container shall run a program that its image lacks
   */
  async interactive(...args: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.program, [...this.access, ...args], { stdio: ["inherit", "inherit", "pipe"] });
      let missing: string | undefined;
      child.stderr.on("data", (chunk: Buffer) => {
        missing ??= missingProgram.exec(chunk.toString())?.[1];
        if (missing === undefined) process.stderr.write(chunk);
      });
      // The terminal sends an interrupt to the child too; it decides what to do with it, we report how it ended.
      const wait = (): void => undefined;
      process.on("SIGINT", wait);
      child.on("error", reject);
      child.on("close", (code, signal) => {
        process.off("SIGINT", wait);
        if (missing !== undefined) reject(lacksProgram(missing));
        else resolve(signal === "SIGINT" ? 130 : (code ?? 1));
      });
    });
  }

  private failure(message: string, cause: Error): PetrichorError {
    if (unreachable.test(message)) {
      return new PetrichorError(
        "CLUSTER_UNREACHABLE",
        `the cluster "${this.cluster}" does not answer: ${lastLine(message)}.`,
        "Start it (`petrichor cluster start`), or check the network and the kubeconfig.",
        {},
        { cause },
      );
    }
    return new PetrichorError(
      "ENGINE_FAILED",
      `kubectl failed: ${message}.`,
      "Correct the cause and try again.",
      {},
      { cause },
    );
  }
}

function lacksProgram(program: string): PetrichorError {
  return new PetrichorError(
    "PROGRAM_MISSING",
    `the container's image has no program "${program}".`,
    "Name a program of the image; an image built from source holds the app's own program only, without a shell.",
  );
}

function namedObject(line: string): NamedObject {
  const [namespace = "", name = "", ...labels] = line.split("|");
  const parsed = labels.join("|");
  return {
    name,
    ...(namespace === "" ? {} : { namespace }),
    labels: parsed === "" ? {} : (JSON.parse(parsed) as Record<string, string>),
  };
}

function lastLine(text: string): string {
  return (text.split("\n").at(-1) ?? "").replace(/\.$/, "");
}

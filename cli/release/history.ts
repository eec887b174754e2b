import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { PetrichorError } from "../../components/errors";

const run = promisify(execFile);

/** A state that a release file was in. */
export interface Revision {
  /** What `--to` takes: a commit, or a number. */
  readonly id: string;
  /** When it came about, RFC 3339. */
  readonly when: string;
  /** Who made it so; absent where nobody noted it. */
  readonly who?: string;
  /** Why, in the words of who did it. */
  readonly what?: string;
}

/** The past of one release file, newest first. */
export interface ReleaseHistory {
  revisions(): Promise<Revision[]>;
  /**
   * The text of the file at a revision.
   * @throws PetrichorError REVISION_UNKNOWN
   */
  text(id: string): Promise<string>;
}

/** Release files of the project have their past in Git: who reviewed what, and when. */
export class GitHistory implements ReleaseHistory {
  constructor(
    private readonly root: string,
    /** The file, relative to the project. */
    private readonly file: string,
  ) {}

  async revisions(): Promise<Revision[]> {
    const log = await this.#git("log", `--format=${["%H", "%aI", "%an", "%s"].join("%x1f")}`, "--", this.file);
    return log
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [id = "", when = "", who = "", what = ""] = line.split("\x1f");
        return { id: id.slice(0, 12), when, who, what };
      });
  }

  async text(id: string): Promise<string> {
    try {
      return await this.#git("show", "--end-of-options", `${id}:./${this.file}`);
    } catch (cause) {
      throw unknownRevision(id, this.file, cause);
    }
  }

  async #git(...args: readonly string[]): Promise<string> {
    const { stdout } = await run("git", [...args], { cwd: this.root, maxBuffer: 64 * 2 ** 20 });
    return stdout;
  }
}

/** Release files of this machine alone have their past beside them, as numbered copies. */
export class FolderHistory implements ReleaseHistory {
  readonly #folder: string;

  constructor(private readonly file: string) {
    this.#folder = path.join(path.dirname(file), "history", path.basename(file, ".yaml"));
  }

  /** Notes what the file says now. */
  add(text: string): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const last = Number(this.#ids()[0] ?? 0);
    writeFileSync(this.#path(String(last + 1)), text, { flag: "wx" });
  }

  revisions(): Promise<Revision[]> {
    return Promise.resolve(this.#ids().map((id) => ({ id, when: statSync(this.#path(id)).mtime.toISOString() })));
  }

  text(id: string): Promise<string> {
    if (!this.#ids().includes(id)) return Promise.reject(unknownRevision(id, path.basename(this.file)));
    return Promise.resolve(readFileSync(this.#path(id), "utf8"));
  }

  #path(id: string): string {
    return path.join(this.#folder, `${id}.yaml`);
  }

  /** Numbers of the copies, newest first. */
  #ids(): string[] {
    if (!existsSync(this.#folder)) return [];
    const numbers = readdirSync(this.#folder).flatMap((name) => /^(\d+)\.yaml$/.exec(name)?.[1] ?? []);
    return numbers.sort((a, b) => Number(b) - Number(a));
  }
}

function unknownRevision(id: string, file: string, cause?: unknown): PetrichorError {
  return new PetrichorError(
    "REVISION_UNKNOWN",
    `${file} has no revision "${id}".`,
    "Take one that `petrichor history` lists.",
    {},
    cause === undefined ? undefined : { cause },
  );
}

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { type Release, releaseSchema } from "../../components/app/release";
import { PetrichorError } from "../../components/errors";
import { isMachinesOwn, readRelease, releaseFile } from "../../stacks/project/release";
import type { Stack } from "../../stacks/stack";
import { writeRelease } from "../build/release";
import { FolderHistory, GitHistory, type ReleaseHistory, type Revision } from "./history";
import { holdingRelease } from "./lock";

/** The release file of one environment: what it runs, what it ran, and changes that nobody else makes at the same time. */
export class ReleaseStore {
  readonly file: string;
  readonly history: ReleaseHistory;

  constructor(
    private readonly root: string,
    private readonly stack: Stack,
  ) {
    this.file = releaseFile(root, stack);
    this.history = isMachinesOwn(stack)
      ? new FolderHistory(this.file)
      : new GitHistory(root, path.relative(root, this.file));
  }

  /** @throws PetrichorError RELEASE_INVALID */
  read(): Release {
    return readRelease(this.root, this.stack);
  }

  /**
   * Works out a new release from the one there is, and writes it. Returns whether the file changed.
   *
   * @param command what others are told while this holds the file
   * @param change gets the release as it is; returns the release as it shall be, or nothing to leave it
   * @throws PetrichorError RELEASE_LOCKED; RELEASE_CHANGED when somebody wrote the file by other means meanwhile
   */
  async change(command: string, change: (current: Release) => Promise<Release | undefined>): Promise<boolean> {
    return holdingRelease(this.file, command, async () => {
      const before = this.#text();
      const next = await change(this.read());
      if (next === undefined) return false;
      if (this.#text() !== before) {
        throw new PetrichorError(
          "RELEASE_CHANGED",
          `${path.basename(this.file)} was changed while the command worked.`,
          "Look at the change, then run the command again.",
          { stack: this.stack.environment },
        );
      }
      return writeRelease(this.file, next);
    });
  }

  /**
   * The release as it was at a revision.
   * @throws PetrichorError REVISION_UNKNOWN, RELEASE_INVALID
   */
  async at(id: string): Promise<Release> {
    const parsed = releaseSchema.safeParse(parse(await this.history.text(id)));
    if (parsed.success) return parsed.data;
    throw new PetrichorError(
      "RELEASE_INVALID",
      `revision ${id} of ${path.basename(this.file)} breaks the schema: ${parsed.error.issues[0]?.message ?? "unknown"}.`,
      "Choose another revision.",
      { stack: this.stack.environment },
    );
  }

  /** The newest revision that names other images than the file does now, with what it names. */
  async formerImages(
    differs: (former: Release) => boolean,
  ): Promise<{ revision: Revision; release: Release } | undefined> {
    for (const revision of await this.history.revisions()) {
      const release = await this.at(revision.id).catch((error: unknown) => {
        // A past state that today's schema refuses is no place to go back to.
        if (error instanceof PetrichorError && error.code === "RELEASE_INVALID") return undefined;
        throw error;
      });
      if (release !== undefined && differs(release)) return { revision, release };
    }
    return undefined;
  }

  #text(): string | undefined {
    return existsSync(this.file) ? readFileSync(this.file, "utf8") : undefined;
  }
}

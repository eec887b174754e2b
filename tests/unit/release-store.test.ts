import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { emptyRelease, type Release } from "../../components/app/release";
import { PetrichorError } from "../../components/errors";
import { ReleaseStore } from "../../cli/release/store";
import { stackSchema, type Stack } from "../../stacks/stack";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const release = (letter: string): Release => ({
  ...emptyRelease,
  apps: { shop: { web: { image: `registry.example.com/shop/web@${digest(letter)}` } } },
});
const stack = (kind: "embedded" | "existing"): Stack =>
  stackSchema.parse({
    environment: "staging",
    clusters: { only: kind === "embedded" ? { kind } : { kind, context: "somewhere" } },
    domain: "staging.example.com",
  });

let folder: string;
let home: string | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "petrichor-release-"));
  home = process.env.PETRICHOR_HOME;
  process.env.PETRICHOR_HOME = path.join(folder, "home");
});
afterEach(() => {
  if (home === undefined) delete process.env.PETRICHOR_HOME;
  else process.env.PETRICHOR_HOME = home;
  rmSync(folder, { recursive: true, force: true });
});

async function refusal(work: Promise<unknown>): Promise<PetrichorError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PetrichorError) return error;
  throw error instanceof Error ? error : new Error("nothing was refused");
}

const write = (store: ReleaseStore, next: Release): Promise<boolean> =>
  store.change("test", () => Promise.resolve(next));

describe("a release file of the project", () => {
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  const commit = async (store: ReleaseStore, letter: string): Promise<void> => {
    await write(store, release(letter));
    git("add", "releases");
    git("commit", "-q", "-m", `Promote ${letter}`);
  };

  test("has its past in Git", async () => {
    git("init", "-q");
    const store = new ReleaseStore(folder, stack("existing"));
    expect(store.file).toBe(path.join(folder, "releases/staging.yaml"));
    await commit(store, "a");
    await commit(store, "b");
    const revisions = await store.history.revisions();
    expect(revisions.map(({ who, what }) => ({ who, what }))).toEqual([
      { who: "Ada", what: "Promote b" },
      { who: "Ada", what: "Promote a" },
    ]);
    expect(await store.at(revisions[1]?.id ?? "")).toEqual(release("a"));
    expect((await refusal(store.at("0000000"))).code).toBe("REVISION_UNKNOWN");
    // A name that looks like an option of Git is a revision that isn't there.
    expect((await refusal(store.at("--output=x"))).code).toBe("REVISION_UNKNOWN");
    expect(existsSync(path.join(folder, "x"))).toBe(false);
  });

  test("whose image was edited to a tag by hand is refused", () => {
    const store = new ReleaseStore(folder, stack("existing"));
    mkdirSync(path.dirname(store.file));
    writeFileSync(store.file, "apps:\n  shop:\n    web:\n      image: registry.example.com/shop/web:latest\n");
    expect(() => store.read()).toThrow(expect.objectContaining({ code: "RELEASE_INVALID" }) as Error);
    try {
      store.read();
    } catch (error) {
      expect(String(error)).toContain("apps.shop.web.image: an image with its digest");
    }
  });

  test("with duplicates after a merge is refused", () => {
    const store = new ReleaseStore(folder, stack("existing"));
    mkdirSync(path.dirname(store.file));
    writeFileSync(store.file, "apps:\n  shop: {}\n  shop: {}\n");
    expect(() => store.read()).toThrow(expect.objectContaining({ code: "RELEASE_INVALID" }) as Error);
  });
});

describe("a release file of this machine", () => {
  test("has its past beside it", async () => {
    const store = new ReleaseStore(folder, stack("embedded"));
    expect(await store.history.revisions()).toEqual([]);
    expect(await write(store, release("a"))).toBe(true);
    expect(await write(store, release("a"))).toBe(false);
    await write(store, release("b"));
    expect((await store.history.revisions()).map(({ id }) => id)).toEqual(["2", "1"]);
    expect(await store.at("1")).toEqual(release("a"));
    expect((await refusal(store.at("7"))).code).toBe("REVISION_UNKNOWN");
    const former = await store.formerImages((old) => JSON.stringify(old) !== JSON.stringify(release("b")));
    expect(former?.revision.id).toBe("1");
  });

  test("of two changes at once one wins, the other is told by whom it was beaten", async () => {
    const store = new ReleaseStore(folder, stack("embedded"));
    let finish = (): void => undefined;
    const first = store.change("petrichor promote dev staging", async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return release("a");
    });
    const beaten = await refusal(write(store, release("b")));
    expect(beaten.code).toBe("RELEASE_LOCKED");
    expect(beaten.message).toContain(`\`petrichor promote dev staging\` (process ${process.pid} on ${hostname()}`);
    finish();
    expect(await first).toBe(true);
    expect(store.read()).toEqual(release("a"));
    expect(await write(store, release("b"))).toBe(true);
    expect(existsSync(`${store.file}.lock`)).toBe(false);
  });

  test("a lock whose process is gone is taken away; one of another machine is not", async () => {
    const store = new ReleaseStore(folder, stack("embedded"));
    mkdirSync(path.dirname(store.file), { recursive: true });
    const lock = {
      pid: 2 ** 22 + 1,
      hostname: hostname(),
      timestamp: new Date().toISOString(),
      command: "petrichor promote",
    };
    writeFileSync(`${store.file}.lock`, JSON.stringify(lock));
    expect(await write(store, release("a"))).toBe(true);
    writeFileSync(`${store.file}.lock`, JSON.stringify({ ...lock, hostname: "elsewhere" }));
    expect((await refusal(write(store, release("b")))).code).toBe("RELEASE_LOCKED");
  });

  test("a change that goes wrong leaves the file and no lock", async () => {
    const store = new ReleaseStore(folder, stack("embedded"));
    await write(store, release("a"));
    await expect(store.change("test", () => Promise.reject(new Error("no network")))).rejects.toThrow("no network");
    expect(store.read()).toEqual(release("a"));
    expect(existsSync(`${store.file}.lock`)).toBe(false);
  });

  test("a file that was changed by other means meanwhile is not overwritten", async () => {
    const store = new ReleaseStore(folder, stack("embedded"));
    await write(store, release("a"));
    const changed = store.change("test", () => {
      writeFileSync(store.file, readFileSync(store.file, "utf8").replaceAll("aaaa", "cccc"));
      return Promise.resolve(release("b"));
    });
    expect((await refusal(changed)).code).toBe("RELEASE_CHANGED");
    expect(store.read()).toEqual(release("c"));
  });
});

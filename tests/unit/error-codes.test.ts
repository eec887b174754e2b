import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Kubectl } from "../../cli/kubectl";
import { knownFacts } from "../../components/cluster/known-facts";
import { refusedVolumes } from "../../components/deploy/volumes";
import { codes, type ErrorCode } from "../../components/error-codes";
import { PetrichorError } from "../../components/errors";
import type { KubeObject } from "../../components/kube/object";
import { planMove } from "../../components/placement/move";
import { loadStack } from "../../stacks/project";
import { readPrices } from "../../stacks/project/prices";
import { layoutOf } from "../../toolchain/cluster/layout";
import { errorsOf, refused } from "../support/apps";

const project = path.resolve(__dirname, "../..");
const all = Object.keys(codes) as ErrorCode[];

/** The texts of the TypeScript files below some folders of the project. */
function texts(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(project, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && entry.name !== "error-codes.ts")
      .filter((entry) => !/toolchain.go|error-codes\.test/.test(path.join(entry.parentPath, entry.name)))
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8")),
  );
}

/** Codes that only a command on a running cluster raises, and which test makes it so without naming the code. */
const running: Partial<Record<ErrorCode, string>> = {
  ENGINE_FAILED: "the last test here",
};

test("some source raises every code", () => {
  const sources = texts("components", "stacks", "cli", "toolchain", "policies");
  expect(all.filter((code) => !sources.some((text) => text.includes(`"${code}"`)))).toEqual([]);
});

test("some test meets every code", () => {
  const tests = texts("tests");
  const met = new Set([...Object.keys(reached), ...Object.keys(running)]);
  expect(all.filter((code) => !met.has(code) && !tests.some((text) => text.includes(code)))).toEqual([]);
});

test("codes are words in capitals, and titles are sentences without an end", () => {
  for (const [code, { title }] of Object.entries(codes)) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z0-9]+)+$/);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
  }
});

const root = mkdtempSync(path.join(tmpdir(), "petrichor-codes-"));
beforeAll(() => {
  mkdirSync(path.join(root, "stacks"));
  writeFileSync(path.join(root, "stacks/broken.ts"), 'export default { environment: "broken", clusters: {} };\n');
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function claim(size: string, storageClass: string): KubeObject {
  const spec = { storageClassName: storageClass, resources: { requests: { storage: size } } };
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", namespace: "shop" }, spec };
}

const existing = { namespace: "shop", name: "data", size: "1Gi", storageClass: "slow" };

/** Ways to codes that no other test names: what raises them, and the message. */
const reached: Partial<Record<ErrorCode, readonly [call: () => unknown, message: RegExp]>> = {
  STACK_INVALID: [() => loadStack(root, "broken"), /^clusters: must hold at least one cluster\.$/],
  RELEASE_MISSING: [
    () => {
      const web = { kind: "service", port: 80, source: { folder: "./src" } };
      const [line] = refused({ name: "shop", workloads: { web } });
      throw new PetrichorError(line?.split(" ")[0] as ErrorCode, line ?? "", "");
    },
    /^RELEASE_MISSING source: the release of "dev" has no image for it\. No other environment has one yet: run the app in one, then promote it from there, `petrichor promote FROM dev --app shop`\.$/,
  ],
  CLUSTER_FACTS_UNKNOWN: [
    () => knownFacts({ environment: "dev", cluster: "own", definition: { kind: "existing" } }),
    /^nothing says loadBalancer, storageClass, .* of cluster "own"\.$/,
  ],
  CLUSTER_NAME_INVALID: [
    () => layoutOf({ name: "My Cluster" }),
    /^"My Cluster" can't be the name of an embedded cluster\.$/,
  ],
  MOVE_IMPOSSIBLE: [
    () => planMove({ environment: "dev", app: "shop", current: [], to: "b", allowed: ["b"], stateful: [] }),
    /^it can't be moved: it runs nowhere\.$/,
  ],
  PRICES_INVALID: [
    () => readPrices(root, "east", { policy: { monthlyBudget: 10 } } as never),
    /^the stack has a monthlyBudget, and nothing says what things cost\.$/,
  ],
  VOLUME_CLASS_FIXED: [
    () => {
      const [one] = refusedVolumes([claim("1Gi", "fast")], [existing], () => true);
      throw new PetrichorError(one?.code ?? "FIELD_VALUE", one?.message ?? "", one?.fix ?? "");
    },
    /^would move the volume from the StorageClass "slow" to "fast", which would lose its data\.$/,
  ],
};

test.each(Object.entries(reached))("%s is raised", (code, [call, message]) => {
  const [error] = errorsOf(call);
  expect(error?.code).toBe(code);
  expect(error?.message).toMatch(message);
  expect(error?.fix).toBeDefined();
});

test("ENGINE_FAILED is raised when kubectl fails for a reason of its own", async () => {
  const kubectl = new Kubectl(process.execPath, ["-e", "console.error('no such flag'); process.exit(1)", "--"], "dev");
  await expect(kubectl.text("get")).rejects.toMatchObject({ code: "ENGINE_FAILED" });
});

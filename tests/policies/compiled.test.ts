import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copyOfProject } from "../support/project";
import { PolicyPack } from "../support/policy-pack";
import { around, goodPod } from "./fixtures/cases";

// What judges is compiled when the pack starts: from the sources as they are at that moment, and never from older ones.

jest.setTimeout(300_000);

let folder: string;
beforeEach(() => {
  folder = copyOfProject(["apps", "releases"]);
  rmSync(path.join(folder, "policies/dist"), { recursive: true, force: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const compiled = (): string => path.join(folder, "policies/dist/pack.js");

function change(file: string, from: string, to: string): void {
  const source = readFileSync(path.join(folder, file), "utf8");
  expect(source).toContain(from);
  writeFileSync(path.join(folder, file), source.replace(from, to));
}

/** What the pack has against a pod that sees the node's processes, started anew. */
async function judged(): Promise<readonly string[]> {
  const pack = await PolicyPack.start(folder, "dev");
  try {
    const found = await pack.judge(around("Deployment", { ...goodPod, hostPID: true }));
    return found.map(({ rule, message }) => `${rule}: ${message}`);
  } finally {
    await pack.stop();
  }
}

test("the pack runs what its sources say, and is compiled anew only when one of them has changed", async () => {
  expect(await judged()).toEqual([expect.stringContaining("hostPID is set. Take hostNetwork")]);
  const first = statSync(compiled()).mtimeMs;
  expect(await judged()).toHaveLength(1);
  expect(statSync(compiled()).mtimeMs).toBe(first);

  change("policies/rules/no-host-namespaces.ts", "Take hostNetwork", "Leave out hostNetwork");
  expect(await judged()).toEqual([expect.stringContaining("hostPID is set. Leave out hostNetwork")]);

  // What rules are made of may lie outside the folder.
  change("components/kube/labels.ts", "owner: `${domain}/owner`", "owner: `${domain}/team`");
  expect(await judged()).toEqual([expect.anything(), expect.stringContaining("owner-named")]);
  expect(readdirSync(path.dirname(compiled()))).toEqual(["pack.js"]);
});

test("a stack file that changes is read without compiling anything", async () => {
  await judged();
  const first = statSync(compiled()).mtimeMs;
  change("stacks/dev.ts", 'environment: "dev",', 'environment: "dev",\n  policy: { enforcement: "audit" },');
  expect(await judged()).toHaveLength(1);
  expect(statSync(compiled()).mtimeMs).toBe(first);
});

test("packs that start at once all judge", async () => {
  const all = await Promise.all([judged(), judged(), judged()]);
  for (const found of all) expect(found).toHaveLength(1);
});

test("a rule that fails says where in its source", async () => {
  const rule = "policies/rules/service-has-pods.ts";
  change(
    rule,
    "    const workloads = runningWorkloads(objects);",
    "    if (objects.length > 0) throw new Error('no');\n",
  );
  const line =
    1 +
    readFileSync(path.join(folder, rule), "utf8")
      .split("\n")
      .findIndex((text) => text.includes("throw"));
  const pack = await PolicyPack.start(folder, "dev");
  try {
    const { apiVersion, kind, ...rest } = around("Deployment", goodPod);
    const resource = { type: "kubernetes:apps/v1:Deployment", name: "web", properties: { apiVersion, kind, ...rest } };
    await expect(pack.judgeStack([resource])).rejects.toThrow(new RegExp(`service-has-pods\\.ts:${line}:`));
  } finally {
    await pack.stop();
  }
});

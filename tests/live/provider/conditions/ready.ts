import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Case, expectAdopted, expectDone, expectHealthy } from "../cases";
import type { Resource } from "../engine";
import { labelName, type Scenario } from "../scenario";

/** The life of an object that nothing goes wrong with, and the adoption of one that Pulumi didn't make. */
export async function run(scenario: Scenario): Promise<void> {
  await scenario.up("create");
  await scenario.up("no-op");
  await scenario.observe("refresh", (engine) => engine.refresh());
  await scenario.up("update", { label: "second" });
  await scenario.up("replace", { label: "second", replaced: true });
  const replaced = { label: "second", replaced: true };
  rmSync(join(scenario.engine.folder, "state/.pulumi/stacks/small/dev.json"));
  await scenario.engine.create();
  await scenario.import(replaced);
  const program = asImported(scenario);
  await scenario.observe("update after import", (engine) => engine.up(program), replaced);
  await scenario.observe("delete", (engine) => engine.destroy(), replaced);
}

/** The program as `pulumi import` writes it: with all that the objects say of themselves, and one change. */
function asImported(scenario: Scenario): readonly Resource[] {
  const state = scenario.engine.state();
  return scenario.resources({ label: "third", replaced: true }).map((resource) => {
    const imported = state.get(resource.name)?.inputs ?? {};
    const metadata = imported["metadata"] as { labels?: object } | undefined;
    const labels = { ...metadata?.labels, [labelName]: "third" };
    // The state has the data encrypted; the program has it.
    const { stringData } = resource.inputs as { stringData?: object };
    const data = stringData === undefined ? {} : { data: undefined, stringData };
    return { ...resource, inputs: { ...imported, ...data, metadata: { ...metadata, labels } } };
  });
}

export const cases: readonly Case[] = [
  {
    operation: "create",
    expectation: "is created by a POST under a field manager of its own, and waited for",
    source: "clientSideCreate",
    check: (seen) => {
      expectDone(seen, "create");
      expectHealthy(seen);
      expect(seen.before).toBeUndefined();
      expect(seen.after?.metadata.labels?.[labelName]).toBe("first");
      expect(seen.after?.metadata.managedFields).toContainEqual(
        expect.objectContaining({ manager: seen.state?.outputs?.["__fieldManager"], operation: "Update" }),
      );
    },
  },
  {
    operation: "no-op",
    expectation: "is left alone, silent about what the server and others filled in",
    source: "prunedDiff",
    check: (seen) => {
      expectDone(seen, "same");
      expectHealthy(seen);
    },
  },
  {
    operation: "refresh",
    expectation: "finds nothing to change",
    source: "prunedDiff",
    check: (seen) => {
      expectDone(seen, "refresh");
      expect(seen.message).toBe("");
      expectHealthy(seen);
    },
  },
  {
    operation: "update",
    expectation: "changes in place, and the field manager owns its fields by apply from then on",
    source: "apply",
    check: (seen, { kind }) => {
      expectDone(seen, "update");
      expectHealthy(seen);
      expect(seen.after?.metadata.uid).toBe(seen.before?.metadata.uid);
      expect(seen.after?.metadata.labels?.[labelName]).toBe("second");
      // Definitions are replaced by a PUT: pulumi-kubernetes#3096.
      const operation = kind === "CustomResourceDefinition" ? "Update" : "Apply";
      expect(seen.after?.metadata.managedFields).toContainEqual(
        expect.objectContaining({ manager: seen.state?.outputs?.["__fieldManager"], operation }),
      );
    },
  },
  {
    operation: "replace",
    expectation: "is made anew: the old one goes first where both have one name, else last",
    source: "replace",
    check: (seen, { replacedBy }) => {
      const createFirst = ["create-replacement", "replace", "delete-replaced"];
      const deleteFirst = ["delete-replaced", "replace", "create-replacement"];
      expectDone(seen, ...(replacedBy === "metadata.name" ? createFirst : deleteFirst));
      expect(seen.steps.flatMap(({ diffs }) => diffs).join(" ")).toContain(replacedBy.split(".")[0]);
      expectHealthy(seen);
      expect(seen.before).toBeDefined();
      expect(seen.after?.metadata.uid).not.toBe(seen.before?.metadata.uid);
    },
  },
  {
    operation: "import",
    expectation: "is adopted as it is, with all it says as inputs",
    source: "import",
    check: expectAdopted,
  },
  {
    operation: "update after import",
    expectation: "goes on as if the program had made it",
    source: "import",
    check: (seen) => {
      expectDone(seen, "update");
      expectHealthy(seen);
      expect(seen.after?.metadata.labels?.[labelName]).toBe("third");
    },
  },
  {
    operation: "delete",
    expectation: "is gone from the cluster and from the state",
    source: "api",
    check: (seen) => {
      expectDone(seen, "delete");
      expect(seen.after).toBeUndefined();
      expect(seen.state).toBeUndefined();
    },
  },
];

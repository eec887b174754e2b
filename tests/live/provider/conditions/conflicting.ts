import {
  type Case,
  expectAdopted,
  expectDone,
  expectFailed,
  expectHealthy,
  expectUntouched,
  isDefinition,
} from "../cases";
import type { Kind } from "../kinds";
import { labelName, type Scenario } from "../scenario";

const other = "somebody-else";
const appliesFields = (kind: Kind): boolean => !isDefinition(kind);

/** Objects that somebody else made, and fields that somebody else took. */
export async function run(scenario: Scenario): Promise<void> {
  const { server, namespace } = scenario;
  await scenario.byOthers((kind) =>
    server.apply(scenario.object(kind, { label: "theirs" }), "--server-side", `--field-manager=${other}`),
  );
  await scenario.up("create");
  await scenario.importAside();
  await scenario.up("create with upsert", {}, { environment: { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" } });
  await scenario.up("create with upsert and force", forced("first"), {
    environment: { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" },
  });
  await scenario.up("no-op", forced("first"));
  await scenario.byOthers((kind, name) =>
    server.apply(
      {
        apiVersion: kind.apiVersion,
        kind: kind.kind,
        metadata: { name, ...inNamespace(kind, namespace), labels: { [labelName]: "taken" } },
      },
      ...["--server-side", "--field-manager=another", "--force-conflicts"],
    ),
  );
  await scenario.observe("refresh", (engine) => engine.refresh());
  await scenario.up("update", { label: "second" });
  await scenario.up("update with force", forced("second"));
  await scenario.observe("delete", (engine) => engine.destroy());
}

const forced = (label: string) => ({ label, annotations: { "pulumi.com/patchForce": "true" } });

const inNamespace = (kind: Kind, namespace: string): object => (kind.clusterScoped === true ? {} : { namespace });

export const cases: readonly Case[] = [
  {
    operation: "create",
    expectation: "fails and says that the object exists, which stays as it is and out of the state",
    source: "clientSideCreate",
    check: (seen) => {
      expectFailed(seen, "create");
      expect(seen.message).toContain("already exists");
      expect(seen.after?.metadata.labels?.[labelName]).toBe("theirs");
      expect(seen.state).toBeUndefined();
    },
  },
  {
    operation: "import",
    expectation: "is adopted whoever owns its fields",
    source: "import",
    check: expectAdopted,
  },
  {
    operation: "create with upsert",
    expectation: "fails and names the owner of the field in conflict",
    source: "conflicts",
    check: (seen) => {
      expectFailed(seen, "create");
      expect(seen.message).toContain(`conflict with "${other}"`);
      expect(seen.message).toContain(labelName);
      expect(seen.after?.metadata.labels?.[labelName]).toBe("theirs");
      expect(seen.state).toBeUndefined();
    },
  },
  {
    operation: "create with upsert and force",
    expectation: "adopts the object and takes its fields",
    source: "schema",
    check: (seen) => {
      expectDone(seen, "create");
      expectHealthy(seen);
      expect(seen.after?.metadata.uid).toBe(seen.before?.metadata.uid);
      expect(seen.after?.metadata.labels?.[labelName]).toBe("first");
    },
  },
  {
    operation: "no-op",
    expectation: "is left alone",
    source: "prunedDiff",
    check: (seen) => {
      expectDone(seen, "same");
    },
  },
  {
    operation: "refresh",
    expectation: "takes the value of the other side into the state",
    source: "prunedDiff",
    check: (seen) => {
      expectDone(seen, "refresh");
      expect(seen.state?.inputs).toMatchObject({ metadata: { labels: { [labelName]: "taken" } } });
    },
  },
  {
    operation: "update",
    expectation: "fails and names the owner of the field in conflict; nothing is written",
    source: "conflicts",
    only: appliesFields,
    check: (seen) => {
      expectFailed(seen, "update");
      expect(seen.message).toContain('conflict with "another"');
      expect(seen.message).toContain(labelName);
      expect(seen.after?.metadata.labels?.[labelName]).toBe("taken");
      expectUntouched(seen);
    },
  },
  {
    operation: "update",
    expectation: "replaces the definition as a whole, whoever owns its fields",
    source: "crdReplace",
    only: isDefinition,
    check: (seen) => {
      expectDone(seen, "update");
      expect(seen.after?.metadata.labels?.[labelName]).toBe("second");
    },
  },
  {
    operation: "update with force",
    expectation: "takes the field back",
    source: "conflicts",
    check: (seen) => {
      expectDone(seen, "update");
      expectHealthy(seen);
      expect(seen.after?.metadata.labels?.[labelName]).toBe("second");
    },
  },
  {
    operation: "delete",
    expectation: "deletes the object whoever owns fields of it",
    source: "api",
    check: (seen) => {
      expectDone(seen, "delete");
      expect(seen.after).toBeUndefined();
      expect(seen.state).toBeUndefined();
    },
  },
];

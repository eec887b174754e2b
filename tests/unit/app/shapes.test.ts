import { image, refused, resolve } from "../../support/apps";

// What stands where an app, its workloads or one of them should, and is something else altogether.

const kinds = '"service", "stateful", "worker", "job", "cron" or "daemon"';
const appFields = "specVersion, name, owner, description, quota, protect, workloads";

test.each<[written: unknown, answers: readonly string[]]>([
  [undefined, ["FIELD_MISSING : it is missing. Write it."]],
  [null, [`FIELD_TYPE : it is null, which is not a map. Write a map of its fields: ${appFields}.`]],
  ["shop", [`FIELD_TYPE : it is "shop", which is not a map. Write a map of its fields: ${appFields}.`]],
  [[], [`FIELD_TYPE : it is a list, which is not a map. Write a map of its fields: ${appFields}.`]],
  [
    { name: "shop", workloads: 1 },
    ["FIELD_TYPE workloads: workloads is 1, which is not a map. Write a map of names to workloads."],
  ],
  [
    { name: "shop", workloads: {} },
    ["FIELD_VALUE workloads: workloads is a map, which can't be. Write at least one workload."],
  ],
  [
    { name: "shop", workloads: { web: { kind: "worker", image } }, specVersion: 2 },
    ["FIELD_VALUE specVersion: specVersion is 2, which is not 1. Write 1."],
  ],
])("an app that is %j", (written, answers) => {
  expect(refused(written)).toEqual(answers);
});

test.each<[written: unknown, answer: string]>([
  [null, "FIELD_TYPE : it is null, which is not a map."],
  [1, "FIELD_TYPE : it is 1, which is not a map."],
  ["nginx", 'FIELD_TYPE : it is "nginx", which is not a map.'],
  [[image], "FIELD_TYPE : it is a list, which is not a map."],
])("a workload that is %j", (written, answer) => {
  const fix = 'Write a map of its fields, for example { kind: "service", port: 8080 }.';
  expect(refused({ name: "shop", workloads: { web: written } })).toEqual([`${answer} ${fix}`]);
});

test.each<[written: object, answer: string]>([
  [{}, `FIELD_MISSING kind: kind is missing. Write ${kinds}.`],
  [{ kind: 1, image }, `FIELD_VALUE kind: kind is 1, which is not one of ${kinds}. Write ${kinds}.`],
  [{ kind: "cronjob", image }, `FIELD_VALUE kind: kind is "cronjob", which is not one of ${kinds}. Write ${kinds}.`],
])("a workload of no kind: %j", (written, answer) => {
  expect(refused({ name: "shop", workloads: { web: written } })).toEqual([answer]);
});

test("what a stack lays over a workload makes up for nothing that is missing in it", () => {
  const overrides = { shop: { web: { image } } };
  const stack = { environment: "dev", domain: "dev.example.com", overrides };
  expect(() => resolve([{ name: "shop", workloads: { web: { port: 80 } } }], undefined, stack)).toThrow(
    "kind is missing",
  );
});

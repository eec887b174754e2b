import { summary } from "../../../cli/engine/summary";

const operations = [
  ["create", "created", "to create"],
  ["update", "updated", "to update"],
  ["delete", "deleted", "to delete"],
  ["replace", "replaced", "to replace"],
  ["create-replacement", "created anew", "to create anew"],
  ["delete-replaced", "deleted for a replacement", "to delete for a replacement"],
  ["import", "adopted", "to adopt"],
  ["refresh", "read", "to read"],
] as const;

test.each(operations)("%s is %s once it is done and %s in a preview, which does nothing", (operation, done, ahead) => {
  const change = { urn: "it", operation, title: "it", properties: [] };
  const result = { changes: [change, change], unchanged: 12 };
  expect(summary("local", result)).toBe(`local: 2 ${done}, 12 unchanged`);
  expect(summary("local", result, "to do")).toBe(`local: 2 ${ahead}, 12 unchanged`);
});

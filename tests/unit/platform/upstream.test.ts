import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleFile, upstreamFrom, type UpstreamSource } from "../../../components/platform/upstream";
import { objectsIn } from "../../../toolchain/manifests";

const source: UpstreamSource = {
  module: "example.com/some/engine",
  version: "v1.2.3",
  form: { type: "files", paths: ["a.yaml"] },
};

describe("rendered manifests", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "petrichor-bundle-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("are read by the file that belongs to the source", () => {
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } };
    writeFileSync(path.join(folder, bundleFile(source)), JSON.stringify([object]));
    expect(upstreamFrom(folder)(source)).toEqual([object]);
  });

  test("have another file for everything that can change them", () => {
    const others = [
      { ...source, version: "v1.2.4" },
      { ...source, module: "example.com/other/engine" },
      { ...source, form: { type: "files", paths: ["b.yaml"] } } as const,
    ];
    expect(new Set([source, ...others].map(bundleFile)).size).toBe(4);
    expect(bundleFile({ ...source })).toBe(bundleFile(source));
  });

  test("that are missing are named with the command that makes them", () => {
    expect(() => upstreamFrom(folder)(source)).toThrow(
      expect.objectContaining({
        code: "BUNDLE_MISSING",
        message: expect.stringContaining("example.com/some/engine v1.2.3") as unknown,
      }) as Error,
    );
  });
});

describe("objects of a YAML stream", () => {
  test("come without empty documents, and lists are unfolded", () => {
    const yaml = "---\n---\nkind: List\nitems: [{kind: A}, {kind: B}]\n---\nkind: C\n";
    expect(objectsIn(yaml).map(({ kind }) => kind)).toEqual(["A", "B", "C"]);
  });

  test("lose the prose of definitions and nothing else", () => {
    const schema = (description: string): string => `
kind: CustomResourceDefinition
spec:
  schema:
    ${description}
    properties:
      description: { type: string, ${description === "" ? "" : "description: prose"} }
      properties: { type: object, properties: { description: { type: integer } } }
`;
    expect(objectsIn(schema("description: prose"))).toEqual(objectsIn(schema("")));
    expect(JSON.stringify(objectsIn(schema("description: prose")))).toContain('"description":{"type":"integer"}');
  });
});

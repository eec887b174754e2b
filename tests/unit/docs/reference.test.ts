import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { appJsonSchema } from "../../../components/app/definition/json-schema";
import { resolveApps } from "../../../components/app/model/resolve";
import { appObjects } from "../../../components/app/objects/app";
import { emptyRelease } from "../../../components/app/release";
import { codes } from "../../../components/error-codes";
import { stalePages } from "../../../docs/generate";
import { facts, image } from "../../support/apps";

const reference = path.join(__dirname, "../../../docs/reference");

test("the reference says what the code does", () => {
  expect(stalePages()).toEqual([]);
});

test("every error code is documented", () => {
  const page = readFileSync(path.join(reference, "errors.md"), "utf8");
  for (const code of Object.keys(codes)) expect(page).toContain(`\`${code}\``);
});

test("every field has a meaning on the reference page", () => {
  const page = readFileSync(path.join(reference, "app.md"), "utf8");
  const unexplained = page.split("\n").filter((line) => /^\| `/.test(line) && line.endsWith("|  |"));
  expect(unexplained).toEqual([]);
});

interface Field {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Field>>;
}
type Definitions = Readonly<Record<string, Field>>;

/** What is said of a field, or of the definition that it refers to. */
function descriptionOf(field: Field, definitions: Definitions): string | undefined {
  const referred = definitions[field.$ref?.replace("#/$defs/", "") ?? ""];
  return field.description ?? (referred === undefined ? undefined : descriptionOf(referred, definitions));
}

/** Fields anywhere in a JSON Schema of which nothing is said. */
function unexplained(schema: unknown, definitions: Definitions): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = Object.entries((schema as Field).properties ?? {})
    .filter(([name, field]) => name !== "kind" && descriptionOf(field, definitions) === undefined)
    .map(([name]) => name);
  return [...own, ...Object.values(schema).flatMap((part) => unexplained(part, definitions))];
}

test("every field has a meaning in the JSON Schema, however deep it is", () => {
  const schema = appJsonSchema() as { readonly $defs: Definitions };
  expect(Object.keys(schema.$defs).length).toBeGreaterThan(6);
  expect(unexplained(schema, schema.$defs)).toEqual([]);
});

test("the page of the app file begins with a whole app", () => {
  const page = readFileSync(path.join(reference, "app.md"), "utf8");
  const [, text = ""] = /^```yaml\n(.*?)^```$/ms.exec(page) ?? [];
  const [model] = resolveApps({
    definitions: [{ file: "apps/guestbook/app.yaml", definition: parse(text) as object }],
    stack: { environment: "dev", domain: "dev.example.com" },
    release: { ...emptyRelease, apps: { guestbook: { web: { image } } } },
  });
  const made = model === undefined ? [] : appObjects(model, facts).map(({ kind }) => kind);
  expect(made).toEqual(expect.arrayContaining(["Deployment", "StatefulSet", "Service", "NetworkPolicy"]));
});

test("the page of the app file tells what is inside maps, lists and choices", () => {
  const page = readFileSync(path.join(reference, "app.md"), "utf8");
  const row = (field: string) => page.split("\n").filter((line) => line.startsWith(`| \`${field}\` |`));
  expect(row("env.<name>.generate.length")).toEqual([
    "| `env.<name>.generate.length` | whole number from 16 to 128 | `32` | Number of characters. |",
  ]);
  expect(row("probes.startup.failures")).toEqual([
    "| `probes.startup.failures` | whole number from 1 to 1000 | `60` | Failed checks in a row that count. |",
  ]);
  expect(row("stop.delay")[0]).toContain('`"5s"` (service, stateful, daemon); `"0s"` (worker, job, cron)');
  for (const field of ["volumes.<name>.size", "expose[].host", "traffic.timeout", "routes[].to", "init.<name>.args"]) {
    expect(row(field)).toHaveLength(1);
  }
});

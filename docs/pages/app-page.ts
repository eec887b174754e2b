import { appSchema } from "../../components/app/definition/app";
import {
  appDefaults,
  entryDefaults,
  probeDefaults,
  scaleDefaults,
  workloadDefaults,
} from "../../components/app/definition/defaults";
import { routes } from "../../components/app/definition/routes";
import { traffic } from "../../components/app/definition/traffic";
import { type Kind, kinds } from "../../components/app/definition/workload";
import { fieldTable, hasInside, insideTable, type Sections } from "./field-table";
import { mergedDefaults } from "./merged-defaults";
import { meaning, type Schema, schemaOf, typeOf } from "./schema";

/** A whole app, as an introduction. A test resolves it. */
export const example = `name: guestbook
owner: team-guests
workloads:
  web:
    kind: service
    source: { folder: ./src } # built without a Dockerfile; or \`image\`
    port: 8080
    expose: [{ host: auto }]
    env:
      LEVEL: info
      COOKIE_KEY: { generate: {} } # a secret: made at random once, and kept
      SMTP_PASSWORD: { secret: smtp, key: password } # of a Secret that is there already
    links: { DB: db } # sets DB_HOST, DB_PORT, DB_USER, DB_PASSWORD; opens exactly this network path
    probes: { readiness: { http: /healthz } }
    scale: { min: 2, max: 20, on: [{ cpu: "70%" }] }
  db:
    kind: stateful
    image: registry.example.com/postgres@sha256:0000000000000000000000000000000000000000000000000000000000000000
    port: 5432
    connection: { user: guests, password: { generate: {} } }
    volumes: { data: { mount: /data, size: 20Gi } }
`;

/** What fields inside others are when nobody says it. */
const secretDefaults = { "<name>": { generate: entryDefaults.generate } };
const insideDefaults: Readonly<Record<string, unknown>> = {
  env: secretDefaults,
  files: secretDefaults,
  connection: secretDefaults,
  init: { "<name>": entryDefaults.init },
  sidecars: { "<name>": entryDefaults.sidecars },
  preDeploy: { "<name>": entryDefaults.hook },
  postDeploy: { "<name>": entryDefaults.hook },
  links: { "<name>": entryDefaults.link },
  volumes: {
    "<name>": { ...entryDefaults.persistentVolume, ...entryDefaults.scratchVolume, backup: entryDefaults.backup },
  },
  expose: { "[]": entryDefaults.expose },
  probes: probeDefaults,
};
const { window, step, cooldown, tolerance, fallback, coldStart, placeholder } = scaleDefaults;
const scaling = { window, step, cooldown, tolerance, fallback, coldStart: { ...coldStart, placeholder } };

/** Kinds that have a field, where it looks alike in all of them. */
interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly holders: readonly Kind[];
  readonly defaults: unknown;
}

const kindNames = Object.keys(kinds) as Kind[];

/** The reference page of the app schema: tables for the app itself, for each kind of workload, and for every field that has fields of its own. */
export function appPage(): string {
  const app = schemaOf(appSchema);
  const { workloads = {}, ...own } = app.properties ?? {};
  const fields = workloadFields();
  const shared = fields.filter(({ holders }) => holders.length === kindNames.length);
  const detailed = [
    plainField("quota", own.quota ?? {}),
    ...fields.filter(({ schema }) => hasInside(schema)),
    plainField("routes", schemaOf(routes)),
    plainField("traffic", schemaOf(traffic)),
  ];
  const sections: Sections = { anchorOf: (name, schema) => anchorOf(detailed, name, schema) };
  const ofApp = { ...own, workloads: { ...workloads, additionalProperties: { title: "workload" } } };
  const parts = [
    head,
    `## The app\n\n${fieldTable(ofApp, app.required ?? [], appDefaults, sections)}`,
    `## Every kind of workload\n\n${tableOfFields(shared, [], sections)}`,
    ...kindNames.map((kind) => kindSection(kind, fields, shared, sections)),
    "## Fields with fields of their own",
    ...detailed.map((field) => detailSection(field, detailed, sections)),
  ];
  return `${parts.join("\n\n")}\n`;
}

const head = `# The app file

Made from the schema; change the schema and run \`npm run docs\`. The same fields may be written in \`app.ts\` and in \`app.yaml\`; editors take
[app.schema.json](app.schema.json). The [guide](../guide/apps.md) is the tour. A whole app:

\`\`\`yaml
${example}\`\`\`

In the tables \`<name>\` stands for a name that you give, and \`[]\` for an entry of a list; where a field has several forms, the\nfields of one of them go together.`;

function kindSection(kind: Kind, fields: readonly Field[], shared: readonly Field[], sections: Sections): string {
  const schema = schemaOf(kinds[kind]);
  const own = fields
    .filter((field) => field.holders.includes(kind) && !shared.includes(field))
    .map((field) => ({ ...field, defaults: defaultOf(kind, field.name) }));
  return `## \`${kind}\`\n\n${schema.description ?? ""}\n\n${tableOfFields(own, schema.required ?? [], sections)}`;
}

function tableOfFields(fields: readonly Field[], required: readonly string[], sections: Sections): string {
  const schemas = Object.fromEntries(fields.map(({ name, schema }) => [name, schema]));
  const defaults = Object.fromEntries(fields.map((field) => [field.name, field.defaults]));
  return fieldTable(schemas, required, defaults, sections);
}

function detailSection(field: Field, all: readonly Field[], sections: Sections): string {
  const { name, schema, holders } = field;
  const scales = holders.includes("job") ? scaleDefaults.job : scaling;
  const inside = name === "scale" ? scales : (insideDefaults[name] ?? field.defaults);
  return `### ${titleOf(field, all)}\n\n${meaning(schema)}\n\nForm: ${typeOf(schema)}.\n\n${insideTable(name, schema, inside, sections)}`;
}

/** Every field that workloads have; one that looks different in some kinds is another one there. */
function workloadFields(): Field[] {
  const found = new Map<string, Field>();
  for (const kind of kindNames) {
    for (const [name, schema] of Object.entries(schemaOf(kinds[kind]).properties ?? {})) {
      const key = keyOf(name, schema);
      found.set(key, { name, schema, holders: [...(found.get(key)?.holders ?? []), kind], defaults: undefined });
    }
  }
  return [...found.values()]
    .filter(({ name }) => name !== "kind")
    .map((field) => ({
      ...field,
      defaults: mergedDefaults(field.holders.map((kind) => [kind, defaultOf(kind, field.name)])),
    }));
}

function plainField(name: string, schema: Schema): Field {
  return { name, schema, holders: [], defaults: undefined };
}

function defaultOf(kind: Kind, name: string): unknown {
  return (workloadDefaults[kind] as Readonly<Record<string, unknown>>)[name];
}

function anchorOf(detailed: readonly Field[], name: string, schema: Schema): string | undefined {
  const key = keyOf(name, schema);
  const field = detailed.find((one) => keyOf(one.name, one.schema) === key);
  return field === undefined
    ? undefined
    : titleOf(field, detailed).toLowerCase().replaceAll(/[`,]/g, "").replaceAll(" ", "-");
}

function titleOf({ name, holders }: Field, all: readonly Field[]): string {
  const isAlone = all.filter((other) => other.name === name).length === 1;
  return isAlone ? `\`${name}\`` : `\`${name}\` of ${holders.join(", ")}`;
}

/** What a field looks like, whatever is said of it. */
function keyOf(name: string, { description: _, examples: __, ...shape }: Schema): string {
  return JSON.stringify([name, shape]);
}

import { image, refused } from "../../support/apps";

/** What is wrong with a field's value. */
type ErrorClass = "type" | "range" | "format" | "unit" | "value" | "unknown" | "missing";

/** Field → class → a value that is wrong in this way, and the code and fix that it gets. `undefined` marks a class the field can't have. */
type Row = readonly [
  field: string,
  kind: string,
  wrong: Partial<Record<ErrorClass, readonly [value: unknown, answer: string]>>,
];

const rows: readonly Row[] = [
  [
    "port",
    "service",
    {
      type: ["80", "FIELD_TYPE a whole number from 1 to 65535"],
      range: [70_000, "FIELD_RANGE a whole number from 1 to 65535"],
    },
  ],
  [
    "resources.cpu",
    "service",
    {
      type: [1, "FIELD_UNIT cores or thousandths of a core"],
      unit: ["1 core", "FIELD_UNIT"],
    },
  ],
  [
    "resources.memory",
    "service",
    { type: [128, "FIELD_UNIT a whole number with its unit"], unit: ["128MB", "FIELD_UNIT"] },
  ],
  ["resources.memroy", "service", { unknown: ["128Mi", 'FIELD_UNKNOWN Did you mean "memory"?'] }],
  ["scale.min", "service", { type: ["1", "FIELD_TYPE"], range: [-1, "FIELD_RANGE at least 0"] }],
  ["scale.max", "service", { type: [true, "FIELD_TYPE"], range: [0, "FIELD_RANGE at least 1"] }],
  ["scale.on", "service", { type: [{ cpu: "70%" }, "FIELD_TYPE a list"] }],
  ["replicas", "worker", { type: ["3", "FIELD_TYPE"], range: [1001, "FIELD_RANGE at most 1000"] }],
  ["order", "stateful", { value: ["paralel", 'FIELD_VALUE Did you mean "parallel"?'] }],
  ["protocol", "service", { value: ["https", "FIELD_VALUE"], type: [1, "FIELD_VALUE"] }],
  ["stop.grace", "service", { unit: ["30", "FIELD_UNIT"], type: [30, "FIELD_UNIT"] }],
  ["rollout.surge", "service", { type: [true, "FIELD_TYPE"] }],
  ["rollout.strategy", "service", { value: ["blue-green", "FIELD_VALUE"] }],
  ["user", "service", { range: [0, "FIELD_RANGE at least 1"], type: ["root", "FIELD_TYPE"] }],
  ["env", "service", { type: [["A=1"], "FIELD_TYPE"] }],
  ["env.A", "service", { type: [1, "FIELD_TYPE text in quotes, or a reference"] }],
  ["image", "service", { type: [1, "FIELD_TYPE"], format: ["Shop Web", "FIELD_FORMAT an image reference"] }],
  ["command", "service", { type: ["/app serve", 'FIELD_TYPE a list of words, for example ["/app", "serve"]'] }],
  ["schedule", "cron", { type: [6, "FIELD_TYPE a cron schedule"], missing: [undefined, "FIELD_MISSING"] }],
  ["concurrency", "cron", { value: ["never", "FIELD_VALUE"] }],
  ["history.failed", "cron", { range: [101, "FIELD_RANGE at most 100"] }],
  ["parallelism", "job", { range: [0, "FIELD_RANGE at least 1"], type: ["2", "FIELD_TYPE"] }],
  ["schedule", "job", { unknown: ["0 6 * * *", "FIELD_UNKNOWN Take it out: it belongs to cron and not to job."] }],
  [
    "replicas",
    "daemon",
    { unknown: [2, "FIELD_UNKNOWN Take it out: it belongs to service, stateful, worker and not to daemon."] },
  ],
  ["expose", "worker", { unknown: [[{ host: "auto" }], "FIELD_UNKNOWN"] }],
  ["scale", "stateful", { unknown: [{ min: 1 }, "FIELD_UNKNOWN"] }],
  ["probes.readiness", "service", { type: ["/healthz", "FIELD_TYPE a check"] }],
  ["volumes.data.size", "stateful", { unit: ["20GB", "FIELD_UNIT"] }],
  ["prot", "service", { unknown: [8080, 'FIELD_UNKNOWN Did you mean "port"?'] }],
  [
    "kind",
    "service",
    { value: ["servce", 'FIELD_VALUE Did you mean "service"?'], missing: [undefined, "FIELD_MISSING"] },
  ],
];

const cells = rows.flatMap(([field, kind, wrong]) =>
  Object.entries(wrong).map(([errorClass, [value, answer]]) => ({ field, kind, errorClass, value, answer })),
);

describe("a field of the wrong", () => {
  test.each(cells)("$errorClass: $kind.$field = $value", ({ field, kind, value, answer }) => {
    const [code = "", ...fix] = answer.split(" ");
    const lines = refused({ name: "shop", workloads: { web: workload(kind, field, value) } });
    const about = lines.filter((line) => line.startsWith(`${code} ${field}: `));
    expect({ lines, about: about.length }).toEqual({ lines, about: 1 });
    expect(about[0]).toContain(fix.join(" "));
    // One mistake, one message.
    expect(lines).toHaveLength(1);
  });
});

/** A workload of a kind that is right but for one field. */
function workload(kind: string, field: string, value: unknown): unknown {
  const right: Record<string, unknown> = { kind, image, ...(kind === "cron" ? { schedule: "0 6 * * *" } : {}) };
  if (field.startsWith("volumes.")) right["volumes"] = { data: { mount: "/data", size: "1Gi" } };
  const path = field.split(".");
  const last = path.pop() ?? "";
  let place = right;
  for (const part of path) place = (place[part] ??= {}) as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(place, last);
  else place[last] = value;
  return right;
}

test("secrets are never part of a message", () => {
  const lines = refused({ name: "shop", workloads: { web: { kind: "service", image, env: { PASSWORD: 12345678 } } } });
  expect(lines).toHaveLength(1);
  expect(lines.join()).not.toContain("12345678");
});

test.each([
  undefined,
  null,
  1,
  "app",
  [],
  {},
  { name: "shop" },
  { name: "shop", workloads: {} },
  { name: "shop", workloads: { web: null } },
])("%j is refused and crashes nothing", (definition) => {
  expect(refused(definition).length).toBeGreaterThan(0);
});

test.each([
  ["a name in capitals", { Shop: {} }],
  ["a name with a dot", { "a.b": {} }],
  ["a name that is too long", { ["a".repeat(64)]: {} }],
])("%s is no name of a workload", (_, names) => {
  const workloads = Object.fromEntries(Object.keys(names).map((name) => [name, { kind: "worker", image }]));
  expect(refused({ name: "shop", workloads })[0]).toMatch(/^FIELD_NAME workloads/);
});

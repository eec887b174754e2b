import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

const root = path.resolve(__dirname, "../..");
const read = (file: string): unknown => parse(readFileSync(path.join(root, file), "utf8"));

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
}

const folder = ".github/workflows";
const workflows = readdirSync(path.join(root, folder)).map((name) => ({
  name,
  content: read(`${folder}/${name}`) as { jobs: Record<string, Job>; permissions: object },
}));
const jobs = workflows.flatMap(({ name, content }) =>
  Object.entries(content.jobs).map(([job, definition]) => ({ name: `${name} ${job}`, definition })),
);
const prepare = read(".github/actions/prepare/action.yml") as { runs: { steps: Step[] } };
const steps = [...jobs.flatMap(({ definition }) => definition.steps ?? []), ...prepare.runs.steps];

describe("GitHub Actions", () => {
  test("actions of others are pinned by commit", () => {
    const uses = steps.flatMap(({ uses: used }) => used ?? []).filter((used) => !used.startsWith("./"));
    expect(uses.length).toBeGreaterThan(3);
    for (const used of uses) expect(used).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
  });

  test("every workflow begins without rights; jobs take what they need, and none may write contents", () => {
    for (const { content } of workflows) expect(content.permissions).toEqual({});
    for (const { definition } of jobs)
      expect(definition.permissions).toMatchObject({ contents: "read", "id-token": "write" });
  });

  test("no key is stored", () => {
    for (const { name } of workflows)
      expect(readFileSync(path.join(root, folder, name), "utf8")).not.toMatch(/secrets\./);
  });

  test("what changes environments runs frozen, one environment at a time, in order", () => {
    const deploy = workflows.find(({ name }) => name === "deploy.yml")?.content.jobs as Record<
      string,
      { needs?: string; with: { stack: string } }
    >;
    expect(
      Object.entries(deploy).map(
        ([
          job,
          {
            needs,
            with: { stack },
          },
        ]) => [job, needs, stack],
      ),
    ).toEqual([
      ["dev", undefined, "dev"],
      ["staging", "dev", "staging"],
      ["prod", "staging", "prod"],
    ]);
    const commands = steps.flatMap(({ run }) => run ?? []).filter((run) => run.includes("petrichor up"));
    expect(commands).toHaveLength(1);
    expect(commands[0]).toContain("--frozen");
  });

  test("the project's own commands are the only ones that know environments", () => {
    const tools = steps.flatMap(({ run }) => (run ?? "").match(/\b(pulumi|kubectl|aws|az|helm|terraform) /g) ?? []);
    expect(tools).toEqual([]);
  });
});

describe("GitLab CI", () => {
  const pipeline = read(".gitlab-ci.yml") as Record<
    string,
    { extends?: string; script?: string[]; rules?: { if: string; when?: string }[]; resource_group?: string }
  >;

  test("offers what the workflows do: preview, three environments, drift", () => {
    const visible = Object.keys(pipeline).filter(
      (name) => !name.startsWith(".") && !["stages", "default"].includes(name),
    );
    expect(visible).toEqual(["preview", "dev", "staging", "prod", "drift"]);
    expect(pipeline.preview?.script?.join("\n")).toContain('petrichor preview "$STACK" --frozen');
    expect(pipeline.preview?.script?.join("\n")).toContain('--report "preview-$STACK.md"');
    expect(pipeline[".up"]?.script).toEqual(['npx petrichor up "$STACK" --frozen']);
    expect(pipeline[".up"]?.resource_group).toBe("$STACK");
    expect(pipeline.drift?.script).toEqual(['npx petrichor drift "$STACK"']);
  });

  test("production waits for a person", () => {
    expect(pipeline.prod?.rules).toEqual([expect.objectContaining({ when: "manual" })]);
  });
});

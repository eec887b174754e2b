import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureTools } from "../../toolchain/build";
import { moduleFolder } from "../../toolchain/locate";
import { lineReporter } from "../../toolchain/report";
import type { ToolPaths } from "../../toolchain/tools";
import { gone, printed, Project } from "./language-host/project";

/** From nothing, on two cores; later runs take milliseconds. */
const firstBuild = 30 * 60_000;

jest.setTimeout(5 * 60_000);

let tools: ToolPaths<"pulumi" | "pulumi-language-nodejs">;
const projects: Project[] = [];

beforeAll(async () => {
  tools = await ensureTools(["pulumi", "pulumi-language-nodejs"], { report: lineReporter() });
}, firstBuild);
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

async function stack(options?: Record<string, unknown>, config?: readonly string[][]): Promise<Project> {
  const project = new Project(tools, options);
  projects.push(project);
  await project.createStack(config);
  return project;
}

it("passes its own tests against an engine of theirs", () => {
  execFileSync("go", ["test", "./..."], {
    cwd: moduleFolder("pulumi-language-nodejs"),
    env: { ...process.env, CGO_ENABLED: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
});

describe("a program", () => {
  it("gets its stack and configuration, and its secrets stay secret", async () => {
    const project = await stack(undefined, [
      ["plain", "yes"],
      ["--secret", "password", "hunter2"],
      ["--path", "list[0]", "first"],
    ]);
    const { code, output } = await project.up(`
      import * as pulumi from "@pulumi/pulumi";
      const config = new pulumi.Config();
      console.log("said to stdout");
      console.error("said to stderr");
      export const plain = config.require("plain");
      export const password = config.requireSecret("password");
      export const read = config.require("password").length;
      export const list = config.requireObject("list");
      export const where = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack(), pulumi.runtime.isDryRun()];
    `);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("said to stdout") as string });
    expect(output).toContain("said to stderr");
    expect(output).not.toContain("hunter2");
    expect(project.checkpoint()).not.toContain("hunter2");
    const outputs: unknown = JSON.parse(await project.succeed("stack", "output", "--json", "--show-secrets"));
    expect(outputs).toEqual({
      plain: "yes",
      password: "hunter2",
      read: 7,
      list: ["first"],
      where: ["organization", "small", "dev", false],
    });
  });

  it("is type-checked by the default loader, as its tsconfig says", async () => {
    const program = "export function twice(value) { return value + value; }\nexport const four = twice(2);";
    const strict = await stack({});
    strict.write("tsconfig.json", JSON.stringify({ compilerOptions: { strict: true } }));
    const refused = await strict.up(program);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("Parameter 'value' implicitly has an 'any' type");

    const loose = await stack({ tsconfig: "tsconfig.pulumi.json" });
    loose.write("tsconfig.json", JSON.stringify({ compilerOptions: { strict: true } }));
    loose.write("tsconfig.pulumi.json", JSON.stringify({ compilerOptions: { strict: false } }));
    expect(await loose.up(program)).toMatchObject({ code: 0 });
  });

  it("tells once why it failed, and nothing is deleted because of it", async () => {
    const project = await stack({ typescript: false, nodeargs: "--import tsx --import ./readable-errors.mjs" });
    const made = await project.up(`
      import * as pulumi from "@pulumi/pulumi";
      new pulumi.ComponentResource("small:index:Thing", "kept");
    `);
    expect(made).toMatchObject({ code: 0 });
    const failures = [
      [`throw new Error("thrown at once");`, "Error: thrown at once"],
      [`Promise.reject(new Error("rejected"));`, "Error: rejected"],
      [
        `import * as p from "@pulumi/pulumi"; p.output(1).apply(() => { throw new Error("thrown inside"); });`,
        "Error: thrown inside",
      ],
      [`import * as p from "@pulumi/pulumi"; throw new p.RunError("known");`, "error: known"],
      [`import "./nowhere";`, "Cannot find module './nowhere'"],
      [`process.exit(7);`, "Program exited with non-zero exit code: 7"],
      [`process.kill(process.pid, "SIGKILL");`, "Program exited with non-zero exit code: -1 (signal: killed)"],
    ] as const;
    for (const [program, reason] of failures) {
      const { code, output } = await project.up(program);
      expect(code).not.toBe(0);
      const [, diagnostics = ""] = output.split("Diagnostics:");
      expect({ program, output, times: diagnostics.split(reason).length - 1 }).toMatchObject({ program, times: 1 });
      expect(diagnostics.includes("non-zero exit code")).toBe(reason.includes("non-zero exit code"));
      expect(project.checkpoint()).toContain("small:index:Thing::kept");
    }
  });

  it("is refused when an option can't be read or the SDK is missing", async () => {
    const optionless = await stack({ packagemanager: "make" });
    expect((await optionless.up("")).output).toContain('runtime option packagemanager is "make", but must be one of');

    const bare = await stack();
    rmSync(join(bare.folder, "node_modules"));
    expect((await bare.up("")).output).toContain("the Pulumi SDK is not installed");
  });
});

describe("when the engine stops in the middle", () => {
  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("by %s, no process is left", async (signal) => {
    const project = await stack({ typescript: false });
    project.write("package.json", JSON.stringify({ name: "small", main: "index.js" }));
    project.write(
      "index.js",
      `const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
       require("node:fs").writeFileSync("pids", [process.ppid, process.pid, child.pid].join(" ") + "\\n");
       setInterval(() => {}, 1000);`,
    );
    const { engine, outcome } = project.start("up", "--yes", "--skip-preview");
    const pids = (await project.written("pids")).trim().split(" ").map(Number);
    expect(pids).toHaveLength(3);

    engine.kill(signal);
    const { code } = await outcome;
    expect(code).not.toBe(0);
    await gone(pids);

    if (signal === "SIGKILL") await project.succeed("cancel", "--yes");
    project.write("index.js", "exports.again = true;");
    expect(await project.up()).toMatchObject({ code: 0 });
  });
});

it("waits for a debugger before the program's first line", async () => {
  const project = await stack();
  project.write("index.ts", `require("node:fs").writeFileSync("ran", "");`);
  const { engine, outcome } = project.start("preview", "--attach-debugger=program");
  const [, pid = "", , port = "9229"] = await printed(engine, /on process id (\d+)( and port (\d+))?\)/);
  const inspected = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { title: string }[];
  expect(inspected).toMatchObject([{ title: expect.stringContaining("@pulumi/pulumi/cmd/run") as string }]);
  engine.kill("SIGINT");
  expect((await outcome).code).not.toBe(0);
  await gone([Number(pid)]);
  expect(existsSync(join(project.folder, "ran"))).toBe(false);
});

describe("a policy pack", () => {
  const pack = `
    import { PolicyPack } from "@pulumi/policy";
    import * as pulumi from "@pulumi/pulumi";
    new PolicyPack("pack", { policies: [{
      name: "names", description: "Names are as configured.", enforcementLevel: "mandatory",
      validateResource: (args, report) => {
        const wanted = new pulumi.Config("small").require("wanted");
        if (args.type === "small:index:Thing" && args.name !== wanted) {
          report(\`\${args.name} in \${pulumi.getStack()} is not \${wanted}\`);
        }
      },
    }] });`;

  it("judges by the stack's configuration and stops what breaks it", async () => {
    const project = await stack(undefined, [["wanted", "good"]]);
    project.write("pack/PulumiPolicy.yaml", "runtime: nodejs\n");
    project.write("pack/package.json", JSON.stringify({ name: "pack", version: "1.0.0", main: "index.ts" }));
    project.write("pack/index.ts", pack);
    const preview = (name: string) => {
      project.write(
        "index.ts",
        `import * as pulumi from "@pulumi/pulumi";\nnew pulumi.ComponentResource("small:index:Thing", "${name}");`,
      );
      return project.pulumi("preview", "--policy-pack", join(project.folder, "pack"));
    };
    expect(await preview("good")).toMatchObject({ code: 0 });
    const broken = await preview("bad");
    expect(broken.code).not.toBe(0);
    expect(broken.output).toContain("bad in dev is not good");
    expect(broken.output).toContain("[mandatory]  names");
  });
});

describe("a provider written for Node.js", () => {
  it("makes its components", async () => {
    const project = await stack({ typescript: false });
    project.write("greetings/PulumiPlugin.yaml", "runtime: nodejs\n");
    project.write("greetings/package.json", JSON.stringify({ name: "greetings", main: "index.ts" }));
    project.write(
      "greetings/index.ts",
      `import * as pulumi from "@pulumi/pulumi";
       export interface GreeterArgs { name: pulumi.Input<string>; }
       export class Greeter extends pulumi.ComponentResource {
         public readonly greeting: pulumi.Output<string>;
         constructor(name: string, args: GreeterArgs, opts?: pulumi.ComponentResourceOptions) {
           super("greetings:index:Greeter", name, args, opts);
           this.greeting = pulumi.interpolate\`hello \${args.name}\`;
           this.registerOutputs({ greeting: this.greeting });
         }
       }`,
    );
    project.write(
      "Pulumi.yaml",
      `name: small
runtime: { name: nodejs, options: { typescript: false } }
plugins: { providers: [{ name: greetings, path: ./greetings }] }
`,
    );
    project.write("package.json", JSON.stringify({ name: "small", main: "index.js" }));
    project.write(
      "index.js",
      `const pulumi = require("@pulumi/pulumi");
       class Greeter extends pulumi.ComponentResource {
         constructor(name, to) { super("greetings:index:Greeter", name, { name: to, greeting: undefined }, {}, true); }
       }
       exports.greeting = new Greeter("greeter", "you").greeting;`,
    );
    expect(await project.up()).toMatchObject({ code: 0 });
    expect(JSON.parse(await project.succeed("stack", "output", "--json"))).toEqual({ greeting: "hello you" });
  });
});

it("tells what a program is run with", async () => {
  const project = await stack();
  project.write("index.ts", "");
  const about = JSON.parse(await project.succeed("about", "--json")) as Record<string, unknown>;
  expect(about).toMatchObject({
    runtime: { language: "nodejs", version: process.version, packagemanager: "npm" },
    plugins: expect.arrayContaining([
      { kind: "language", name: "nodejs", version: "3.259.0" },
      { kind: "resource", name: "kubernetes", version: "4.34.2" },
    ]) as unknown,
  });
});

it("installs a program's packages, and lists them as its lock file has them", async () => {
  const project = await stack();
  rmSync(join(project.folder, "node_modules"));
  const dependency = { name: "greeting", version: "1.2.3", main: "index.js" };
  project.write("greeting/package.json", JSON.stringify(dependency));
  project.write("greeting/index.js", `module.exports = "hello";`);
  project.write(
    "package.json",
    JSON.stringify({ name: "small", main: "index.ts", dependencies: { greeting: "file:./greeting" } }),
  );
  const installed = await project.succeed("install");
  expect(installed).toContain("Finished installing dependencies");
  expect(existsSync(join(project.folder, "node_modules/greeting/index.js"))).toBe(true);
  expect(JSON.parse(await project.succeed("about", "--json"))).toMatchObject({
    dependencies: [{ name: "greeting", version: "1.2.3" }],
  });

  project.write("package.json", JSON.stringify({ name: "small", dependencies: { greeting: "file:./nowhere.tgz" } }));
  rmSync(join(project.folder, "node_modules"), { recursive: true });
  const refused = await project.pulumi("install");
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain("dependencies can't be installed");
});

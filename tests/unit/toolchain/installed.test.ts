import { join } from "node:path";
import { installedInstead } from "../../../toolchain/installed";
import type { PackagedTool } from "../../../toolchain/kinds";
import { installed, makePackagedTool } from "../../../toolchain/packaged";
import { temporaryFolder, write } from "./folders";

const root = temporaryFolder();
const saved = { ...process.env };
let count = 0;

/** Puts programs that print a text on an otherwise empty PATH. */
function onlyOnPath(programs: Readonly<Record<string, string>>): string {
  const folder = join(root, String(count++));
  const scripts = Object.entries(programs).map(([name, text]) => [name, `#!/bin/sh\necho '${text}'\n`]);
  write(folder, Object.fromEntries(scripts) as Record<string, string>, 0o755);
  process.env["PATH"] = folder;
  return folder;
}

beforeEach(() => {
  process.env["PULUMI_HOME"] = join(root, "no-pulumi");
});
afterEach(() => {
  process.env = { ...saved };
});

describe("an official pulumi", () => {
  it.each([
    ["v3.259.0", true],
    ["v3.248.0", true],
    ["v4.0.0", true],
    ["v3.247.9", false],
    ["pulumi: command broken", false],
  ])("that prints %s is used: %s", async (printed, used) => {
    const folder = onlyOnPath({ pulumi: printed });
    expect(await installedInstead("pulumi")).toBe(used ? join(folder, "pulumi") : undefined);
  });

  it("is not what lies in our own cache", async () => {
    process.env["PETRICHOR_CACHE"] = root;
    onlyOnPath({ pulumi: "v3.259.0" });
    expect(await installedInstead("pulumi")).toBeUndefined();
  });

  it("brings its language host, which is not used without it", async () => {
    const folder = onlyOnPath({ pulumi: "v3.259.0", "pulumi-language-nodejs": "" });
    expect(await installedInstead("pulumi-language-nodejs")).toBe(join(folder, "pulumi-language-nodejs"));
    onlyOnPath({ "pulumi-language-nodejs": "" });
    expect(await installedInstead("pulumi-language-nodejs")).toBeUndefined();
  });

  it("keeps its Kubernetes provider in its plugin folder", async () => {
    onlyOnPath({});
    expect(await installedInstead("pulumi-resource-kubernetes")).toBeUndefined();
    const home = join(root, "home");
    process.env["PULUMI_HOME"] = home;
    const plugin = "plugins/resource-kubernetes-v4.34.2/pulumi-resource-kubernetes";
    write(home, { [plugin]: "#!/bin/sh\n" }, 0o755);
    expect(await installedInstead("pulumi-resource-kubernetes")).toBe(join(home, plugin));
  });
});

describe("a system program", () => {
  const tool: PackagedTool = {
    kind: "packaged",
    purpose: "a test",
    programs: ["petrichor-test-program"],
    minimum: "1.1.0",
    packages: ["petrichor-test-package"],
    seconds: 1,
    size: 1,
  };

  it.each([
    ["runc version 1.1.5+ds1\ncommit: x", true],
    ["nftables v1.1.0 (Commodore Bullmoose)", true],
    ["v1.0.9", false],
    ["no number", false],
  ])("that prints %j is used: %s", async (printed, used) => {
    const folder = onlyOnPath({ "petrichor-test-program": printed });
    expect(await installed(tool)).toBe(used ? join(folder, "petrichor-test-program") : undefined);
  });

  it("that is absent without apt gives one error that says what to install", async () => {
    onlyOnPath({});
    const options = { target: join(root, "target"), log: join(root, "log"), onProgress: () => undefined };
    await expect(makePackagedTool("runc", tool, options)).rejects.toMatchObject({
      code: "MACHINE_UNSUITABLE",
      message: expect.stringContaining("petrichor-test-program 1.1.0 or newer is not installed") as string,
      fix: expect.stringContaining("petrichor-test-package") as string,
    });
  });
});

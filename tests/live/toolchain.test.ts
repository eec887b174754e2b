import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { ensureTools, type BuildEvent } from "../../toolchain/build";
import { imageReference } from "../../toolchain/locate";
import { onPath } from "../../toolchain/path";
import { lineReporter } from "../../toolchain/report";
import { toolNames, type ToolPaths } from "../../toolchain/tools";

/** From nothing, on two cores; later runs take milliseconds. */
const firstBuild = 45 * 60_000;

const root = join(__dirname, "../..");
const work = mkdtempSync(join(tmpdir(), "petrichor-live-toolchain-"));
let paths: ToolPaths;

beforeAll(async () => {
  paths = await ensureTools(toolNames, { report: lineReporter() });
}, firstBuild);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

const output = (file: string, ...args: string[]): string =>
  execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

it("builds nothing the second time", async () => {
  const events: BuildEvent[] = [];
  expect(await ensureTools(toolNames, { report: (event) => events.push(event) })).toEqual(paths);
  expect(events).toEqual([]);
});

it.each([
  ["kube-apiserver", ["--version"], "Kubernetes v1.37.2"],
  ["kube-controller-manager", ["--version"], "Kubernetes v1.37.2"],
  ["kube-scheduler", ["--version"], "Kubernetes v1.37.2"],
  ["kube-proxy", ["--version"], "Kubernetes v1.37.2"],
  ["kubelet", ["--version"], "Kubernetes v1.37.2"],
  ["kubectl", ["version", "--client"], "v1.37.2"],
  ["kubernetes", ["kubelet", "--version"], "Kubernetes v1.37.2"],
  ["etcd", ["--version"], "etcd Version: 3.7.0"],
  ["containerd", ["--version"], "v2.4.2"],
  ["containerd-shim-runc-v2", ["-v"], "v2.4.2"],
  ["ctr", ["--version"], "v2.4.2"],
  ["coredns", ["-version"], "1.15.0"],
  ["registry", ["--version"], "v3.1.2"],
  ["local-path-provisioner", ["--version"], "v0.0.30"],
  ["runc", ["--version"], "runc version"],
  ["nft", ["--version"], "nftables v"],
] as const)("%s knows its version", (file, args, version) => {
  expect(output(paths[file], ...args)).toContain(version);
});

it("runs an engine as new as the pinned one", () => {
  const [, minor] = /^v3\.(\d+)/.exec(output(paths.pulumi, "version")) ?? [];
  expect(Number(minor)).toBeGreaterThanOrEqual(248);
});

it("makes and removes the folder of a volume, and nothing outside", () => {
  const folder = join(work, "volumes/pvc-1");
  output(paths["volume-folder"], "-p", folder, "-s", "1", "-m", "Filesystem", "-a", "create");
  expect(existsSync(folder)).toBe(true);
  output(paths["volume-folder"], "-p", folder, "-s", "1", "-m", "Filesystem", "-a", "delete");
  expect(readdirSync(dirname(folder))).toEqual([]);
  for (const path of ["/", "/etc", "relative/path", "/var/../etc/x"]) {
    expect(() => output(paths["volume-folder"], "-p", path, "-a", "delete")).toThrow("two levels deep");
  }
});

describe("images", () => {
  let registry: { readonly host: string; end(): Promise<void> };
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.end());

  const source = (name: string, greeting: string): string => {
    const folder = join(work, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "go.mod"), "module example.com/greeter\n\ngo 1.26.0\n");
    writeFileSync(join(folder, "main.go"), `package main\n\nfunc main() { println("${greeting}") }\n`);
    return folder;
  };
  const build = (folder: string): string =>
    output(paths.images, "build", "--source", folder, "--repository", `${registry.host}/greeter`).trim();

  it("of the same source are the same, of another source another, wherever they lie", () => {
    const first = build(source("first", "hello"));
    expect(first).toMatch(/^127\.0\.0\.1:\d+\/greeter@sha256:[0-9a-f]{64}$/);
    expect(build(source("second", "hello"))).toBe(first);
    expect(build(source("second", "goodbye"))).not.toBe(first);
    expect(build(source("second", "hello"))).toBe(first);
  });

  it("are in the registry under their digest, and start the program as a user without rights", async () => {
    const digest = build(source("third", "hello")).split("@")[1] ?? "";
    const manifest = await registryJson<{ config: { digest: string } }>(
      `${registry.host}/v2/greeter/manifests/${digest}`,
    );
    const image = await registryJson<{ config: { User: string; Entrypoint: string[] } }>(
      `${registry.host}/v2/greeter/blobs/${manifest.config.digest}`,
    );
    expect(image.config).toMatchObject({ User: "65532:65532", Entrypoint: ["/ko-app/greeter"] });
  });

  it("keep their digest from an archive to a registry", async () => {
    const reference = await imageReference("pause-image");
    const pushed = output(
      paths.images,
      "push",
      "--archive",
      paths["pause.tar"],
      "--repository",
      `${registry.host}/pause`,
    );
    expect(pushed.trim().split("@")[1]).toBe(reference?.split("@")[1]);
  });

  it("of a source that does not compile tell the compiler's words and push nothing", () => {
    const folder = source("broken", "hello");
    writeFileSync(join(folder, "main.go"), "package main\n\nfunc main() { missing() }\n");
    expect(() => build(folder)).toThrow("undefined: missing");
  });

  async function startRegistry(): Promise<typeof registry> {
    const host = `127.0.0.1:${String(await freePort())}`;
    const config = join(work, "registry.yaml");
    const storage = { filesystem: { rootdirectory: join(work, "registry") }, delete: { enabled: true } };
    writeFileSync(config, JSON.stringify({ version: "0.1", storage, http: { addr: host } }));
    const child = spawn(paths.registry, ["serve", config], { stdio: "ignore" });
    for (let attempt = 0; attempt < 100; attempt++) {
      if (
        await fetch(`http://${host}/v2/`).then(
          (answer) => answer.ok,
          () => false,
        )
      )
        break;
      await new Promise((done) => setTimeout(done, 50));
    }
    const end = async (): Promise<void> => {
      child.kill();
      await once(child, "exit");
    };
    return { host, end };
  }

  async function registryJson<T>(address: string): Promise<T> {
    const answer = await fetch(`http://${address}`, {
      headers: { accept: "application/vnd.oci.image.manifest.v1+json, application/octet-stream" },
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as T;
  }
});

describe("the command", () => {
  const command = async (
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> => {
    const argv = ["--import", "tsx", join(root, "toolchain/main.ts"), ...args];
    return promisify(execFile)(process.execPath, argv, { cwd: root, env: { ...process.env, ...env } }).then(
      (result) => ({ ...result, code: 0 }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
  };

  it("lists where everything is", async () => {
    const { stdout } = await command(["list", "--json"]);
    const listed = JSON.parse(stdout) as { tool: string; state: string; paths: Record<string, string> }[];
    expect(listed.map(({ tool }) => tool)).toEqual(toolNames);
    expect(Object.assign({}, ...listed.map((entry) => entry.paths))).toEqual(paths);
  });

  it("says that Go is missing, and how to get it", async () => {
    const withoutGo = (process.env["PATH"] ?? "")
      .split(delimiter)
      .filter((folder) => onPath("go", folder) === undefined);
    const { code, stderr } = await command(["build", "pause"], { PATH: withoutGo.join(delimiter) });
    expect(stderr).toMatch(/no working `go` is on PATH\. Install Go .* \[GO_MISSING\]\n$/);
    expect(code).toBe(3);
  });

  it("says that the disk of the cache is too small, before it starts", async () => {
    const full = join(work, "full");
    mkdirSync(full);
    output("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", full);
    try {
      const { code, stderr } = await command(["build", "pause"], { PETRICHOR_CACHE: full });
      expect(stderr).toMatch(/^Building pause needs .* \[DISK_FULL\]\n$/);
      expect(code).toBe(3);
      expect(readdirSync(full)).toEqual([]);
    } finally {
      output("umount", full);
    }
  });

  it("leaves nothing half-made when it is interrupted, and finishes the next time", async () => {
    const cache = join(work, "interrupted");
    const argv = ["--import", "tsx", join(root, "toolchain/main.ts"), "build", "cni"];
    // A build cache of its own makes the build long enough to be interrupted in the middle.
    const env = { ...process.env, PETRICHOR_CACHE: cache, GOCACHE: join(work, "go-build") };
    const child = spawn(process.execPath, argv, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
    await once(child.stderr, "data");
    await new Promise((done) => setTimeout(done, 500));
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(readdirSync(join(cache, "tools/cni"))).toEqual([]);

    const { code } = await command(["build", "cni"], { PETRICHOR_CACHE: cache });
    expect(code).toBe(0);
    const [key] = readdirSync(join(cache, "tools/cni"));
    expect(existsSync(join(cache, "tools/cni", key ?? "", "bin/loopback"))).toBe(true);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

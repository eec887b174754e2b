import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { clusterStatus } from "../../toolchain/cluster/status";
import { askOnce } from "../support/ask";
import { describeEmbedded, eventually } from "../support/embedded";
import { outcome, TestProject } from "../support/project";

jest.setTimeout(600_000);

interface UpResult {
  readonly changes: readonly {
    readonly operation: string;
    readonly resource: string;
    readonly properties: readonly string[];
  }[];
  readonly unchanged: number;
  readonly workloads: readonly {
    readonly app: string;
    readonly workload: string;
    readonly image: string;
    readonly ready: number;
    readonly addresses: readonly string[];
  }[];
}

describeEmbedded("from source to an answer", () => {
  let project: TestProject;
  let first: UpResult;

  beforeAll(() => {
    project = new TestProject();
  });
  afterAll(() => {
    project.delete();
  });

  async function up(...args: readonly string[]): Promise<UpResult> {
    const { code, stdout, stderr } = await project.run(["up", "local", "--json", ...args]);
    if (code !== 0) throw new Error(`up ended with ${code}:\n${stdout}${stderr}`);
    const [result] = JSON.parse(stdout) as UpResult[];
    if (result === undefined) throw new Error("up told no result");
    return result;
  }

  async function ask(result: UpResult, path = "/"): Promise<string> {
    const address = result.workloads.find(({ app }) => app === "hello")?.addresses[0] ?? "";
    return eventually(() => askOnce(`${address}${path}`));
  }

  async function kubectl(line: string): Promise<string> {
    const { code, stdout, stderr } = await project.shell(`kubectl ${line}`);
    if (code !== 0) throw new Error(`kubectl ${line}: ${stderr}`);
    return stdout.trim();
  }

  const imageOf = (result: UpResult): string => result.workloads.find(({ app }) => app === "hello")?.image ?? "";

  test("up ends with an address that answers", async () => {
    first = await up();
    await expect(ask(first)).resolves.toBe("Hello, world!\n");
    expect(imageOf(first)).toMatch(/^registry\.petrichor\.internal\/hello\/web@sha256:[a-f0-9]{64}$/);
  });

  test("the answer comes from the pod, through its Service", async () => {
    const path = `/${randomUUID()}`;
    await ask(first, path);
    const { stdout } = await project.run(["logs", "hello/web"]);
    expect(stdout).toContain(path);
    await kubectl("scale deployment/web -n hello --replicas=0");
    await kubectl("wait --for=delete pod -n hello --all --timeout=120s");
    const [address = ""] = first.workloads[0]?.addresses ?? [];
    await expect(askOnce(address)).rejects.toThrow();
    await kubectl("scale deployment/web -n hello --replicas=1");
    await kubectl("rollout status deployment/web -n hello --timeout=120s");
  });

  test("a second up changes nothing", async () => {
    const second = await up();
    expect(second.changes).toEqual([]);
    expect(second.unchanged).toBeGreaterThan(5);
    expect(imageOf(second)).toBe(imageOf(first));
  });

  test("plain pulumi works in the shell that env makes, and finds nothing to do", async () => {
    const { code, stdout, stderr } = await project.shell(
      "pulumi preview --expect-no-changes && pulumi up --yes --skip-preview",
    );
    expect(`${code} ${stdout}${stderr}`).toMatch(/^0 [^]*unchanged/);
    expect(readdirSync(project.folder)).not.toContain("Pulumi.local.yaml");
  });

  test("a changed source changes exactly that Deployment, a rolled-back source restores the old digest", async () => {
    const source = project.read("apps/hello/src/main.go");
    project.write("apps/hello/src/main.go", source.replace('"Hello"', '"Good morning"'));
    const changed = await up();
    expect(changed.changes.map(({ operation, resource }) => `${operation} ${resource}`)).toEqual([
      "update Deployment hello/web",
    ]);
    await eventually(async () => {
      expect(await ask(changed)).toBe("Good morning, world!\n");
    });
    expect(imageOf(changed)).not.toBe(imageOf(first));

    project.write("apps/hello/src/main.go", source);
    const restored = await up();
    expect(imageOf(restored)).toBe(imageOf(first));
    await eventually(async () => {
      expect(await ask(restored)).toBe("Hello, world!\n");
    });
  });

  test("refresh --preview-only names a replica count changed by hand", async () => {
    await kubectl("scale deployment/web -n hello --replicas=2");
    const { stdout } = await project.shell("pulumi refresh --preview-only --diff --color never");
    expect(stdout).toMatch(/kubernetes:apps\/v1:Deployment/);
    expect(stdout).toMatch(/replicas\s*:\s*1 => 2/);
    await kubectl("scale deployment/web -n hello --replicas=1");
  });

  test("an engine killed in the middle is resumed, and nothing is lost", async () => {
    project.write("apps/slow/app.yaml", slowApp(imageOf(first)));
    project.write("stacks/local.ts", project.read("stacks/local.ts").replace('["hello"]', '["hello", "slow"]'));
    const running = project.start(["up", "local"]);
    const ended = outcome(running);
    await eventually(() => kubectl("get deployment/web -n slow"), 120_000);
    // The engine and the command are one process group.
    process.kill(-(running.pid ?? 0), "SIGKILL");
    await ended;

    const resumed = await up();
    expect(resumed.workloads.map(({ app, ready }) => `${app} ${ready}`)).toEqual(["hello 1", "slow 1"]);
    const again = await up();
    expect(again.changes).toEqual([]);
    await expect(ask(again)).resolves.toBe("Hello, world!\n");
  });

  test.each(["kube-apiserver", "kubelet", "etcd"])("%s killed: the next up finishes", async (part) => {
    const status = await clusterStatus({ name: "local", home: project.home });
    const pid = status.parts.find(({ name }) => name === part)?.pid;
    if (pid === undefined) throw new Error(`${part} does not run`);
    process.kill(pid, "SIGKILL");
    await sleep(1000);
    const result = await up();
    expect(result.changes).toEqual([]);
    await expect(ask(result)).resolves.toBe("Hello, world!\n");
  });

  test("an image that can't be pulled is named, with its reason", async () => {
    const image = `registry.petrichor.internal/nothing/here@sha256:${"0".repeat(64)}`;
    project.write("apps/slow/app.yaml", slowApp(image));
    const { code, stderr } = await project.run(["up", "local"]);
    expect(stderr).toContain(`app "slow", workload "web": the image ${image} can't be pulled`);
    expect(stderr).toContain("[IMAGE_PULL_FAILED]");
    expect(code).toBe(4);
  });

  test("an app that crashes at start is shown with its last words", async () => {
    project.write("apps/slow/app.yaml", `${slowApp(imageOf(first))}    env: { PORT: "not a port" }\n`);
    const { code, stderr } = await project.run(["up", "local"]);
    expect(stderr).toMatch(/app "slow", workload "web": the container "main" ended with exit code 1/);
    expect(stderr).toContain('"msg":"stopped"');
    expect(stderr).toContain("[APP_CRASHED]");
    expect(code).toBe(4);
  });

  test("a version that crashes and listens on another port leaves the one before reachable, until it is taken back", async () => {
    const written = project.read("apps/hello/app.ts");
    project.write("apps/hello/app.ts", written.replace("port: 8080,", 'port: 8090, env: { PORT: "nowhere" },'));
    project.write("apps/slow/app.yaml", slowApp(imageOf(first)));
    const { code, stderr } = await project.run(["up", "local"]);
    expect(`${code} ${stderr}`).toMatch(/^4 [^]*app "hello", workload "web"[^]*\[APP_CRASHED\]/);
    // The address moved with the port; the old pods answer at it, on the port that they have.
    const [address = ""] = first.workloads.find(({ app }) => app === "hello")?.addresses ?? [];
    expect(address).toMatch(/:8080$/);
    await expect(eventually(() => askOnce(address.replace(/8080$/, "8090")))).resolves.toBe("Hello, world!\n");
    project.write("apps/hello/app.ts", written);
  });

  test("what failed is mended by the next up", async () => {
    project.write("apps/slow/app.yaml", slowApp(imageOf(first)));
    project.write("apps/asker/app.yaml", askerApp(imageOf(first)));
    project.write("stacks/local.ts", project.read("stacks/local.ts").replace('"slow"', '"slow", "asker"'));
    const mended = await up();
    expect(mended.workloads.map(({ app, ready }) => `${app} ${ready}`).sort()).toEqual([
      "asker 1",
      "hello 1",
      "slow 1",
    ]);
  });

  test("down leaves no object of ours, and up brings everything back, one app after the other where they are linked", async () => {
    const { code, stderr } = await project.run(["down", "local"]);
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    // The one that asks takes longer to stop; it is gone before the other is touched all the same.
    expect(stderr).toMatch(/deleting Deployment asker\/ask[^]*deleting Deployment slow\/web/);
    const kinds = await kubectl("api-resources --verbs=list -o name");
    const names = kinds
      .split("\n")
      .filter((kind) => !/^events/.test(kind))
      .join(",");
    expect(await kubectl(`get ${names} -A -l 'app.kubernetes.io/part-of in (hello,slow,asker)' -o name`)).toBe("");
    const back = await up();
    await expect(ask(back)).resolves.toBe("Hello, world!\n");
    const { items } = JSON.parse(await kubectl("get pods -n slow -o json")) as {
      items: { status: { conditions: { type: string; lastTransitionTime: string }[] } }[];
    };
    const ready = items[0]?.status.conditions.find(({ type }) => type === "Ready")?.lastTransitionTime ?? "";
    const asked = await kubectl("get deployment/ask -n asker -o jsonpath={.metadata.creationTimestamp}");
    expect(Date.parse(asked)).toBeGreaterThanOrEqual(Date.parse(ready));
  });

  test("a port that another program has is named before anything is applied", async () => {
    const { addresses } = await clusterStatus({ name: "local", home: project.home });
    const other = createServer().listen(0, addresses?.loadBalancerAddress);
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    project.write(
      "apps/slow/app.yaml",
      `${slowApp(imageOf(first))}    expose: [{ host: auto }]\n`.replace("8080", String(port)),
    );
    const { code, stderr } = await project.run(["up", "local"]);
    expect(`${code} ${stderr}`).toMatch(
      new RegExp(`^3 [^]*TCP port ${port} of 127[.\\d]+, .*Service slow/web.* leads .*\\[PORT_IN_USE\\]`),
    );
    other.close();
    await once(other, "close");
    project.write("apps/slow/app.yaml", slowApp(imageOf(first)));
    expect((await up()).changes).toEqual([]);
  });

  test("a stopped cluster is said to be stopped, and comes back with what ran on it", async () => {
    expect((await project.run(["cluster", "stop"])).code).toBe(0);
    const { code, stderr } = await project.run(["status"]);
    expect(`${code} ${stderr}`).toMatch(
      /^4 error: the embedded cluster "local" is stopped\. .*\[CLUSTER_UNREACHABLE\]/,
    );
    const warm = await up();
    expect(warm.changes).toEqual([]);
    await expect(ask(warm)).resolves.toBe("Hello, world!\n");
  });
});

/** An app that calls the slow one, and takes longer to stop. */
function askerApp(image: string): string {
  return `name: asker
workloads:
  ask:
    kind: worker
    image: ${image}
    links: { SLOW: slow/web }
    stop: { delay: 9s }
`;
}

/** An app that takes a while to become ready. */
function slowApp(image: string): string {
  return `name: slow
workloads:
  web:
    kind: service
    image: ${image}
    port: 8080
    probes: { readiness: { http: /healthz, delay: 10s }, startup: false }
`;
}

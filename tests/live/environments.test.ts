import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Release } from "../../components/app/release";
import { type ClusterAddresses, deleteCluster, startCluster, stopCluster } from "../../toolchain/cluster/cluster";
import { describeEmbedded, eventually, runTool } from "../support/embedded";
import { ProjectCopy } from "../support/project-copy";
import { app, embeddedStack, previewSteps } from "./environments/files";
import { Load } from "./environments/load";

jest.setTimeout(15 * 60_000);

let project: ProjectCopy;
const instance = (name: "one" | "two"): { name: string; home: string } => ({ name, home: project.home });
const at: Record<"one" | "two", ClusterAddresses> = {} as never;

/** The same two clusters as somebody sees them who didn't make them. */
const existingStack = (): string => `
import { defineStack, existing } from "./stack";
const registry = "registry.petrichor.internal";
export default defineStack({
  environment: "both",
  clusters: {
    east: existing({ kubeconfig: "${at.one.kubeconfig}", context: "${contextOf("one")}", facts: { registry, loadBalancer: "loopback" } }),
    west: existing({ kubeconfig: "${at.two.kubeconfig}", context: "${contextOf("two")}", facts: { registry, loadBalancer: "loopback" } }),
  },
  domain: "both.petrichor.localhost",
  apps: ["everywhere", "mover"],
  placement: { mover: { on: "one" } },
});`;

function contextOf(cluster: "one" | "two"): string {
  return (parse(readFileSync(at[cluster].kubeconfig, "utf8")) as { "current-context": string })["current-context"];
}

const kubectl = (cluster: "one" | "two", ...args: string[]): Promise<string> =>
  runTool("kubectl", "--kubeconfig", at[cluster].kubeconfig, ...args);

/** Digest that a workload's object names on a cluster. */
async function runningDigest(cluster: "one" | "two", namespace: string): Promise<string> {
  const image = await kubectl(
    cluster,
    "--namespace",
    namespace,
    "get",
    "deployment",
    "web",
    "--output",
    "jsonpath={.spec.template.spec.containers[0].image}",
  );
  return image.split("@").at(-1) ?? "";
}

const releaseOf = (environment: string): Release =>
  parse(readFileSync(path.join(project.home, "releases", `${environment}.yaml`), "utf8")) as Release;
const bothRelease = (): Release =>
  parse(readFileSync(path.join(project.folder, "releases/both.yaml"), "utf8")) as Release;

describeEmbedded("environments", () => {
  beforeAll(async () => {
    project = new ProjectCopy();
    project.copy("apps/hello");
    project.write("stacks/first.ts", embeddedStack("first", "one", "built"));
    project.write("stacks/second.ts", embeddedStack("second", "two", "promoted"));
    at.one = await startCluster(instance("one"));
    at.two = await startCluster(instance("two"));
  });
  afterAll(async () => {
    await deleteCluster(instance("one"));
    await deleteCluster(instance("two"));
    project.remove();
  });

  describe("promotion", () => {
    let firstDigest: string;

    // The clusters are used again below, and a port of a load balancer is given once.
    afterAll(async () => {
      await project.succeed("down", "first");
      await project.succeed("down", "second");
    });

    test("what one environment proved runs in the next, under exactly the same digest", async () => {
      await project.succeed("up", "first");
      firstDigest = await runningDigest("one", "hello");
      expect(firstDigest).toMatch(/^sha256:[a-f0-9]{64}$/);
      const told = await project.succeed("promote", "first", "second");
      expect(told).toContain("hello/web");
      expect(releaseOf("second").apps.hello?.web?.image).toContain(firstDigest);
      await project.succeed("up", "second", "--frozen");
      expect(await runningDigest("two", "hello")).toBe(firstDigest);
      expect(await project.succeed("promote", "first", "second")).toContain("has everything of first already");
    });

    test("what the target's rules would refuse isn't promoted", async () => {
      const strict = embeddedStack("third", "two", "promoted").replace(
        "images:",
        'policy: { registries: ["registry.example.com"] },\n  images:',
      );
      project.write("stacks/third.ts", strict);
      const refused = await project.run("promote", "first", "third");
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/breaks the rule image-from-registry on only: .* \[PROMOTION_AGAINST_POLICY\]/);
      expect(existsSync(path.join(project.home, "releases/third.yaml"))).toBe(false);
    });

    test("a digest that doesn't run is refused, and nothing is written", async () => {
      const before = releaseOf("second");
      await kubectl(
        "one",
        "--namespace",
        "hello",
        "set",
        "image",
        "deployment/web",
        `main=registry.petrichor.internal/hello/web@sha256:${"0".repeat(64)}`,
      );
      const refused = await project.run("promote", "first", "second");
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain("PROMOTION_NOT_RUNNING");
      expect(releaseOf("second")).toEqual(before);
    });

    test("drift names the hand-changed field and who changed it; the next up puts it right", async () => {
      const drifted = await project.run("drift", "first");
      expect(drifted.code).toBe(5);
      expect(drifted.stdout).toMatch(
        /Deployment hello\/web: spec\.template\.spec\.containers\[main\]\.image is .* \(by kubectl-set at /,
      );
      await project.succeed("up", "first", "--refresh");
      expect(await project.succeed("drift", "first")).toContain("everything is as its files say");
    });

    test("a new digest follows, and a rollback restores the former one", async () => {
      const file = path.join(project.folder, "apps/hello/src/main.go");
      project.write(
        "apps/hello/src/main.go",
        `${readFileSync(file, "utf8")}\n// Another build.\nvar _ = "${Date.now()}"\n`,
      );
      await project.succeed("up", "first");
      await project.succeed("promote", "first", "second");
      await project.succeed("up", "second", "--frozen");
      const next = await runningDigest("two", "hello");
      expect(next).toBe(await runningDigest("one", "hello"));
      expect(next).not.toBe(firstDigest);
      await project.succeed("rollback", "second");
      await project.succeed("up", "second", "--frozen");
      expect(await runningDigest("two", "hello")).toBe(firstDigest);
      expect(JSON.parse(await project.succeed("history", "second", "--json"))).toHaveLength(3);
    });
  });

  describe("a lost state", () => {
    /** Names, uids and generations of everything in the app's namespace that was made by us. */
    const identities = async (): Promise<string> =>
      kubectl(
        "one",
        ...[
          "--namespace",
          "hello",
          "get",
          "deployments,services,networkpolicies,serviceaccounts,resourcequotas,limitranges",
        ],
        ...["--selector", "app.kubernetes.io/managed-by=petrichor", "--output"],
        'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.uid} {.metadata.generation}{"\\n"}{end}',
      );

    test("up --adopt takes over what is ours, refuses what isn't, and changes nothing", async () => {
      await project.succeed("up", "first");
      const before = await identities();
      expect(before.split("\n").length).toBeGreaterThan(5);
      const states = path.join(project.home, "pulumi/.pulumi/stacks/petrichor");
      for (const file of readdirSync(states).filter((name) => name.startsWith("first.json")))
        rmSync(path.join(states, file));
      await kubectl(
        "one",
        "--namespace",
        "hello",
        "label",
        "networkpolicy",
        "default",
        "app.kubernetes.io/managed-by=somebody",
        "--overwrite",
      );
      const refused = await project.run("up", "first", "--adopt");
      expect(refused.stderr).toContain("OBJECT_EXISTS");
      expect(refused.code).not.toBe(0);
      await kubectl(
        "one",
        "--namespace",
        "hello",
        "label",
        "networkpolicy",
        "default",
        "app.kubernetes.io/managed-by=petrichor",
        "--overwrite",
      );
      await project.succeed("up", "first", "--adopt");
      expect(await identities()).toBe(before);
      expect(await project.succeed("drift", "first")).toContain("everything is as its files say");
    });
  });

  describe("a pull-request pipeline", () => {
    test("its steps, run here, leave the report and the exit code that it needs", async () => {
      await project.succeed("up", "first");
      const body = path.join(project.folder, "comment-posted.md");
      // What GitHub does with the comment: keep it.
      project.program("gh", `while [ "$1" != --body-file ]; do shift; done\ncp "$2" "${body}"`);
      const steps = previewSteps();
      const settings = {
        STACK: "first",
        PULL_REQUEST: "1",
        GITHUB_REPOSITORY: "acme/platform",
        GITHUB_STEP_SUMMARY: path.join(project.folder, "summary.md"),
      };
      for (const step of steps) expect((await project.shell(step, settings)).code).toBe(0);
      expect(readFileSync(body, "utf8")).toMatch(
        /^### ✅ first: nothing would change\n[^]*```\n[^]*first: \d+ unchanged\n```\n\n<\/details>\n$/,
      );
      expect(readFileSync(settings.GITHUB_STEP_SUMMARY, "utf8")).toBe(readFileSync(body, "utf8"));
      const broken = await project.shell(steps[0] ?? "", { ...settings, STACK: "frist" });
      expect(broken.code).toBe(2);
      expect(broken.stderr).toContain('Did you mean "first"?');
      await project.succeed("down", "first");
    });
  });

  describe("two clusters of one environment", () => {
    beforeAll(async () => {
      const repository = "test/probe";
      const build = ["build", "--source", path.join(project.folder, "apps/hello/src"), "--repository"];
      const printed = await runTool("images", ...build, `${at.one.registry}/${repository}`);
      await runTool("images", ...build, `${at.two.registry}/${repository}`);
      const image = `registry.petrichor.internal/${repository}@${printed.trim().split("@").at(-1) ?? ""}`;
      project.write("apps/everywhere/app.ts", app("everywhere", image, "[]"));
      project.write("apps/mover/app.ts", app("mover", image, '[{ host: "auto" }]'));
      project.write("stacks/both.ts", existingStack());
    });

    test("facts are read off clusters that others made, and the choice of a cluster is written down", async () => {
      await project.succeed("lock", "both");
      const { facts, placements } = bothRelease();
      expect(facts.east).toMatchObject({
        version: expect.stringMatching(/^1\.\d+$/) as string,
        storageClass: "standard",
        nodes: "fixed",
        identity: "none",
      });
      expect(placements.mover).toHaveLength(1);
    });

    test("one that is down doesn't keep the other waiting; the next up completes", async () => {
      await stopCluster(instance("two"));
      const partly = await project.run("up", "both", "--json");
      expect(partly.code).toBe(4);
      const outcomes = JSON.parse(partly.stdout) as { stack: string; pending?: { code: string }[] }[];
      expect(outcomes.map(({ stack, pending }) => [stack, pending?.map(({ code }) => code)])).toEqual([
        ["both.east", undefined],
        ["both.west", ["CLUSTER_UNREACHABLE"]],
      ]);
      await kubectl(
        "one",
        "--namespace",
        "everywhere",
        "wait",
        "--for=condition=Available",
        "deployment/web",
        "--timeout=120s",
      );
      at.two = await startCluster(instance("two"));
      await project.succeed("up", "both");
      await kubectl(
        "two",
        "--namespace",
        "everywhere",
        "wait",
        "--for=condition=Available",
        "deployment/web",
        "--timeout=120s",
      );
    });

    test("moving an app under load loses no request", async () => {
      const from = bothRelease().placements.mover?.[0] ?? "";
      const to = from === "east" ? "west" : "east";
      const load = new Load(async () => addressOf(bothRelease().placements.mover?.[0] ?? ""));
      await eventually(() => load.once());
      load.start();
      await project.succeed("move", "mover", "both", "--to", to, "--drain", "5");
      const { asked, lost } = await load.stop();
      expect(lost).toEqual([]);
      expect(asked).toBeGreaterThan(20);
      expect(bothRelease().placements.mover).toEqual([to]);
      const gone = await kubectl(
        from === "east" ? "one" : "two",
        "get",
        "deployments",
        "--all-namespaces",
        "--selector",
        "app.kubernetes.io/part-of=mover",
        "--output",
        "name",
      );
      expect(gone).toBe("");
    });
  });
});

/** Where the app answers on a cluster of `both`. */
async function addressOf(cluster: string): Promise<string> {
  const on = cluster === "east" ? "one" : "two";
  const service = await kubectl(on, "--namespace", "mover", "get", "service", "web-public", "--output", "json");
  const { status, spec } = JSON.parse(service) as {
    status: { loadBalancer: { ingress?: { ip: string }[] } };
    spec: { ports: { port: number }[] };
  };
  return `http://${status.loadBalancer.ingress?.[0]?.ip ?? "nowhere"}:${spec.ports[0]?.port ?? 0}/healthz`;
}

import { execFile } from "node:child_process";
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureTools } from "../../toolchain/build";
import { lineReporter } from "../../toolchain/report";
import type { ToolPaths } from "../../toolchain/tools";
import { eventually } from "../support/embedded";
import { ControlPlane } from "./provider/control-plane";
import { Engine, nameOf, type Outcome, type Resource, type RunOptions } from "./provider/engine";

jest.setTimeout(600_000);

const firstBuild = 30 * 60_000;
const count = 200;

/** A run of the engine that stands still in the middle. */
interface Halted {
  /** Process of `pulumi-journal`, and of the engine that it runs. */
  readonly keeper: number;
  readonly engine: number;
  readonly outcome: Promise<Outcome>;
}

interface Checkpoint {
  readonly checkpoint: {
    readonly latest?: {
      readonly resources?: readonly { readonly urn: string; readonly type: string }[];
      readonly pending_operations?: readonly { readonly resource: { readonly urn: string } }[];
    };
  };
}

describe("a journal instead of checkpoints", () => {
  let tools: ToolPaths<
    "pulumi" | "pulumi-journal" | "pulumi-language-nodejs" | "pulumi-resource-kubernetes" | "kubernetes"
  >;
  let plane: ControlPlane;
  let engine: Engine;
  let namespace = "";
  let resources: readonly Resource[];
  let made = 0;

  beforeAll(async () => {
    const names = [
      "pulumi",
      "pulumi-journal",
      "pulumi-language-nodejs",
      "pulumi-resource-kubernetes",
      "kubernetes",
    ] as const;
    tools = await ensureTools(names, { report: lineReporter() });
    plane = await new ControlPlane(tools).start();
  }, firstBuild);
  afterAll(() => plane.stop());

  beforeEach(async () => {
    namespace = `journal-${made++}`;
    await plane.request("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    engine = await new Engine(tools, { KUBECONFIG: plane.kubeconfig() }, tools["pulumi-journal"]).create();
    resources = Array.from({ length: count }, (_, index) => configMap(namespace, index));
  });
  afterEach(() => {
    engine.remove();
  });

  const left = (folder: string): string[] => {
    const path = join(engine.folder, "state/.pulumi", folder);
    return existsSync(path)
      ? readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((each) =>
          each.isFile() && !each.name.endsWith(".attrs") ? [join(each.parentPath, each.name)] : [],
        )
      : [];
  };

  const plain: RunOptions = { plain: true };

  async function objects(): Promise<string[]> {
    const { text } = await plane.request("GET", `/api/v1/namespaces/${namespace}/configmaps`);
    const { items } = JSON.parse(text) as {
      readonly items: readonly { readonly metadata: { readonly name: string } }[];
    };
    return items.map(({ metadata }) => metadata.name);
  }

  /** Names in the state, and names of what was under way. */
  function remembered(): { readonly made: readonly string[]; readonly pending: readonly string[] } {
    const { latest } = (JSON.parse(engine.checkpoint()) as Checkpoint).checkpoint;
    const kubernetes = (latest?.resources ?? []).filter(({ type }) => type === "kubernetes:core/v1:ConfigMap");
    const pending = (latest?.pending_operations ?? []).map(({ resource }) => nameOf(resource.urn));
    return { made: kubernetes.map(({ urn }) => nameOf(urn)), pending };
  }

  async function halt(): Promise<Halted> {
    return new Promise((resolve, reject) => {
      const outcome = engine.up(resources, {
        started: (keeper, output) => {
          keeper.stdout?.on("data", () => {
            if (keeper.pid === undefined || output().split(" created").length < 20) return;
            keeper.stdout?.removeAllListeners("data");
            const running = childOf(keeper.pid);
            process.kill(running, "SIGSTOP");
            resolve({ keeper: keeper.pid, engine: running, outcome });
          });
        },
      });
      outcome.then(({ output }) => {
        reject(new Error(`the engine ended before it was stopped:\n${output}`));
      }, reject);
    });
  }

  /** Processes that work for the project of the test. */
  function workers(): readonly string[] {
    const home = `PULUMI_HOME=${join(engine.folder, "home")}`;
    return readdirSync("/proc").filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(home);
      } catch {
        return false;
      }
    });
  }

  async function expectLocked(): Promise<void> {
    const { code, output } = await engine.refresh(plain);
    expect(code).not.toBe(0);
    expect(output).toContain("locked by 1 lock");
  }

  /** What was made is known, what was under way is known as such, and the next runs come to what was asked for. */
  async function expectNothingLost(): Promise<void> {
    const { made: known, pending } = remembered();
    expect(known.length).toBeGreaterThanOrEqual(10);
    expect(known.length).toBeLessThan(count);
    expect(new Set(known).size).toBe(known.length);
    const there = await objects();
    expect(there.filter((name) => ![...known, ...pending].includes(name))).toEqual([]);
    expect(known.filter((name) => !there.includes(name))).toEqual([]);
    expect(left("locks")).toEqual([]);
    expect(left("journals")).toEqual([]);

    const cleared = await engine.pulumi(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"], plain);
    expect([cleared.code, cleared.output]).toEqual([0, expect.any(String)]);
    const finished = await engine.up(resources, {
      ...plain,
      environment: { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" },
    });
    expect([finished.code, finished.output]).toEqual([0, expect.any(String)]);
    expect(remembered().pending).toEqual([]);
    expect([...remembered().made].sort()).toEqual(resources.map(({ name }) => name).sort());
    expect((await objects()).filter((name) => name.startsWith("object-"))).toHaveLength(count);
  }

  test("plain pulumi finds the state, the history and nothing to do", async () => {
    const { code, output } = await engine.up(resources);
    expect([code, output]).toEqual([0, expect.stringContaining(`${count + 1} created`)]);
    expect(output).not.toContain("Logging in");
    expect(left("journals")).toEqual([]);
    expect(left("locks")).toEqual([]);
    const [told] = JSON.parse(
      (await engine.pulumi(["stack", "history", "--json"])).output.replace(/^warning:.*$/gm, ""),
    ) as {
      readonly kind: string;
      readonly result: string;
      readonly resourceChanges: object;
    }[];
    expect(told).toMatchObject({ kind: "update", result: "succeeded", resourceChanges: { create: count + 1 } });
    expect((await engine.preview(resources)).output).toContain(`${count + 1} unchanged`);

    const changed = resources.map((each, index) => (index % 2 === 0 ? each : configMap(namespace, index, "changed")));
    const updated = await engine.up(changed);
    expect([updated.code, updated.output]).toEqual([0, expect.stringContaining(`${count / 2} updated`)]);
    expect((await engine.preview(changed)).output).toContain(`${count + 1} unchanged`);
    expect((await engine.destroy()).code).toBe(0);
    expect(engine.state().size).toBe(0);
  });

  test("an engine that is killed leaves no step behind", async () => {
    const halted = await halt();
    await expectLocked();
    process.kill(halted.engine, "SIGKILL");
    expect((await halted.outcome).code).not.toBe(0);
    await expectNothingLost();
  });

  test("killed beside its engine, the journal is brought in by the next run", async () => {
    const halted = await halt();
    process.kill(halted.keeper, "SIGKILL");
    await halted.outcome;
    // The kernel ends the engine when its keeper is gone.
    await eventually(() => (runs(halted.engine) ? Promise.reject(new Error("the engine runs")) : Promise.resolve()));
    expect(remembered()).toEqual({ made: [], pending: [] });
    await eventually(() => (workers().length > 0 ? Promise.reject(new Error("plugins run")) : Promise.resolve()));
    expect(left("journals")).toHaveLength(1);
    await expectLocked();
    expect((await engine.pulumi(["cancel", "--yes"])).code).toBe(0);
    await promisify(execFile)(tools["pulumi-journal"], ["fold", "small", "dev"], {
      env: { ...process.env, PULUMI_BACKEND_URL: `file://${join(engine.folder, "state")}` },
    });
    await expectNothingLost();
  });

  test("interrupted once, the engine finishes what is under way", async () => {
    const halted = await halt();
    process.kill(halted.keeper, "SIGINT");
    process.kill(halted.engine, "SIGCONT");
    const { code } = await halted.outcome;
    expect(code).not.toBe(0);
    expect(remembered().pending).toEqual([]);
    await expectNothingLost();
  });
});

function configMap(namespace: string, index: number, value = "as-made"): Resource {
  // There is no garbage collector here that would end a deletion in the foreground.
  const annotations = { "pulumi.com/deletionPropagationPolicy": "background" };
  const metadata = { name: `object-${index}`, namespace, annotations, labels: { value } };
  return {
    type: "kubernetes:core/v1:ConfigMap",
    name: `object-${index}`,
    inputs: { apiVersion: "v1", kind: "ConfigMap", metadata, data: { some: "text" } },
  };
}

/** The only child of a process, whichever of its threads has started it. */
function childOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const children = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
  const [child, ...others] = children.join(" ").split(" ").filter(Boolean).map(Number);
  if (child === undefined || others.length > 0) throw new Error(`process ${pid} has not one child: ${children.join()}`);
  return child;
}

/** A process that ended and that nobody has asked about yet does not run. */
function runs(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

import { execFileSync } from "node:child_process";
import type { Capabilities } from "../../components/app/objects/context";
import type { AppModel } from "../../components/app/model/types";
import { appObjects } from "../../components/app/objects/app";
import { embeddedFacts } from "../../components/cluster/embedded";
import { inOrder } from "../../components/deploy/dependencies";
import type { KubeObject } from "../../components/kube/object";
import type { Engine, EngineContext } from "../../components/platform/engine";
import { bundleFolder } from "../../components/platform/installed";
import { capabilitiesOf, engineObjectsOf, renderEngines } from "../../components/platform/objects";
import { inNeedOrder } from "../../components/platform/order";
import { upstreamFrom } from "../../components/platform/upstream";
import { ensureTools } from "../../toolchain/build";
import { toolPath } from "../../toolchain/locate";
import { ensureManifests } from "../../toolchain/manifests";
import type { ToolFile, ToolName } from "../../toolchain/tools";
import { runTool } from "./embedded";

/** Engines on an embedded cluster, as `up` would install them, but by kubectl. */
export class InstalledEngines {
  private constructor(
    private readonly engines: readonly Engine[],
    private readonly context: EngineContext,
    private readonly kubectl: (objects: readonly KubeObject[]) => Promise<void>,
  ) {}

  /**
   * Pushes the engines' images to the cluster's registry, applies their objects and waits until their Deployments are available.
   * `secrets` has the values, in base64, of the engines' Secrets by name.
   */
  static async install(
    engines: readonly Engine[],
    cluster: { kubeconfig: string; registry: string },
    { domain, secrets }: { domain: string; secrets: Readonly<Record<string, Readonly<Record<string, string>>>> },
  ): Promise<InstalledEngines> {
    const ordered = inNeedOrder(engines);
    const quiet = { report: () => undefined };
    await ensureManifests(
      ordered.flatMap(({ upstream }) => upstream),
      quiet,
    );
    const references = await pushImages(ordered, cluster.registry);
    const kubectl = (objects: readonly KubeObject[]): Promise<void> => apply(cluster.kubeconfig, objects);
    const capabilities: Capabilities = capabilitiesOf(ordered);
    const context = {
      facts: embeddedFacts,
      settings: { domain, owner: "test" },
      capabilities,
      upstream: upstreamFrom(bundleFolder()),
    };
    const installed = new InstalledEngines(ordered, { ...context, image: () => "" }, kubectl);
    for (const engine of ordered) {
      const image = (name: string): string => references.get(`${engine.id}/${name}`) ?? "";
      const [rendered] = renderEngines([engine], { ...context, image });
      if (rendered === undefined) continue;
      const definitions = rendered.objects.filter(({ kind }) => kind === "CustomResourceDefinition");
      await kubectl(definitions);
      for (const { metadata } of definitions) await wait(cluster.kubeconfig, "Established", `crd/${metadata.name}`);
      await kubectl(inOrder(rendered.objects.filter(({ kind }) => kind !== "CustomResourceDefinition")));
      for (const { metadata } of rendered.objects.filter(({ kind }) => kind === "Deployment")) {
        await wait(cluster.kubeconfig, "Available", `deployment/${metadata.name}`, metadata.namespace);
      }
      await kubectl(
        rendered.resources.map((object) =>
          object.kind === "Secret" ? { ...object, data: secrets[object.metadata.name] } : object,
        ),
      );
    }
    return installed;
  }

  /** Applies objects that are no engine's and no app's. */
  async apply(objects: readonly KubeObject[]): Promise<void> {
    await this.kubectl(objects);
  }

  /** Applies an app with what the engines add to it. */
  async run(app: AppModel): Promise<void> {
    const { facts, capabilities } = this.context;
    await this.kubectl(
      inOrder([...appObjects(app, facts, capabilities), ...engineObjectsOf(app, this.engines, this.context)]),
    );
  }
}

async function pushImages(engines: readonly Engine[], registry: string): Promise<Map<string, string>> {
  const references = new Map<string, string>();
  for (const { id, images } of engines) {
    for (const [name, { tool }] of Object.entries(images)) {
      if (tool === undefined) throw new TypeError(`no tool makes the image ${id}/${name}`);
      const program = tool.replace(/-image$/, "");
      const archive = (await ensureTools([tool as ToolName], { report: () => undefined }))[
        `${program}.tar` as ToolFile
      ];
      const pushed = await runTool(
        "images",
        "push",
        "--archive",
        archive,
        "--repository",
        `${registry}/platform/${program}`,
      );
      const digest = pushed.trim().split("@")[1] ?? "";
      references.set(`${id}/${name}`, `${embeddedFacts.registry}/platform/${program}@${digest}`);
    }
  }
  return references;
}

async function apply(kubeconfig: string, objects: readonly KubeObject[]): Promise<void> {
  if (objects.length === 0) return;
  const program = (await toolPath("kubectl")) ?? "kubectl";
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const args = ["--kubeconfig", kubeconfig, "apply", "--server-side", "--force-conflicts", "-f", "-"];
  execFileSync(program, args, { input, stdio: ["pipe", "ignore", "pipe"], maxBuffer: 64 * 2 ** 20 });
}

async function wait(kubeconfig: string, condition: string, name: string, namespace = "default"): Promise<void> {
  await runTool(
    "kubectl",
    "--kubeconfig",
    kubeconfig,
    "--namespace",
    namespace,
    "wait",
    `--for=condition=${condition}`,
    name,
    "--timeout=240s",
  );
}

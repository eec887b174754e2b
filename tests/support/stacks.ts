import path from "node:path";
import { resolveApps } from "../../components/app/model/resolve";
import { isTree } from "../../components/app/model/layers";
import type { AppModel } from "../../components/app/model/types";
import { appObjects } from "../../components/app/objects/app";
import { emptyRelease, type Release } from "../../components/app/release";
import type { KubeObject } from "../../components/kube/object";
import { enginesNamed } from "../../components/platform/installed";
import { capabilitiesOf, engineObjectsOf } from "../../components/platform/objects";
import { loadApps, loadStack, platformSettings, readProject, stackInput } from "../../stacks/project";
import { environmentNames } from "../../stacks/project/files";
import { stackNames } from "../../stacks/project/name";
import { nameOf } from "../../stacks/project/placement";
import { givePorts } from "../../stacks/project/ports";

const root = path.resolve(__dirname, "../..");

/** What an app comes to on one cluster of an environment. */
export interface RenderedOnStack {
  /** Name of the Pulumi stack, for example `prod.aws-eu`. */
  readonly stack: string;
  readonly model: AppModel;
  readonly objects: readonly KubeObject[];
}

/** Every app of the project on every cluster that it is placed on, as if all its images were built and its ports were given. */
export function renderedOnStacks(): RenderedOnStack[] {
  return environmentNames(root).flatMap((environment) =>
    stackNames(loadStack(root, environment), "apps").flatMap((stack) => renderedOn(environment, stack)),
  );
}

function renderedOn(environment: string, name: string): RenderedOnStack[] {
  const project = readProject({ root, stack: name, release: completeRelease(environment) });
  const { stack, cluster, definitions, release } = project;
  const engines = enginesNamed(stack.engines);
  const capabilities = capabilitiesOf(engines);
  // The machine that runs the test must not matter.
  const facts =
    cluster.definition.kind === "embedded" ? { ...cluster.facts, architectures: ["amd64" as const] } : cluster.facts;
  const context = { facts, settings: platformSettings(stack, cluster.name), capabilities, image: none, upstream: none };
  return resolveApps({ definitions, stack: stackInput(stack), release }).map((model) => ({
    stack: name,
    model,
    objects: [...appObjects(model, facts, capabilities), ...engineObjectsOf(model, engines, context)],
  }));
}

/** What engines add to a workload names neither their images nor their manifests. */
function none(): never {
  throw new Error("the objects of workloads need nothing of an engine's own");
}

function completeRelease(environment: string): Release {
  const definitions = loadApps(root);
  const apps = definitions.map((one) => [nameOf(one), digestsOf(one.definition)] as const);
  const release = { ...emptyRelease, apps: Object.fromEntries(apps) };
  return givePorts(definitions, loadStack(root, environment), release).release;
}

function digestsOf(definition: unknown): Release["apps"][string] {
  const workloads = isTree(definition) && isTree(definition["workloads"]) ? Object.keys(definition["workloads"]) : [];
  const app = nameOf({ file: "", definition });
  return Object.fromEntries(
    workloads.map((name) => [name, { image: `registry.example.com/${app}/${name}@sha256:${"0".repeat(64)}` }]),
  );
}

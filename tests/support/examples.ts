import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "../../components/kube/object";
import { engines } from "../../components/platform/engines";
import { moduleFolder } from "../../toolchain/locate";
import { folderOf } from "../../toolchain/manifests";

/** Where the modules that the platform is made of keep examples, samples and objects of their own tests. */
const folders: Readonly<Record<string, readonly string[]>> = {
  "github.com/cert-manager/cert-manager": ["deploy/manifests", "test/fixtures"],
  "github.com/envoyproxy/gateway": ["examples/kubernetes"],
  "github.com/kedacore/http-add-on": ["config", "examples"],
  "github.com/kedacore/keda/v2": ["config"],
  "go.universe.tf/metallb": ["config", "configsamples", "dev-env"],
  "k8s.io/kubernetes": ["cluster/addons", "hack/testdata", "test/e2e/testing-manifests", "test/fixtures"],
  "sigs.k8s.io/external-dns": ["docs/snippets", "kustomize"],
  "sigs.k8s.io/gateway-api": ["examples", "hack/invalid-examples"],
  "sigs.k8s.io/metrics-server": ["manifests"],
};

/** An object that somebody else wrote. */
export interface Example {
  readonly module: string;
  /** Relative to the module's folder. */
  readonly file: string;
  readonly object: KubeObject;
}

/** The examples of every module that the platform is made of, in the versions that are pinned; a module that lacks is fetched. */
export async function upstreamExamples(): Promise<readonly Example[]> {
  const roots = new Map<string, string>();
  for (const { module, version } of Object.values(engines).flatMap(({ upstream }) => upstream)) {
    roots.set(module, await folderOf({ module, version }));
  }
  roots.set("k8s.io/kubernetes", await kubernetesFolder());
  return [...roots].flatMap(([module, root]) =>
    (folders[module] ?? []).flatMap((folder) =>
      yamlFiles(root, folder).flatMap((file) => examplesIn(module, root, file)),
    ),
  );
}

async function kubernetesFolder(): Promise<string> {
  const args = ["mod", "download", "-json", "k8s.io/kubernetes"];
  const { stdout } = await promisify(execFile)("go", args, { cwd: moduleFolder("kubernetes") });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

function yamlFiles(root: string, folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => path.join(folder, file))
    .sort();
}

function examplesIn(module: string, root: string, file: string): Example[] {
  const text = readFileSync(path.join(root, file), "utf8");
  // Templates are no objects yet.
  if (text.includes("{{")) return [];
  return parseAllDocuments(text)
    .filter(({ errors }) => errors.length === 0)
    .flatMap((document) => itemsOf(document.toJS()))
    .filter(isObject)
    .map((object) => ({ module, file, object }));
}

function itemsOf(value: unknown): unknown[] {
  const { items } = (value ?? {}) as { items?: unknown };
  return Array.isArray(items) ? items : [value];
}

/** What has a name of its own; tools' own files, definitions of kinds, and objects that a server names, have another form. */
function isObject(value: unknown): value is KubeObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<KubeObject>;
  return (
    typeof apiVersion === "string" &&
    typeof kind === "string" &&
    kind !== "CustomResourceDefinition" &&
    typeof metadata?.name === "string"
  );
}

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureTools } from "../../../../toolchain/build";
import { deleteCluster, startCluster } from "../../../../toolchain/cluster/cluster";
import { registryHosts } from "../../../../toolchain/cluster/configuration/containerd";
import { layoutOf } from "../../../../toolchain/cluster/layout";
import { lineReporter } from "../../../../toolchain/report";
import { describeEmbedded, runTool } from "../../../support/embedded";
import { Server } from "../cluster";
import type { Outcome } from "../engine";
import type { Program } from "./programs";
import { type Run, runProgram } from "./run";
import { projectsOf } from "./source";

// Programs that nobody here wrote, as they are published, on a cluster with a node. Their images can't be had without
// internet: a registry that the node takes for theirs has a stand-in under the same names, so what is proven is what the
// engine, the language host, the SDK and the plugin make of the programs, not what runs in the pods.

/** What a program has, with several at a time on a busy machine, in milliseconds. */
const patience = 15 * 60_000;
const firstBuild = 40 * 60_000;
/** As many at a time as keep two cores busy. */
const together = 3;
const home = mkdtempSync(join(tmpdir(), "petrichor-live-programs-"));
const cluster = { name: "programs", home };
const standIn = join(__dirname, "../workload");

/** Image names of the programs, by registry. */
const images: Readonly<Record<string, readonly string[]>> = {
  "docker.io": [
    ...["1.7.9", "1.13-alpine", "1.15-alpine", "latest"].map((tag) => `library/nginx:${tag}`),
    "bitnami/apache:2.4.23-r12",
  ],
  "k8s.gcr.io": ["redis:e2e"],
  "gcr.io": ["google_samples/gb-redisslave:v1", "google-samples/gb-frontend:v4"],
};
/** Images of docker.io that have to have a command, which the program names: one that stays, and one that ends. */
const commands = [
  { command: "pulumi-kubernetes-operator", image: "pulumi/pulumi-kubernetes-operator:v0.0.2", source: standIn },
  { command: "perl", image: "library/perl:latest", source: join(__dirname, "ends") },
];

/** Folder of a program to deploy, preview, refresh and take away in place of those of the list. */
const chosen = process.env["PUBLIC_PROGRAM"];

const runs = new Map<string, Promise<Run>>();

/** Tests that deploy each program, find it at rest, and take it away again. PUBLIC_PROGRAM names one to take instead. */
export function describePrograms(title: string, programs: readonly Program[]): void {
  describeEmbedded(title, () => {
    describeEach(chosen === undefined ? programs : []);
  });
}

function describeEach(programs: readonly Program[]): void {
  beforeAll(async () => {
    const tools = await ensureTools(["pulumi", "pulumi-language-nodejs", "pulumi-resource-kubernetes"], {
      report: lineReporter(),
    });
    const at = await startCluster(cluster);
    await standInFor(images, at.registry);
    for (const { command, image, source } of commands) await build(named(command, source), `${at.registry}/${image}`);
    const server = new Server(at.kubeconfig, home);
    let turn: readonly Promise<unknown>[] = Array.from({ length: together }, () => Promise.resolve());
    for (const program of programs) {
      const [free = Promise.resolve(), ...others] = turn;
      const run = free.then(async () => runProgram(tools, server, await projectsOf(program, home), program.config));
      runs.set(program.path, run);
      turn = [...others, run.catch(() => undefined)];
    }
    if (chosen !== undefined) runs.set(chosen, runProgram(tools, server, [chosen]));
  }, firstBuild);

  afterAll(async () => {
    await Promise.allSettled(runs.values());
    await deleteCluster(cluster);
    rmSync(home, { recursive: true, force: true });
  }, patience);

  if (chosen !== undefined) {
    it(
      `${chosen} is deployed, at rest, and taken away`,
      async () => {
        const run = await runOf(chosen);
        expectWhole(run);
        expect(run.objects).not.toEqual([]);
      },
      patience,
    );
    return;
  }

  it.each(programs.map((program) => [program.path, program.expectation, program] as const))(
    "%s %s",
    async (path, _expectation, { kinds, check }) => {
      const run = await runOf(path);
      expectWhole(run);
      const made = run.objects.map(({ kind }) => kind);
      expect(Object.fromEntries(made.map((kind) => [kind, made.filter((each) => each === kind).length]))).toEqual(
        kinds,
      );
      check(...run.versions);
    },
    patience,
  );
}

async function runOf(path: string): Promise<Run> {
  const run = runs.get(path);
  if (run === undefined) throw new Error("the program was not started");
  return run;
}

/** Every operation went well, the deployed program is at rest, and nothing is left of it. */
function expectWhole({ versions, preview, refresh, destroy, left }: Run): void {
  for (const { outcome } of versions) expectSuccess(outcome);
  expectSuccess(preview);
  expectSuccess(refresh);
  expectSuccess(destroy);
  expect(left).toEqual([]);
}

function expectSuccess({ code, output }: Outcome): void {
  expect({ code, said: code === 0 ? "" : output }).toEqual({ code: 0, said: "" });
}

/** Pushes the stand-in under the names of images, and lets the node take the cluster's registry for theirs. */
async function standInFor(names: Readonly<Record<string, readonly string[]>>, at: string): Promise<void> {
  for (const [registry, repositories] of Object.entries(names)) {
    const folder = join(layoutOf(cluster).configuration, "registries", registry);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "hosts.toml"), registryHosts());
    for (const repository of repositories) await build(standIn, `${at}/${repository}`);
  }
}

const build = (source: string, repository: string): Promise<string> =>
  runTool("images", "build", "--source", source, "--repository", repository);

/** A program with another name. */
function named(name: string, source: string): string {
  const folder = join(home, name);
  cpSync(source, folder, { recursive: true });
  writeFileSync(join(folder, "go.mod"), `module ${name}\n\ngo 1.26.0\n`);
  return folder;
}

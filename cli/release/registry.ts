import { execFile } from "node:child_process";
import { PetrichorError } from "../../components/errors";
import type { ReleasedImage } from "../../components/release/registries";
import type { StackCluster } from "../../stacks/stack";
import type { Progress } from "../progress";

/** Where a cluster's images lie. */
export interface RegistryAddress {
  /** How its nodes name the registry. */
  readonly pull: string;
  /** How this machine reaches it. */
  readonly push: string;
}

/** The registry of a cluster; that of an embedded one is reached on loopback. */
export async function registryAddress(cluster: StackCluster, registry: string): Promise<RegistryAddress> {
  if (cluster.kind !== "embedded") return { pull: registry, push: registry };
  const { clusterAddresses } = await import("../../toolchain/cluster/cluster");
  const addresses = await clusterAddresses({ name: cluster.instance });
  if (addresses !== undefined) return { pull: registry, push: addresses.registry };
  throw new PetrichorError(
    "CLUSTER_UNREACHABLE",
    `the embedded cluster "${cluster.instance}" was never started, so it has no registry.`,
    "Start it (`petrichor cluster start`), then run the command again.",
  );
}

/**
 * Brings images to a registry by digest; what is there already is not sent again.
 * @throws PetrichorError COPY_FAILED
 */
export async function copyImages(
  images: readonly ReleasedImage[],
  from: RegistryAddress,
  to: RegistryAddress,
  progress: Progress,
): Promise<void> {
  if (from.push === to.push) return;
  const program = await imagesProgram(progress);
  for (const { name, digest } of images) {
    const step = progress.step(`copying ${name} to ${to.push}`);
    try {
      await run(program, ["copy", "--source", `${from.push}/${name}@${digest}`, "--repository", `${to.push}/${name}`]);
      step.done(digest.slice(0, "sha256:".length + 12));
    } catch (cause) {
      step.failed();
      throw new PetrichorError(
        "COPY_FAILED",
        `${name} could not be copied: ${cause instanceof Error ? cause.message : String(cause)}.`,
        `Check that you may read ${from.push} and write ${to.push} (\`docker login\`), then run the command again; nothing was promoted.`,
        {},
        { cause },
      );
    }
  }
}

async function imagesProgram(progress: Progress): Promise<string> {
  const { ensureTools } = await import("../../toolchain/build");
  const { reportBuilds } = await import("../engine/tools");
  const { images } = await ensureTools(["images"], { report: reportBuilds(progress) });
  return images;
}

async function run(program: string, args: readonly string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    execFile(program, args, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(stderr.trim() === "" ? error.message : stderr.trim(), { cause: error }));
    });
  });
}

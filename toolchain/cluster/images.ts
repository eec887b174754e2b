import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { imageReference } from "../locate";
import { tools as toolTable } from "../tools";
import { containerdSocket } from "./configuration/node";
import type { ClusterTools } from "./configuration/write";

type ImageName = "pause-image" | "coredns-image" | "local-path-provisioner-image";

/** Images that every node needs, by their use: `NAME@sha256:…`, as pods name them. */
export interface SystemImages {
  readonly pause: string;
  readonly dns: string;
  readonly storage: string;
}

/** The references of the images that the toolchain has made. */
export async function systemImages(): Promise<SystemImages> {
  const [pause, dns, storage] = await Promise.all(
    (["pause-image", "coredns-image", "local-path-provisioner-image"] as const).map(digestOf),
  );
  return { pause, dns, storage } as SystemImages;
}

async function digestOf(tool: ImageName): Promise<string> {
  const reference = await imageReference(tool);
  if (reference === undefined) throw new TypeError(`${tool} has not been made`);
  // Where a reference has a tag and a digest, containerd looks the image up by name and digest alone.
  return reference.replace(/:[^:@/]+@/, "@");
}

/**
 * Puts the images that are missing into the node, as soon as its containerd is up.
 *
 * @param onWait called while it isn't, to give up by throwing
 */
export async function importImages(
  node: number,
  tools: ClusterTools,
  images: SystemImages,
  onWait: () => Promise<void>,
): Promise<void> {
  while (!existsSync(socketOf(node))) {
    await onWait();
    await sleep(20);
  }
  const present = new Set((await ctr(node, tools, ["images", "list", "--quiet"])).split("\n"));
  const archives: [image: string, tool: ImageName, archive: string][] = [
    [images.pause, "pause-image", tools["pause.tar"]],
    [images.dns, "coredns-image", tools["coredns.tar"]],
    [images.storage, "local-path-provisioner-image", tools["local-path-provisioner.tar"]],
  ];
  for (const [image, tool, archive] of archives) {
    if (present.has(image)) continue;
    await ctr(node, tools, ["images", "import", archive]);
    await ctr(node, tools, ["images", "tag", "--force", toolTable[tool].reference, image]);
  }
}

/** Containerd's socket as the host reaches it: through the node's first process. */
function socketOf(node: number): string {
  return `/proc/${node}/root${containerdSocket}`;
}

/** Runs containerd's command line. */
async function ctr(node: number, tools: ClusterTools, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(tools.ctr, [
    "--address",
    socketOf(node),
    "--namespace",
    "k8s.io",
    ...args,
  ]);
  return stdout;
}

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { ensureTools } from "../build";
import { withLock } from "../lock";
import { toolPath } from "../locate";
import { applyObjects, isApiReady, isNodeReady } from "./api";
import { ensureCertificates } from "./certificates";
import { clusterTools, writeConfiguration, type ClusterTools } from "./configuration/write";
import { connectHost, disconnectHost, prepareHost, removeCgroups } from "./host";
import { importImages, systemImages, type SystemImages } from "./images";
import { prepareInstance, readInstance, type Instance, type Ports } from "./instance";
import { apiServerAddress, writeKubeconfigs } from "./kubeconfig";
import { layoutOf, type ClusterName, type Layout } from "./layout";
import { linkMtu, startNode } from "./node";
import { inspectMachine, requireSuitable } from "./preflight";
import { Steps, type ClusterReport } from "./report";
import { endNode, findNode, hostChanges, rememberNode } from "./running";
import { access } from "./system/access";
import { dns } from "./system/dns";
import { storage } from "./system/storage";
import { startFailure, until } from "./waiting";

export interface StartOptions extends ClusterName {
  /** Ports of 127.0.0.1 to use. Default: free ones, which are kept through restarts as long as they stay free. */
  readonly ports?: Partial<Ports>;
  /** Called with what is being done. */
  readonly report?: ClusterReport;
}

/** How to reach an instance. */
export interface ClusterAddresses {
  readonly name: string;
  /** Folder of its whole state. */
  readonly folder: string;
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  /** URL of the API server on loopback. */
  readonly apiServer: string;
  /** `HOST:PORT` to push images to, without TLS. Pods name them `registry.petrichor.internal/…`. */
  readonly registry: string;
  /** The loopback address that Services of type LoadBalancer get. */
  readonly loadBalancerAddress: string;
  /** The node's own address, which the host reaches too. */
  readonly nodeAddress: string;
}

/**
 * Starts an instance, or makes a new one, and returns when its node takes pods. One that runs already stays as it is.
 *
 * @throws PetrichorError CLUSTER_NAME_INVALID, MACHINE_UNSUITABLE, PORT_IN_USE, CLUSTER_START_FAILED, and those of `ensureTools`
 */
export async function startCluster(options: StartOptions): Promise<ClusterAddresses> {
  const layout = layoutOf(options);
  const steps = new Steps(options.report);
  return exclusively(layout, async () => {
    const running = await runningInstance(layout);
    if (running !== undefined) {
      await untilReady(running, layout, new Date(0), steps);
      return addressesOf(running, layout);
    }
    requireSuitable(inspectMachine(layout.folder));
    const tools = await ensureTools(clusterTools, { report: steps.build });
    await cleanHost(layout);
    const instance = await prepareInstance(options, options.ports);
    try {
      await bringUp(instance, layout, tools, steps);
    } catch (error) {
      const node = await findNode(layout);
      if (node !== undefined) await endNode(node, "SIGKILL", 0);
      await cleanHost(layout);
      throw error;
    }
    return addressesOf(instance, layout);
  });
}

/** Ends an instance's processes, its containers first; its data stays. Does nothing for one that isn't running. */
export async function stopCluster(cluster: ClusterName): Promise<void> {
  const layout = layoutOf(cluster);
  await exclusively(layout, async () => {
    const node = await findNode(layout);
    if (node !== undefined) await endNode(node, "SIGTERM", stopPatience);
    await cleanHost(layout);
  });
}

/** Ends an instance and removes all that it left on this machine, its data included. Does nothing for one that isn't there. */
export async function deleteCluster(cluster: ClusterName): Promise<void> {
  const layout = layoutOf(cluster);
  await exclusively(layout, async () => {
    const node = await findNode(layout);
    if (node !== undefined) await endNode(node, "SIGKILL", 0);
    await cleanHost(layout);
    await rm(layout.folder, { recursive: true, force: true });
  });
}

/** Milliseconds a node gets to stop: its containers 10 s, then its nine processes one after the other. */
const stopPatience = 60_000;

/** The addresses of an instance that was started once; undefined for one that never was. */
export async function clusterAddresses(cluster: ClusterName): Promise<ClusterAddresses | undefined> {
  const layout = layoutOf(cluster);
  const instance = await readInstance(layout);
  return instance === undefined || !existsSync(layout.kubeconfig) ? undefined : addressesOf(instance, layout);
}

function addressesOf(instance: Instance, layout: Layout): ClusterAddresses {
  return {
    name: instance.name,
    folder: layout.folder,
    kubeconfig: layout.kubeconfig,
    apiServer: apiServerAddress(instance),
    registry: `127.0.0.1:${instance.ports.registry}`,
    loadBalancerAddress: instance.loadBalancerAddress,
    nodeAddress: instance.link.node,
  };
}

function exclusively<T>(layout: Layout, action: () => Promise<T>): Promise<T> {
  return withLock(`cluster ${layout.folder}`, action);
}

async function runningInstance(layout: Layout): Promise<Instance | undefined> {
  return (await findNode(layout)) === undefined ? undefined : readInstance(layout);
}

async function bringUp(instance: Instance, layout: Layout, tools: ClusterTools, steps: Steps): Promise<void> {
  const images = await systemImages();
  await steps.run("configuration", async () => {
    await ensureCertificates(instance, layout, tools.supervisor);
    await writeKubeconfigs(instance, layout);
    await writeConfiguration(instance, layout, tools, { mtu: linkMtu(), pauseImage: images.pause });
  });
  const started = new Date(Math.floor(Date.now() / 1000) * 1000);
  const prepared = prepareHost();
  const node = await startNode(instance, layout, tools);
  const connected = await connectHost(instance, tools.nft);
  await rememberNode(layout, node, { settings: { ...connected.settings, ...prepared.settings } });
  await Promise.all([
    steps.run("images", () => importImages(node, tools, images, () => checkAlive(layout))),
    setUpSystem(instance, layout, tools, images, steps),
  ]);
  await untilReady(instance, layout, started, steps);
}

async function setUpSystem(
  instance: Instance,
  layout: Layout,
  tools: ClusterTools,
  images: SystemImages,
  steps: Steps,
): Promise<void> {
  await steps.run("control plane", () => until("the API server is ready", () => isApiReady(instance, layout), layout));
  const objects = [...access(), ...dns(images.dns), ...storage(images.storage)];
  await steps.run("system", () => applyObjects(layout, tools, objects));
}

function untilReady(instance: Instance, layout: Layout, since: Date, steps: Steps): Promise<void> {
  return steps.run("node", () => until("the node is ready", () => isNodeReady(instance, layout, since), layout));
}

async function checkAlive(layout: Layout): Promise<void> {
  if ((await findNode(layout)) === undefined) throw await startFailure("the node's first process ended", layout);
}

/** Removes what a node leaves on the host, whether it was stopped, killed, or lost in a crash. */
async function cleanHost(layout: Layout): Promise<void> {
  const instance = await readInstance(layout);
  if (instance === undefined) return;
  const [nft, supervisor] = await Promise.all([toolPath("nft"), toolPath("supervisor")]);
  if (nft !== undefined && supervisor !== undefined) {
    await disconnectHost(instance, await hostChanges(layout), { nft, supervisor });
  }
  await removeCgroups(instance);
  await rm(layout.running, { force: true });
  await rm(layout.status, { force: true });
}

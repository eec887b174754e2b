import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { PetrichorError } from "../../components/errors";

/** Where this machine keeps its clusters and their state: `PETRICHOR_HOME`, else `~/.local/state/petrichor`. */
export function stateHome(): string {
  return resolve(process.env["PETRICHOR_HOME"] ?? join(homedir(), ".local", "state", "petrichor"));
}

/** Which instance is meant. */
export interface ClusterName {
  /** Name of the instance: lower-case letters, digits and dashes, at most 30. It is the name of its node, too. */
  readonly name: string;
  /** Folder of all instances' state. Default: `PETRICHOR_HOME`, else `~/.local/state/petrichor`. */
  readonly home?: string | undefined;
}

/** The files of one instance; everything that it keeps is below `folder`. */
export interface Layout {
  readonly folder: string;
  /** What was chosen for the instance when it was made: `Instance`. */
  readonly instance: string;
  /** Which process is the node's first: `RunningNode`. */
  readonly running: string;
  /** What the supervisor says about its processes. */
  readonly status: string;
  /** The way in for a person. */
  readonly kubeconfig: string;
  readonly pki: string;
  readonly configuration: string;
  readonly logs: string;
  readonly data: string;
}

/** @throws PetrichorError CLUSTER_NAME_INVALID */
export function layoutOf({ name, home = stateHome() }: ClusterName): Layout {
  if (!/^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/.test(name)) {
    throw new PetrichorError(
      "CLUSTER_NAME_INVALID",
      `"${name}" can't be the name of an embedded cluster.`,
      "Use lower-case letters, digits and dashes, at most 30, first a letter.",
    );
  }
  const folder = join(clustersFolder(home), name);
  const inside = (path: string): string => join(folder, path);
  return {
    folder,
    instance: inside("instance.json"),
    running: inside("running.json"),
    status: inside("status.json"),
    kubeconfig: inside("kubeconfig"),
    pki: inside("pki"),
    configuration: inside("configuration"),
    logs: inside("logs"),
    data: inside("data"),
  };
}

export function clustersFolder(home: string): string {
  return join(resolve(home), "clusters");
}

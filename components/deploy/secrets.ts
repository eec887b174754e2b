import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { PetrichorError } from "../errors";
import { keys } from "../kube/labels";
import type { KubeObject } from "../kube/object";

/** How one value of a Secret is had; written by the app, as JSON, into an annotation of the Secret. */
type Origin =
  { readonly generate: { readonly length: number } } | { readonly config: string } | { readonly copy: Place };

/** Values of one Secret by key. */
export type SecretValues = Readonly<Record<string, pulumi.Input<string>>>;

/** One key of one Secret. */
interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

type SecretData = Readonly<Record<string, string>>;

export type SecretReader = (kubeconfig: string, namespace: string, name: string) => Promise<SecretData>;

/** Who knows the values of Secrets that are rendered without any. */
export interface SecretSource {
  /** The values that an object asks for; nothing for objects that ask for none. */
  valuesOf(object: KubeObject): SecretValues | undefined;
}

/**
 * The values of the Secrets of one cluster. What is generated is generated once: the cluster is asked first, so a lost state doesn't change a
 * password that a database was made with.
 */
export class SecretStore implements SecretSource {
  readonly #values = new Map<string, pulumi.Output<string>>();
  /** Lengths of the values that this program makes, by place. A copy may be asked for before its original. */
  readonly #lengths = new Map<string, number>();
  readonly #read = new Map<string, Promise<SecretData>>();

  /** @param read asks the cluster for the data of a Secret, in base64; empty where there is none */
  constructor(
    private readonly kubeconfig: pulumi.Output<string>,
    private readonly read: SecretReader = readSecret,
  ) {}

  valuesOf(object: KubeObject): SecretValues | undefined {
    const written = object.metadata.annotations?.[keys.secret];
    if (object.kind !== "Secret" || written === undefined) return undefined;
    const { namespace = "", name } = object.metadata;
    const origins = JSON.parse(written) as Readonly<Record<string, Origin>>;
    return Object.fromEntries(
      Object.entries(origins).map(([key, origin]) => [key, this.#valueOf({ namespace, name, key }, origin)]),
    );
  }

  #valueOf(place: Place, origin: Origin): pulumi.Output<string> {
    if ("config" in origin) return configured(origin.config);
    if ("copy" in origin) return this.#shared(origin.copy);
    this.#lengths.set(placeName(place), origin.generate.length);
    return this.#shared(place);
  }

  /** A value that is in the cluster, or that this program makes: whoever asks for it, sooner or later, gets the same. */
  #shared(place: Place): pulumi.Output<string> {
    const name = placeName(place);
    const value =
      this.#values.get(name) ?? pulumi.secret(this.kubeconfig.apply((kubeconfig) => this.#find(kubeconfig, place)));
    this.#values.set(name, value);
    return value;
  }

  async #find(kubeconfig: string, place: Place): Promise<string> {
    const existing = (await this.#secret(kubeconfig, place.namespace, place.name))[place.key];
    if (existing !== undefined) return Buffer.from(existing, "base64").toString();
    const length = this.#lengths.get(placeName(place));
    if (length !== undefined) return randomText(length);
    throw new PetrichorError(
      "SECRET_MISSING",
      `there is no key "${place.key}" in Secret ${place.namespace}/${place.name}, which a link copies.`,
      "Bring up the app that makes it first.",
    );
  }

  #secret(kubeconfig: string, namespace: string, name: string): Promise<SecretData> {
    const place = `${namespace}/${name}`;
    const reading = this.#read.get(place) ?? this.read(kubeconfig, namespace, name);
    this.#read.set(place, reading);
    return reading;
  }
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function placeName({ namespace, name, key }: Place): string {
  return `${namespace}/${name}/${key}`;
}

function randomText(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)] ?? "").join("");
}

function configured(key: string): pulumi.Output<string> {
  const parts = key.split(":");
  const name = parts.pop() ?? key;
  return (parts.length === 0 ? new pulumi.Config() : new pulumi.Config(parts.join(":"))).requireSecret(name);
}

/** The data of a Secret in base64; empty where there is none. */
async function readSecret(kubeconfig: string, namespace: string, name: string): Promise<SecretData> {
  const folder = await mkdtemp(path.join(tmpdir(), "petrichor-kubeconfig-"));
  try {
    const file = path.join(folder, "kubeconfig");
    await writeFile(file, kubeconfig, { mode: 0o600 });
    const args = [
      "--kubeconfig",
      file,
      "--namespace",
      namespace,
      "get",
      "secret",
      name,
      "--ignore-not-found",
      "--output",
      "json",
    ];
    const { stdout } = await promisify(execFile)("kubectl", args);
    return stdout.trim() === "" ? {} : ((JSON.parse(stdout) as { data?: SecretData }).data ?? {});
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

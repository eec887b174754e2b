import { emptyRelease, type Release } from "../../components/app/release";
import { resolveApps } from "../../components/app/model/resolve";
import type { StackInput } from "../../components/app/model/input";
import type { AppModel } from "../../components/app/model/types";
import { appObjects } from "../../components/app/objects/app";
import type { ClusterFacts } from "../../components/cluster/facts";
import { PetrichorError, PetrichorErrors } from "../../components/errors";
import type { KubeObject } from "../../components/kube/object";

/** An image that no registry has; nothing of these tests pulls it. */
export const image = `registry.example.com/shop/web@sha256:${"a".repeat(64)}`;

export const facts: ClusterFacts = {
  loadBalancer: "cloud",
  storageClass: "standard",
  volumeExpansion: true,
  zones: ["a", "b", "c"],
  identity: "none",
  registry: "registry.example.com",
  architectures: ["amd64"],
  nodes: "fixed",
};

/** A cluster that has work for every engine. */
export const factsWithWork: ClusterFacts = {
  ...facts,
  loadBalancerAddresses: ["192.0.2.0/28"],
  identity: "azure-workload-identity",
  identities: { dns: "client-id-of-dns", certificates: "client-id-of-certificates" },
  dnsZones: ["example.com"],
  azureDns: { tenant: "tenant", subscription: "subscription", resourceGroup: "prod" },
};

/** Resolves apps as they would stand in files `apps/<name>/app.ts`, for a stack `dev` with the domain `dev.example.com`. */
export function resolve(
  definitions: readonly unknown[],
  release: Release = emptyRelease,
  stack: StackInput = { environment: "dev", domain: "dev.example.com" },
): readonly AppModel[] {
  return resolveApps({
    definitions: definitions.map((definition, index) => ({ file: `apps/app-${index}/app.ts`, definition })),
    stack,
    release,
  });
}

/** Renders one app. */
export function render(definition: unknown): KubeObject[] {
  return resolve([definition]).flatMap((model) => appObjects(model, facts));
}

/** What resolving refuses, as `CODE field: message fix`, in the order it is told. */
export function refused(...definitions: readonly unknown[]): string[] {
  return errorsOf(() => resolve(definitions)).map(
    ({ code, place, message, fix }) => `${code} ${place.field ?? ""}: ${message} ${fix}`,
  );
}

/** The errors that a call throws; anything but a `PetrichorError` is a crash and is thrown on. */
export function errorsOf(call: () => unknown): readonly PetrichorError[] {
  try {
    call();
    return [];
  } catch (error) {
    if (error instanceof PetrichorErrors) return error.errors;
    if (error instanceof PetrichorError) return [error];
    throw error;
  }
}

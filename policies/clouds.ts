import { supportedVersions } from "../components/cluster/versions";
import type { CloudResource, CloudRule, CloudViolation } from "./rule";

type Properties = Readonly<Record<string, unknown>>;

/**
 * Judges every resource of some types.
 * @param wrong says what is wrong with a resource, without a full stop; nothing where it is as it must be
 */
export function everyResource(
  types: readonly string[],
  wrong: (properties: Properties, resource: CloudResource, all: readonly CloudResource[]) => string | undefined,
): CloudRule["judge"] {
  return (resources) =>
    resources
      .filter(({ type }) => types.includes(type))
      .flatMap((resource): CloudViolation[] => {
        const message = wrong(resource.properties, resource, resources);
        return message === undefined ? [] : [{ resource, message }];
      });
}

/** The value at a path such as `vpcConfig.publicAccessCidrs`; nothing where a part of the way is missing. */
export function at(properties: Properties, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? (value as Properties)[key] : undefined),
      properties,
    );
}

/** A value as messages tell it. */
export function told(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The list at a path; empty where there is none. */
export function listAt(properties: Properties, path: string): readonly unknown[] {
  const value = at(properties, path);
  return Array.isArray(value) ? value : [];
}

/** The resource of another type that completes one: it names it, or, while names are not known yet, is named alike. */
export function companion(
  resource: CloudResource,
  type: string,
  all: readonly CloudResource[],
): Properties | undefined {
  const known = [at(resource.properties, "bucket"), at(resource.properties, "id")].filter((name) => name !== undefined);
  return all.find((other) => {
    if (other.type !== type) return false;
    const named = at(other.properties, "bucket");
    return (named !== undefined && known.includes(named)) || other.name === resource.name;
  })?.properties;
}

/** What is wrong with the Kubernetes version of a new cluster. */
export function unsupported(cloud: keyof typeof supportedVersions, version: unknown): string | undefined {
  const known: readonly string[] = supportedVersions[cloud];
  if (typeof version === "string" && known.some((one) => version === one || version.startsWith(`${one}.`))) {
    return undefined;
  }
  const named = typeof version === "string" ? `Kubernetes ${version}` : "no version of Kubernetes";
  return `it runs ${named}; in standard support are ${known.join(", ")}`;
}

/** Ports that the whole internet may reach: those of websites. */
const websitePorts = [80, 443];
const everywhere = ["0.0.0.0/0", "::/0", "*", "Internet", "Any"];

/** Whether a place means the whole internet. */
export function isEverywhere(place: unknown): boolean {
  return everywhere.some((one) => one === place);
}

/** Whether ports are nothing but those of a website. */
export function isWebsite(from: unknown, to: unknown): boolean {
  return from === to && websitePorts.some((port) => port === Number(from));
}

/** Tags that are missing, of those that say whom a resource belongs to. */
export function missingTags(tags: Properties, wanted: readonly string[]): string | undefined {
  const missing = wanted.filter((tag) => typeof tags[tag] !== "string" || tags[tag] === "");
  return missing.length === 0 ? undefined : `it lacks the tag ${missing.join(", ")}`;
}

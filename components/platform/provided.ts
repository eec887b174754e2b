import { PetrichorError, throwAll } from "../errors";
import { keys } from "../kube/labels";
import type { KubeObject } from "../kube/object";
import type { Engine } from "./engine";
import type { RenderedEngine } from "./objects";

/**
 * Leaves to a cluster what it runs already: of a provided engine only resources remain, and namespaces that other engines and apps build on; that
 * in which it runs itself belongs to whoever installed it. Pure.
 */
export function withoutProvided(engines: readonly RenderedEngine[], provided: readonly string[]): RenderedEngine[] {
  return engines.map((rendered) =>
    provided.includes(rendered.engine.id) ? { ...rendered, objects: rendered.objects.filter(isBuiltOn) } : rendered,
  );
}

function isBuiltOn({ kind, metadata }: KubeObject): boolean {
  return kind === "Namespace" && metadata.labels?.[keys.role] !== undefined;
}

/**
 * Checks that what a cluster runs already is what the platform's objects are made for: the same major version, and a minor one that is not
 * older. A version that nobody has seen is taken on trust.
 * @throws PetrichorErrors ENGINE_VERSION
 */
export function requireFitting(
  engines: readonly Engine[],
  provided: readonly string[],
  installed: Readonly<Record<string, string>>,
): void {
  throwAll(
    engines.flatMap(({ id, version }) => {
      const found = installed[id];
      if (!provided.includes(id) || found === undefined || fits(found, version)) return [];
      return [
        new PetrichorError(
          "ENGINE_VERSION",
          `the cluster runs ${id} ${found}, and the platform is made for ${version}.`,
          `Upgrade it there, then run \`petrichor lock\`; or take "${id}" out of \`provided\`, and it is installed.`,
        ),
      ];
    }),
  );
}

function fits(found: string, wanted: string): boolean {
  const [foundMajor, foundMinor] = numbers(found);
  const [major, minor] = numbers(wanted);
  if (foundMajor === undefined || foundMinor === undefined) return true;
  return foundMajor === major && foundMinor >= (minor ?? 0);
}

/** Major and minor version; nothing where the text says none. */
function numbers(version: string): number[] {
  return (/^v?(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
}

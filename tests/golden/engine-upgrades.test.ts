import { type KubeObject, objectKey } from "../../components/kube/object";
import type { EngineId } from "../../components/platform/definition";
import { engines } from "../../components/platform/engines";
import { renderEngines } from "../../components/platform/objects";
import type { UpstreamSource } from "../../components/platform/upstream";
import { ensureManifests } from "../../toolchain/manifests";
import { engineContext } from "../support/engine-context";

// An engine as its pinned version has it, and as the version before would: what differs is what upstream changed between the two, no more and no
// less.

/** Engine → the version before the pinned one. */
const upgrades: readonly [id: EngineId, before: string][] = [
  ["envoy-gateway", "v1.9.0"],
  ["keda", "v2.20.1"],
  ["cert-manager", "v1.21.1"],
];

/** Images are named by the engine itself; which ones is the matter of the pinned version, not of upstream's manifests. */
const isImage = /^(apps|batch|v1)\b.*image/;

beforeAll(async () => {
  const sources = upgrades.flatMap(([id, before]) => engines[id].upstream.flatMap((one) => [one, at(one, before)]));
  await ensureManifests(sources, { report: () => undefined });
}, 20 * 60_000);

function at(source: UpstreamSource, version: string): UpstreamSource {
  const { form } = source;
  if (form.type !== "chart" || form.chartVersion === undefined) return { ...source, version };
  return { ...source, version, form: { ...form, chartVersion: version } };
}

/** Everything that objects say, a line for each value: the object, where in it, and the value. */
function linesOf(objects: readonly KubeObject[]): Set<string> {
  return new Set(objects.flatMap((object) => values(object).map((line) => `${objectKey(object)} ${line}`)));
}

/** Lists of named things are told by their names, and texts by their lines, so that what is added to one moves nothing else. */
function values(value: unknown, place = ""): string[] {
  if (typeof value === "string" && value.includes("\n")) return values(value.split("\n"), place);
  if (typeof value !== "object" || value === null) return [`${place} = ${JSON.stringify(value)}`];
  if (!Array.isArray(value)) return Object.entries(value).flatMap(([key, inner]) => values(inner, `${place}.${key}`));
  return value.flatMap((item: unknown, index) => {
    const { name } = (item ?? {}) as { readonly name?: unknown };
    if (typeof item !== "object") return [`${place}[] = ${JSON.stringify(item)}`];
    return values(item, `${place}[${typeof name === "string" ? name : index}]`);
  });
}

function minus(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...some].filter((line) => !others.has(line));
}

test.each(upgrades)("the upgrade of %s from %s changes what upstream changed", (id, before) => {
  const engine = engines[id];
  const { upstream } = engineContext;
  const rendered = (read = upstream): Set<string> => {
    const [one] = renderEngines([engine], { ...engineContext, upstream: read });
    return linesOf([...(one?.objects ?? []), ...(one?.resources ?? [])]);
  };
  const earlier = (source: UpstreamSource): readonly KubeObject[] => upstream(at(source, before));
  const [ours, oursBefore] = [rendered(), rendered(earlier)];
  const theirs = linesOf(engine.upstream.flatMap(upstream));
  const theirsBefore = linesOf(engine.upstream.flatMap(earlier));

  for (const [now, then, theirNow, theirThen] of [
    [ours, oursBefore, theirs, theirsBefore],
    [oursBefore, ours, theirsBefore, theirs],
  ] as const) {
    const changed = minus(now, then).filter((line) => !isImage.test(line));
    const changedUpstream = minus(theirNow, theirThen).filter((line) => !isImage.test(line));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.sort()).toEqual(changedUpstream.sort());
  }
});

import type { KubeObject } from "../../components/kube/object";
import { engines } from "../../components/platform/engines";
import { bundleFolder } from "../../components/platform/installed";
import { capabilitiesOf, renderEngines } from "../../components/platform/objects";
import { inNeedOrder } from "../../components/platform/order";
import { upstreamFrom } from "../../components/platform/upstream";
import { engineExemptions } from "../../policies/engine-exemptions";
import type { CelEvaluator } from "../../policies/evaluator";
import { ObjectJudge } from "../../policies/judge";
import { objectRules, rules } from "../../policies/rules";
import { ensureManifests } from "../../toolchain/manifests";
import { factsWithWork } from "../support/apps";
import { easySettings, startEvaluator } from "./evaluator";

// Every object of every engine, as a cluster of ours and as a cloud's gets it, by the rules of an environment that asks for much.

const strict = { ...easySettings, registries: ["registry.example.com/apps/"], minimumReplicas: 2 };
const ordered = inNeedOrder(Object.values(engines));

let evaluator: CelEvaluator;
let judge: ObjectJudge;
beforeAll(async () => {
  await ensureManifests(
    ordered.flatMap(({ upstream }) => upstream),
    { report: () => undefined },
  );
  evaluator = await startEvaluator();
  judge = await ObjectJudge.with(evaluator, objectRules);
}, 20 * 60_000);
afterAll(() => evaluator.close());

function objectsOf(id: keyof typeof engines, images: "published" | "made here"): KubeObject[] {
  const engine = engines[id];
  const made = `registry.petrichor.internal/platform/image@sha256:${"a".repeat(64)}`;
  const context = {
    facts: factsWithWork,
    settings: {
      domain: "example.com",
      owner: "prod",
      certificates: { email: "platform@example.com", directory: "production" },
    },
    capabilities: capabilitiesOf(ordered),
    upstream: upstreamFrom(bundleFolder()),
    image: (name: string) => (images === "published" ? (engine.images[name]?.published ?? "") : made),
  };
  return renderEngines([engine], context).flatMap(({ objects, resources }) => [...objects, ...resources]);
}

describe.each(ordered.map(({ id }) => id as keyof typeof engines))("%s", (id) => {
  test.each(["published", "made here"] as const)("has leave for what it needs, images %s", async (images) => {
    const objects = objectsOf(id, images);
    const verdicts = await judge.judge(objects, { settings: strict, exemptions: engineExemptions });
    const refused = verdicts.filter(({ rule, exemption }) => rule.level === "mandatory" && exemption === undefined);
    expect(refused.map(({ rule, subject, message }) => `${rule.name} | ${subject} | ${message}`)).toEqual([]);
  });
});

test("every leave names a rule, an engine's object, and why", () => {
  for (const { rule, reason, owner } of engineExemptions) {
    expect(rules.map(({ name }) => name)).toContain(rule);
    expect(reason.length).toBeGreaterThan(20);
    expect(owner).toBe("platform");
  }
  const pairs = engineExemptions.map(({ rule, object }) => `${rule} ${object}`);
  expect(pairs).toEqual([...new Set(pairs)]);
});

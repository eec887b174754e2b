import type { KubeObject } from "../../components/kube/object";
import { engines } from "../../components/platform/engines";
import { bundleFolder } from "../../components/platform/installed";
import { capabilitiesOf, renderEngines } from "../../components/platform/objects";
import { inNeedOrder } from "../../components/platform/order";
import { upstreamFrom } from "../../components/platform/upstream";
import { ensureManifests } from "../../toolchain/manifests";
import { factsWithWork } from "../support/apps";

export type EngineId = keyof typeof engines;

/** Every engine, those that others need first. */
export const orderedEngines = inNeedOrder(Object.values(engines));

/** Renders the manifests of every engine where the machine lacks them. */
export async function ensureEngines(): Promise<void> {
  await ensureManifests(
    orderedEngines.flatMap(({ upstream }) => upstream),
    { report: () => undefined },
  );
}

/** What an engine comes to on a cluster that has work for it, with images of its makers or of ours. */
export function engineObjects(id: EngineId, images: "published" | "made here"): KubeObject[] {
  const engine = engines[id];
  const made = `registry.petrichor.internal/platform/image@sha256:${"a".repeat(64)}`;
  const context = {
    facts: factsWithWork,
    settings: {
      domain: "example.com",
      owner: "prod",
      certificates: { email: "platform@example.com", directory: "production" },
    },
    capabilities: capabilitiesOf(orderedEngines),
    upstream: upstreamFrom(bundleFolder()),
    image: (name: string) => (images === "published" ? (engine.images[name]?.published ?? "") : made),
  };
  return renderEngines([engine], context).flatMap(({ objects, resources }) => [...objects, ...resources]);
}

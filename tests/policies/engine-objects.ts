import type { KubeObject } from "../../components/kube/object";
import { engines } from "../../components/platform/engines";
import { renderEngines } from "../../components/platform/objects";
import { engineContext } from "../support/engine-context";

export type EngineId = keyof typeof engines;

/** What an engine comes to on a cluster that has work for it, with images of its makers or of ours. */
export function engineObjects(id: EngineId, images: "published" | "made here"): KubeObject[] {
  const engine = engines[id];
  const made = `registry.petrichor.internal/platform/image@sha256:${"a".repeat(64)}`;
  const image = (name: string): string => (images === "published" ? (engine.images[name]?.published ?? "") : made);
  return renderEngines([engine], { ...engineContext, image }).flatMap(({ objects, resources }) => [
    ...objects,
    ...resources,
  ]);
}

import { appObjects } from "../../../components/app/objects/app";
import { resolveApps } from "../../../components/app/model/resolve";
import { emptyRelease } from "../../../components/app/release";
import type { KubeObject } from "../../../components/kube/object";
import { engines } from "../../../components/platform/engines";
import { capabilitiesOf, engineObjectsOf } from "../../../components/platform/objects";
import { inNeedOrder } from "../../../components/platform/order";
import { facts } from "../../support/apps";
import { definitions } from "../render/definitions";

/** The smallest app comes to more objects than this. */
const fewest = 5;
const domain = "dev.example.com";

/** Objects of different apps, with what the engines of a platform add to them; no two are the same. */
export function objectsOfApps(count: number): readonly KubeObject[] {
  const installed = inNeedOrder(Object.values(engines));
  const capabilities = capabilitiesOf(installed);
  const context = { facts, settings: { domain, owner: "dev" }, capabilities, image: none, upstream: none };
  const stack = { environment: "dev", domain };
  const models = resolveApps({ definitions: definitions(Math.ceil(count / fewest)), stack, release: emptyRelease });
  const objects: KubeObject[] = [];
  for (const model of models) {
    if (objects.length >= count) break;
    objects.push(...appObjects(model, facts, capabilities), ...engineObjectsOf(model, installed, context));
  }
  return objects.slice(0, count);
}

/** What engines add to a workload names neither their images nor their manifests. */
function none(): never {
  throw new Error("the objects of workloads need nothing of an engine's own");
}

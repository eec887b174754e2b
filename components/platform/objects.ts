import type { AppModel } from "../app/model/types";
import type { Capabilities } from "../app/objects/context";
import type { KubeObject } from "../kube/object";
import { keptDefinition } from "./definitions";
import type { Engine, EngineContext } from "./engine";

/** An engine with the objects that it comes to on a cluster. */
export interface RenderedEngine {
  readonly engine: Engine;
  readonly objects: readonly KubeObject[];
  /** Objects of its kinds, which need it running. */
  readonly resources: readonly KubeObject[];
}

/** Renders engines, which are in the order of their needs. Pure. */
export function renderEngines(engines: readonly Engine[], context: EngineContext): RenderedEngine[] {
  return engines.map((engine) => ({
    engine,
    objects: engine.objects(context).map((object) => keptDefinition(object, engine.id, context.settings.owner)),
    resources: engine.resources?.(context) ?? [],
  }));
}

/** What all the workloads of an app need from the engines. Pure. */
export function engineObjectsOf(app: AppModel, engines: readonly Engine[], context: EngineContext): KubeObject[] {
  return app.workloads.flatMap((workload) =>
    engines.flatMap((engine) => engine.forWorkload?.(app, workload, context) ?? []),
  );
}

/** What apps may leave to these engines. */
export function capabilitiesOf(engines: readonly Engine[]): Capabilities {
  return Object.assign({}, ...engines.map(({ capabilities }) => capabilities)) as Capabilities;
}

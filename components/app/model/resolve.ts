import { throwAll } from "../../errors";
import { appDefaults } from "../definition/defaults";
import type { ResolveInput } from "./input";
import { pinnedImage } from "./image";
import { entranceName, objectName } from "./names";
import { isBuffered, type ScalingContext, scalingOf, settleScale } from "./scale";
import { modelWorkload } from "./workload";
import { type Target, targetKey, type Targets } from "./links";
import { listens, settlePorts } from "./ports";
import { problem, Problems } from "./problems";
import { settleQuota } from "./quota";
import { type ReadApp, readApp } from "./read";
import { checkRelations } from "./relations";
import { type Settled, settle } from "./settle";
import type { AppModel, EdgeModel, WorkloadModel } from "./types";

/** An app whose fields are well-formed and have their defaults. */
export interface SettledApp extends ReadApp {
  readonly settled: ReadonlyMap<string, Settled>;
}

/**
 * Turns what people wrote into models that are ready to render. Pure: no file, clock or network.
 * @throws PetrichorErrors with everything that is wrong in all apps at once
 */
export function resolveApps(input: ResolveInput): readonly AppModel[] {
  const problems = new Problems(input.stack);
  const apps = settleAll(input, problems);
  checkRelations(apps, input, problems);
  throwAll(problems.errors);
  const targets = targetsOf(apps, input.stack);
  const models = apps.map((app) => modelApp(app, targets, input));
  return deepFreeze(withCallers(models));
}

/** Reads and settles every app whose fields are well-formed, in the order of their names; what is wrong goes to `problems`. */
export function settleAll(input: ResolveInput, problems: Problems): SettledApp[] {
  const read = input.definitions.flatMap((source) => readApp(source, input.stack, problems) ?? []);
  const byName = new Map<string, ReadApp>();
  for (const app of read) {
    const first = byName.get(app.app.name);
    if (first === undefined) byName.set(app.app.name, app);
    else {
      problems.add(
        { source: app.source, app: app.app.name },
        problem(
          "APP_DUPLICATE",
          ["name"],
          `name is "${app.app.name}", which ${first.source.file} has too.`,
          "Give one of the two apps another name.",
        ),
      );
    }
  }
  return [...byName.values()]
    .sort((left, right) => (left.app.name < right.app.name ? -1 : 1))
    .map((app) => ({
      ...app,
      settled: new Map([...app.workloads].sort(byKey).map(([name, one]) => [name, settle(one)])),
    }));
}

/**
 * The model of one of the settled apps. Links that lead nowhere are left out, and an image that nothing names is empty: the relations
 * report both.
 */
export function modelOf(app: SettledApp, apps: readonly SettledApp[], input: ResolveInput): AppModel {
  return modelApp(app, targetsOf(apps, input.stack), input);
}

function targetsOf(apps: readonly SettledApp[], stack: ResolveInput["stack"]): Targets {
  const scaling = scalingOf(stack);
  const targets = new Map<string, Target>();
  for (const { app, settled } of apps) {
    for (const [name, workload] of settled) {
      targets.set(targetKey(app.name, name), {
        app: app.name,
        namespace: app.name,
        workload: name,
        kind: workload.kind,
        serviceName: objectName(workload.kind, name),
        ports: listens(workload) ? settlePorts(workload) : [],
        connection: "connection" in workload ? workload.connection : {},
        ...entranceOf(app.name, name, workload, scaling),
      });
    }
  }
  return targets;
}

/** The model of one app. Links that lead nowhere are left out, and an image that nothing names is empty: the relations report both. */
export function modelApp({ app, settled, source }: SettledApp, targets: Targets, input: ResolveInput): AppModel {
  const release = input.release.apps[app.name] ?? {};
  const workloads = [...settled].map(([name, workload]) =>
    modelWorkload(workload, {
      app: app.name,
      namespace: app.name,
      ...(app.owner === undefined ? {} : { owner: app.owner }),
      protect: app.protect ?? appDefaults.protect,
      name,
      domain: input.stack.domain,
      // The relations have made sure that one of them is there.
      image: pinnedImage(workload.image, release[name]?.image) ?? "",
      givenPorts: release[name]?.ports ?? {},
      targets,
      scaling: scalingOf(input.stack),
    }),
  );
  return {
    name: app.name,
    namespace: app.name,
    ...(app.owner === undefined ? {} : { owner: app.owner }),
    file: source.file,
    quota: settleQuota(app.quota, workloads),
    workloads,
  };
}

function entranceOf(app: string, name: string, workload: Settled, scaling: ScalingContext): { entrance?: string } {
  const { buffering } = scaling.capabilities;
  if (buffering === undefined || workload.kind !== "service") return {};
  if (!isBuffered(settleScale(workload, scaling), scaling.capabilities)) return {};
  return { entrance: `${entranceName(app, name)}.${buffering.namespace}.svc` };
}

/** Tells every workload who calls it: its network policy lets in exactly those. */
function withCallers(models: readonly AppModel[]): AppModel[] {
  const callers = new Map<string, EdgeModel[]>();
  for (const { workloads } of models) {
    for (const { app, namespace, name, calls } of workloads) {
      for (const call of calls) {
        const key = targetKey(call.app, call.workload);
        const list = callers.get(key) ?? [];
        list.push({ ...call, app, namespace, workload: name });
        callers.set(key, list);
      }
    }
  }
  const complete = (workload: WorkloadModel): WorkloadModel => ({
    ...workload,
    calledBy: callers.get(targetKey(workload.app, workload.name)) ?? [],
  });
  return models.map((model) => ({ ...model, workloads: model.workloads.map(complete) }));
}

function byKey(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : 1;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
  return value;
}

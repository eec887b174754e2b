import { entryDefaults } from "../definition/defaults";
import { joinName } from "../../kube/names";
import { toSeconds } from "../../kube/units";
import type { ScratchVolume } from "../definition/volumes";
import { SecretShelf, settleFiles, settleProbes, settleResources, variables } from "./container";
import { connectionSecret, fullLink, type SettledLink, settleLink, type Targets } from "./links";
import { objectName } from "./names";
import { settleExpose, settlePorts } from "./ports";
import { isHeld, type ScalingContext, settleJobScale, settleScale } from "./scale";
import { followed, queuesOf } from "./scale-names";
import type { Settled } from "./settle";
import type { ContainerModel, HookModel, PortModel, VariableModel, VolumeModel, WorkloadModel } from "./types";

export interface WorkloadContext {
  readonly app: string;
  readonly namespace: string;
  readonly owner?: string;
  readonly protect: boolean;
  readonly name: string;
  readonly domain: string;
  readonly image: string;
  readonly givenPorts: Readonly<Record<string, number>>;
  readonly targets: Targets;
  readonly scaling: ScalingContext;
}

/** Turns a settled definition into a model. Everything it refers to has been checked to be there. */
export function modelWorkload(workload: Settled, context: WorkloadContext): WorkloadModel {
  const name = objectName(workload.kind, context.name);
  const shelf = new SecretShelf(name);
  const ports = "ports" in workload ? settlePorts(workload) : [];
  const links = settleLinks(workload, context, name);
  const own = variables(workload.env, shelf);
  // A container's list must not have one name twice, and what the author says of it counts.
  const derived = [...derivedVariables(workload, ports, name), ...links.flatMap((link) => link.variables)].filter(
    (variable) => !Object.hasOwn(workload.env, variable.name),
  );
  const subject = {
    port: ports[0]?.port,
    speaksUdp: ports[0]?.protocol === "udp",
    maySleep: isHeld(workload, context.scaling),
  };
  const probes = "probes" in workload ? settleProbes(workload.probes, subject) : {};
  const container: ContainerModel = {
    name: "main",
    image: context.image,
    ...(workload.command === undefined ? {} : { command: workload.command }),
    args: workload.args,
    env: [...derived, ...own],
    resources: settleResources(workload.resources, workload.resources),
    probes,
  };
  const files = settleFiles(workload.files, shelf);
  const init = extraContainers(workload.init, "init", context.image, shelf);
  const sidecars = extraContainers(workload.sidecars, "sidecar", context.image, shelf);
  const copies = Object.assign({}, ...links.map((link) => link.copies)) as SettledLink["copies"];
  const pod = {
    app: context.app,
    namespace: context.namespace,
    ...(context.owner === undefined ? {} : { owner: context.owner }),
    name: context.name,
    objectName: name,
    container,
    init,
    sidecars,
    files,
    volumes: settleVolumes(workload),
    calls: links.map((link) => link.edge),
    calledBy: [],
    egress: workload.egress,
    stop: { grace: toSeconds(workload.stop.grace), delay: toSeconds(workload.stop.delay) },
    user: workload.user,
    serviceAccount: {
      name: workload.serviceAccount.name ?? name,
      own: workload.serviceAccount.name === undefined,
      token: workload.serviceAccount.token,
    },
    identity: workload.identity,
    ...(workload.architecture === undefined ? {} : { architecture: workload.architecture }),
    transform: workload.transform,
  };
  const kindPart = modelKind(workload, context, container, ports, shelf);
  return { ...pod, secrets: { ...shelf.made, ...copies }, external: shelf.fetched, ...kindPart } as WorkloadModel;
}

function settleLinks(workload: Settled, context: WorkloadContext, name: string): SettledLink[] {
  return Object.entries(workload.links)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([prefix, written]) => {
      const link = fullLink(written, context.app);
      const target = context.targets.get(link.to);
      const settled = target && settleLink(prefix, link, target, context.app, new SecretShelf(name).madeName);
      return settled === undefined ? [] : [settled];
    });
}

/** Variables that the platform sets: the port, and the workload's own connection values. */
function derivedVariables(workload: Settled, ports: readonly PortModel[], name: string): VariableModel[] {
  const main = "port" in workload ? ports[0] : undefined;
  const connection = "connection" in workload ? Object.entries(workload.connection) : [];
  return [
    ...(main === undefined ? [] : [{ name: "PORT", value: String(main.port) }]),
    ...connection.map(([key, value]) =>
      typeof value === "string"
        ? { name: key.toUpperCase(), value }
        : { name: key.toUpperCase(), secret: { name: connectionSecret(name), key } },
    ),
  ];
}

function extraContainers(
  written: Settled["init"] | Settled["sidecars"],
  role: "init" | "sidecar",
  image: string,
  shelf: SecretShelf,
): ContainerModel[] {
  const defaults = role === "init" ? entryDefaults.init : entryDefaults.sidecars;
  return Object.entries(written).map(([name, one]) => ({
    name,
    image: one.image ?? image,
    ...(one.command === undefined ? {} : { command: one.command }),
    args: one.args ?? defaults.args,
    env: variables(one.env ?? {}, shelf, `${role}.${name}.`),
    resources: settleResources(one.resources ?? {}, defaults.resources),
    probes: role === "sidecar" ? settleProbes((one as Settled["sidecars"][string]).probes ?? {}, {}) : {},
  }));
}

function settleVolumes(workload: Settled): VolumeModel[] {
  const { name: temporary, ...scratch } = entryDefaults.temporary;
  const mounted =
    temporary in workload.volumes || Object.values(workload.volumes).some(({ mount }) => mount === scratch.mount);
  return Object.entries({ ...(mounted ? {} : { [temporary]: scratch as ScratchVolume }), ...workload.volumes })
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, volume]): VolumeModel => {
      const { mount } = volume;
      if ("scratch" in volume) {
        return {
          name,
          mount,
          type: "scratch",
          size: volume.scratch,
          medium: volume.medium ?? entryDefaults.scratchVolume.medium,
        };
      }
      if ("secret" in volume) return { name, mount, type: "secret", secret: volume.secret };
      if ("config" in volume) return { name, mount, type: "config", config: volume.config };
      const { backup } = volume;
      return {
        name,
        mount,
        type: "persistent",
        size: volume.size,
        ...(volume.class === undefined ? {} : { class: volume.class }),
        access: volume.access ?? entryDefaults.persistentVolume.access,
        retain: volume.retain ?? entryDefaults.persistentVolume.retain,
        ...(backup === undefined
          ? {}
          : { backup: { schedule: backup.schedule, keep: toSeconds(backup.keep ?? entryDefaults.backup.keep) } }),
      };
    });
}

function modelKind(
  workload: Settled,
  context: WorkloadContext,
  container: ContainerModel,
  ports: PortModel[],
  shelf: SecretShelf,
) {
  const running = (settled: Extract<Settled, { preDeploy: object }>) => ({
    preDeploy: hooks(settled, "preDeploy", context, container, shelf),
    postDeploy: hooks(settled, "postDeploy", context, container, shelf),
    protect: settled.protect || context.protect,
  });
  const listening = (settled: Extract<Settled, { connection: object }>) => ({
    ports,
    connection: generatedValues(settled),
    expose:
      "expose" in settled
        ? settleExpose(settled.expose, ports, { ...context, workload: context.name }, context.givenPorts)
        : [],
  });
  switch (workload.kind) {
    case "service":
    case "worker": {
      const scale = settleScale(workload, context.scaling);
      return {
        kind: workload.kind,
        ...running(workload),
        ...(workload.kind === "service" ? listening(workload) : {}),
        scale: followed(scale, workload, context),
        spread: workload.spread,
        disruption: settleDisruption(workload, scale.max),
        rollout: {
          ...workload.rollout,
          settle: toSeconds(workload.rollout.settle),
          deadline: toSeconds(workload.rollout.deadline),
        },
      };
    }
    case "stateful":
      return {
        kind: workload.kind,
        ...running(workload),
        ...listening(workload),
        replicas: workload.replicas,
        order: workload.order,
        spread: workload.spread,
        disruption: settleDisruption(workload, workload.replicas),
        rollout: { ...workload.rollout, settle: toSeconds(workload.rollout.settle) },
      };
    case "daemon":
      return {
        kind: workload.kind,
        ...running(workload),
        ...listening(workload),
        rollout: { ...workload.rollout, settle: toSeconds(workload.rollout.settle) },
      };
    case "job": {
      const scale = workload.scale === undefined ? undefined : settleJobScale(workload.scale);
      return {
        kind: workload.kind,
        ...batch(workload),
        ...(scale === undefined ? {} : { scale: { ...scale, queues: queuesOf(scale.on, workload, context) } }),
      };
    }
    case "cron":
      return {
        kind: workload.kind,
        ...batch(workload),
        schedule: workload.schedule,
        timezone: workload.timezone,
        concurrency: workload.concurrency,
        startWithin: toSeconds(workload.startWithin),
        history: workload.history,
        suspended: workload.suspended,
      };
  }
}

function batch(workload: Extract<Settled, { keep: string }>) {
  return {
    parallelism: workload.parallelism,
    completions: workload.completions ?? workload.parallelism,
    retries: workload.retries,
    deadline: toSeconds(workload.deadline),
    keep: toSeconds(workload.keep),
  };
}

function generatedValues(workload: Extract<Settled, { connection: object }>) {
  return Object.fromEntries(
    Object.entries(workload.connection).flatMap(([key, value]) =>
      typeof value === "string"
        ? []
        : [[key, { generate: { length: value.generate.length ?? entryDefaults.generate.length } }]],
    ),
  );
}

/** One replica at a time may be taken away, unless there is only one: then a budget would keep its node from ever being drained. */
function settleDisruption(workload: Extract<Settled, { spread: object }>, most: number) {
  if (workload.disruption === false) return undefined;
  return workload.disruption ?? (most > 1 ? { unavailable: 1 } : undefined);
}

function hooks(
  workload: Extract<Settled, { preDeploy: object }>,
  phase: "preDeploy" | "postDeploy",
  context: WorkloadContext,
  main: ContainerModel,
  shelf: SecretShelf,
): HookModel[] {
  return Object.entries(workload[phase]).map(([name, hook]) => {
    const own = variables(hook.env ?? {}, shelf, `${phase}.${name}.`);
    const ownNames = new Set(own.map((one) => one.name));
    return {
      name,
      objectName: joinName([context.name, name]),
      container: {
        name: "main",
        image: hook.image ?? main.image,
        ...(hook.command === undefined
          ? main.command === undefined
            ? {}
            : { command: main.command }
          : { command: hook.command }),
        args: hook.args ?? entryDefaults.hook.args,
        env: [...main.env.filter((one) => !ownNames.has(one.name)), ...own],
        resources: settleResources(hook.resources ?? {}, main.resources),
        probes: {},
      },
      retries: hook.retries ?? entryDefaults.hook.retries,
      deadline: toSeconds(hook.deadline ?? entryDefaults.hook.deadline),
    };
  });
}

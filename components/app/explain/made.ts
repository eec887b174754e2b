import type { ClusterFacts } from "../../cluster/facts";
import type { FieldPath } from "../../input/path";
import { entryDefaults, scaleDefaults } from "../definition/defaults";
import { fullProbes, startsQuickly } from "../model/container";
import { settlePorts } from "../model/ports";
import type { Settled } from "../model/settle";
import type { AppModel, VariableModel, WorkloadModel } from "../model/types";
import { MadeLayer, type Origin } from "./layers";

const fallback: Origin = { from: "default" };

/** Values that replace what was written, such as a host for `auto`. */
export function replacing(workload: Settled, model: WorkloadModel, facts: ClusterFacts): MadeLayer {
  const layer = new MadeLayer();
  if (model.container.image !== "" && model.container.image !== workload.image) {
    layer.put(["image"], model.container.image, { from: "release" });
  }
  if ("expose" in workload && "expose" in model) exposed(layer, workload, model);
  if ("spread" in model && facts.zones.length < 2 && model.spread.zones !== "off") {
    layer.put(["spread", "zones"], "off", { from: "facts", fact: "zones" });
  }
  if ("protect" in workload && "protect" in model && model.protect && !workload.protect) {
    layer.put(["protect"], true, { from: "derived", of: "the app's `protect`" });
  }
  return layer;
}

function exposed(
  layer: MadeLayer,
  workload: Extract<Settled, { expose: object }>,
  model: Extract<WorkloadModel, { expose: object }>,
): void {
  // An address without a port is left out of the model, and then the two don't correspond.
  if (workload.expose.length !== model.expose.length) return;
  workload.expose.forEach((written, index) => {
    const settled = model.expose[index];
    if ("host" in written && written.host === "auto" && settled?.type === "route") {
      layer.put(["expose", index, "host"], settled.host, { from: "stack", path: ["domain"] });
    }
    if ("l4" in written && written.l4 === "auto" && settled?.type === "layer4") {
      layer.put(["expose", index, "l4"], settled.address, { from: "release" });
    }
  });
}

/** Defaults that depend on other fields, on the cluster or on what an entry of a list or map is. */
export function completing(workload: Settled, model: WorkloadModel, facts: ClusterFacts): MadeLayer {
  const layer = new MadeLayer();
  const { put } = bound(layer);
  memory(layer, ["resources"], workload.resources.memory);
  put(["architecture"], [...facts.architectures], { from: "facts", fact: "architectures" });
  put(["serviceAccount", "name"], model.serviceAccount.name, { from: "derived", of: "the workload's name" });
  containers(layer, workload);
  volumes(layer, workload, facts);
  variables(layer, workload, model.container.env);
  for (const [prefix, link] of Object.entries(workload.links)) {
    if (typeof link !== "string") put(["links", prefix, "wait"], entryDefaults.link.wait, fallback);
  }
  if ("port" in workload || "probes" in workload) listening(layer, workload, model);
  if ((model.kind === "service" || model.kind === "worker") && !("replicas" in workload)) scaled(layer, model);
  if ("disruption" in model) {
    put(["disruption"], model.disruption ?? false, { from: "derived", of: "the number of replicas" });
  }
  if ("completions" in model) put(["completions"], model.completions, { from: "derived", of: "`parallelism`" });
  return layer;
}

function bound(layer: MadeLayer): { put: MadeLayer["put"] } {
  return { put: layer.put.bind(layer) };
}

function memory(layer: MadeLayer, path: FieldPath, size: string): void {
  layer.put([...path, "memoryLimit"], size, { from: "derived", of: "`resources.memory`" });
}

function containers(layer: MadeLayer, workload: Settled): void {
  const roles = { init: entryDefaults.init, sidecars: entryDefaults.sidecars } as const;
  for (const role of ["init", "sidecars"] as const) {
    for (const [name, one] of Object.entries(workload[role])) {
      for (const [field, value] of Object.entries(roles[role])) layer.put([role, name, field], value, fallback);
      memory(layer, [role, name, "resources"], one.resources?.memory ?? roles[role].resources.memory);
    }
  }
  if (!("preDeploy" in workload)) return;
  for (const phase of ["preDeploy", "postDeploy"] as const) {
    for (const name of Object.keys(workload[phase])) {
      const own: Origin = { from: "derived", of: "the workload's `resources`" };
      for (const [field, value] of Object.entries(entryDefaults.hook)) layer.put([phase, name, field], value, fallback);
      layer.put([phase, name, "resources"], workload.resources, own);
    }
  }
}

function volumes(layer: MadeLayer, workload: Settled, facts: ClusterFacts): void {
  for (const [name, volume] of Object.entries(workload.volumes)) {
    const path = ["volumes", name];
    if ("scratch" in volume) layer.put([...path, "medium"], entryDefaults.scratchVolume.medium, fallback);
    if (!("size" in volume)) continue;
    layer.put([...path, "class"], facts.storageClass, { from: "facts", fact: "storageClass" });
    for (const [field, value] of Object.entries(entryDefaults.persistentVolume)) {
      layer.put([...path, field], value, fallback);
    }
    if (volume.backup !== undefined) layer.put([...path, "backup", "keep"], entryDefaults.backup.keep, fallback);
  }
  const { name, ...temporary } = entryDefaults.temporary;
  const taken = Object.values(workload.volumes).some(({ mount }) => mount === temporary.mount);
  if (name in workload.volumes || taken) return;
  for (const [field, value] of Object.entries({ ...temporary, ...entryDefaults.scratchVolume })) {
    layer.put(["volumes", name, field], value, fallback);
  }
}

/** Variables that the platform sets: they come from `port`, `connection` and links. */
function variables(layer: MadeLayer, workload: Settled, env: readonly VariableModel[]): void {
  for (const { name, ...rest } of env) {
    if (Object.hasOwn(workload.env, name)) continue;
    const link = Object.keys(workload.links).find((prefix) => name.startsWith(`${prefix}_`));
    const of = link === undefined ? (name === "PORT" ? "`port`" : "`connection`") : `\`links.${link}\``;
    layer.put(["env", name], "value" in rest ? rest.value : rest, { from: "derived", of });
  }
}

function listening(layer: MadeLayer, workload: Settled, { container }: WorkloadModel): void {
  const ports = "ports" in workload ? settlePorts(workload) : [];
  if ("probes" in workload) {
    const [main] = ports;
    const { startup, readiness } = workload.probes;
    // Only where it may sleep does the model do without one that nobody took out.
    const subject = {
      port: main?.port,
      speaksUdp: main?.protocol === "udp",
      maySleep: container.probes.startup === undefined,
    };
    const isQuick = startsQuickly(workload.probes, subject) && container.probes.readiness !== undefined;
    const likeReadiness = startup === undefined && readiness !== undefined && readiness !== false;
    for (const [name, probe] of Object.entries(fullProbes(workload.probes, subject))) {
      const of =
        isQuick && name !== "liveness"
          ? "`scale.min`"
          : name === "startup" && likeReadiness
            ? "`probes.readiness`"
            : undefined;
      layer.put(["probes", name], probe, of === undefined ? fallback : { from: "derived", of });
    }
  }
  if (!("expose" in workload)) return;
  workload.expose.forEach((one, index) => {
    const main: Origin = { from: "derived", of: "`port`" };
    layer.put(["expose", index, "port"], "port" in workload ? workload.port : undefined, main);
    if ("host" in one) layer.put(["expose", index, "path"], entryDefaults.expose.path, fallback);
    else layer.put(["expose", index, "protocol"], entryDefaults.layer4.protocol, fallback);
  });
}

function scaled(layer: MadeLayer, { scale: { min, max, on } }: Extract<WorkloadModel, { scale: object }>): void {
  layer.put(["scale", "min"], min, min === scaleDefaults.min ? fallback : { from: "derived", of: "`scale.max`" });
  layer.put(["scale", "max"], max, { from: "derived", of: "`scale.min`" });
  if (max > min) layer.put(["scale", "on"], on, fallback);
}

/** What an app says of itself by saying nothing. */
export function completingApp({ quota }: AppModel): MadeLayer {
  const layer = new MadeLayer();
  for (const [name, value] of Object.entries(quota)) {
    layer.put(["quota", name], value, { from: "derived", of: "what its workloads declare" });
  }
  return layer;
}

import { type ApiObject, JsonPatch } from "cdk8s";
import { k8s } from "../../kube/k8s";
import { keys, selectorLabels } from "../../kube/labels";
import { contentHash, joinName } from "../../kube/names";
import { patchRendered } from "../../kube/render";
import type { ClusterFacts } from "../../cluster/facts";
import type {
  ContainerModel,
  FileModel,
  ProbeModel,
  ProbesModel,
  VariableModel,
  VolumeModel,
  WorkloadModel,
} from "../model/types";
import { fileKey } from "../model/container";
import { volumeName } from "../model/names";
import { labelsOf, type RenderContext } from "./context";
import { quantity } from "./namespace";

const filesVolume = "files";

/** What differs between the pods of a workload and those of its deploy jobs. */
interface PodShape {
  readonly container: ContainerModel;
  /** Labels that say whose pod it is. */
  readonly labels: Record<string, string>;
  readonly restartPolicy?: "OnFailure" | "Never";
  /** Name of the claim of a persistent volume, or nothing where a claim template provides it. */
  readonly claim?: (volume: VolumeModel) => string | undefined;
  readonly ports?: k8s.ContainerPort[];
  readonly topologySpreadConstraints?: k8s.TopologySpreadConstraint[];
}

/** Labels of the pods of a workload. */
export function podLabels({ app }: RenderContext, workload: WorkloadModel): Record<string, string> {
  const azure = workload.identity.azure === undefined ? {} : { "azure.workload.identity/use": "true" };
  return { ...labelsOf(app, workload), [keys.workload]: workload.name, ...azure };
}

/** The pod of a workload: never root, nothing writable but its volumes, no token unless asked for. */
export function podTemplate(context: RenderContext, workload: WorkloadModel, shape: PodShape): k8s.PodTemplateSpec {
  const mounts = volumeMounts(workload, shape);
  const { user, stop } = workload;
  return {
    metadata: { labels: shape.labels },
    spec: {
      ...(shape.restartPolicy === undefined ? {} : { restartPolicy: shape.restartPolicy }),
      serviceAccountName: workload.serviceAccount.name,
      automountServiceAccountToken: workload.serviceAccount.token,
      // Service links would fill the environment with every Service of the namespace.
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      terminationGracePeriodSeconds: stop.grace + stop.delay,
      ...nodeSelector(workload, context.facts),
      ...(shape.topologySpreadConstraints === undefined
        ? {}
        : { topologySpreadConstraints: shape.topologySpreadConstraints }),
      ...initContainers(workload, mounts),
      containers: [mainContainer(shape, mounts)],
      volumes: podVolumes(workload, shape),
    },
  };
}

function mainContainer(shape: PodShape, mounts: k8s.VolumeMount[]): k8s.Container {
  const { ports } = shape;
  return { ...container(shape.container, mounts), ...(ports === undefined || ports.length === 0 ? {} : { ports }) };
}

function initContainers(workload: WorkloadModel, mounts: k8s.VolumeMount[]): { initContainers?: k8s.Container[] } {
  const containers = [...workload.sidecars, ...workload.init].map((one) => container(one, mounts));
  return containers.length === 0 ? {} : { initContainers: containers };
}

/** Sets the pod's fields that are younger than cdk8s-plus-27; `pod` points to the pod's specification in the object. */
export function addYoungerFields(
  object: ApiObject,
  pod: string,
  workload: Pick<WorkloadModel, "sidecars" | "stop">,
): void {
  // An init container that always restarts is a sidecar: it starts before the others and stops last.
  const sidecars = workload.sidecars.map((_, index) =>
    JsonPatch.add(`${pod}/initContainers/${index}/restartPolicy`, "Always"),
  );
  // The time that load balancers need to learn of it: until then the replica still answers.
  const { delay } = workload.stop;
  const sleep = JsonPatch.add(`${pod}/containers/0/lifecycle`, { preStop: { sleep: { seconds: delay } } });
  const operations = delay === 0 ? sidecars : [...sidecars, sleep];
  if (operations.length > 0) patchRendered(object, ...operations);
}

function container(model: ContainerModel, mounts: k8s.VolumeMount[]): k8s.Container {
  const { resources } = model;
  return {
    name: model.name,
    image: model.image,
    ...(model.command === undefined ? {} : { command: [...model.command] }),
    ...(model.args.length === 0 ? {} : { args: [...model.args] }),
    ...(model.env.length === 0 ? {} : { env: model.env.map(variable) }),
    resources: {
      requests: { cpu: quantity(resources.cpu), memory: quantity(resources.memory) },
      limits: {
        ...(resources.cpuLimit === undefined ? {} : { cpu: quantity(resources.cpuLimit) }),
        memory: quantity(resources.memoryLimit),
      },
    },
    ...probes(model.probes),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
  };
}

function variable(model: VariableModel): k8s.EnvVar {
  if ("value" in model) return { name: model.name, value: model.value };
  if ("fieldPath" in model) return { name: model.name, valueFrom: { fieldRef: { fieldPath: model.fieldPath } } };
  return { name: model.name, valueFrom: { secretKeyRef: { name: model.secret.name, key: model.secret.key } } };
}

function probes(model: ProbesModel): Pick<k8s.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  return {
    ...(model.startup === undefined ? {} : { startupProbe: probe(model.startup) }),
    ...(model.readiness === undefined ? {} : { readinessProbe: probe(model.readiness) }),
    ...(model.liveness === undefined ? {} : { livenessProbe: probe(model.liveness) }),
  };
}

function probe(model: ProbeModel): k8s.Probe {
  return {
    ...check(model.check),
    periodSeconds: model.period,
    timeoutSeconds: model.timeout,
    failureThreshold: model.failures,
    ...(model.delay === 0 ? {} : { initialDelaySeconds: model.delay }),
  };
}

function check(model: ProbeModel["check"]): k8s.Probe {
  if ("exec" in model) return { exec: { command: [...model.exec] } };
  if ("grpc" in model) return { grpc: { port: model.port, ...(model.grpc === "" ? {} : { service: model.grpc }) } };
  const port = k8s.IntOrString.fromNumber(model.port);
  return "http" in model ? { httpGet: { path: model.http, port } } : { tcpSocket: { port } };
}

/** Nodes of the architectures that the image is made for, where the cluster has others too. */
function nodeSelector(workload: WorkloadModel, facts: ClusterFacts): { affinity?: k8s.Affinity } {
  const { architecture } = workload;
  if (architecture === undefined || facts.architectures.every((one) => architecture.includes(one))) return {};
  const matchExpressions = [{ key: "kubernetes.io/arch", operator: "In", values: [...architecture] }];
  return {
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  };
}

/** Name of the ConfigMap with the files of a workload. The content is part of it: a changed file rolls the pods, and old pods keep theirs. */
export function filesName(workload: WorkloadModel): string {
  return joinName([workload.objectName, filesVolume, contentHash(fileTexts(workload.files))]);
}

/** The files whose text is in the app, by key. */
export function fileTexts(files: readonly FileModel[]): Record<string, string> {
  return Object.fromEntries(
    files.flatMap(({ content }) => ("text" in content ? [[content.key, content.text] as const] : [])),
  );
}

function volumeMounts(workload: WorkloadModel, shape: PodShape): k8s.VolumeMount[] {
  const files = workload.files.map(({ path, content }) => ({
    name: filesVolume,
    mountPath: path,
    subPath: "text" in content ? content.key : fileKey(path),
    readOnly: true,
  }));
  const folders = workload.volumes
    .filter((volume) => has(volume, shape))
    .map(({ name, mount, type }) => ({
      name: volumeName(name),
      mountPath: mount,
      ...(type === "secret" || type === "config" ? { readOnly: true } : {}),
    }));
  return [...files, ...folders];
}

/** Deploy jobs do without persistent volumes: those belong to the replicas. */
function has(volume: VolumeModel, shape: PodShape): boolean {
  return volume.type !== "persistent" || shape.claim !== undefined;
}

function podVolumes(workload: WorkloadModel, shape: PodShape): k8s.Volume[] {
  const folders = workload.volumes.flatMap((volume): k8s.Volume[] => {
    const name = volumeName(volume.name);
    switch (volume.type) {
      case "scratch":
        return [
          {
            name,
            emptyDir: {
              sizeLimit: quantity(volume.size),
              ...(volume.medium === "memory" ? { medium: "Memory" } : {}),
            },
          },
        ];
      case "secret":
        return [{ name, secret: { secretName: volume.secret } }];
      case "config":
        return [{ name, configMap: { name: volume.config } }];
      case "persistent": {
        const claimName = shape.claim?.(volume);
        return claimName === undefined ? [] : [{ name, persistentVolumeClaim: { claimName } }];
      }
    }
  });
  return [...(workload.files.length === 0 ? [] : [fileVolume(workload)]), ...folders];
}

function fileVolume(workload: WorkloadModel): k8s.Volume {
  const sources = workload.files.flatMap(({ path, content }): k8s.VolumeProjection[] => {
    if (!("secret" in content)) return [];
    const { name, key } = content.secret;
    // Several Secrets may have the same key.
    return [{ secret: { name, items: [{ key, path: fileKey(path) }] } }];
  });
  if (workload.files.some(({ content }) => "text" in content)) {
    sources.unshift({ configMap: { name: filesName(workload) } });
  }
  return { name: filesVolume, projected: { sources } };
}

/** Keeps replicas apart; the newest version counts by itself where the controller labels it. */
export function spreadConstraints(
  { app, facts }: RenderContext,
  workload: Extract<WorkloadModel, { spread: object }>,
  matchLabelKeys?: string[],
): k8s.TopologySpreadConstraint[] {
  const constraint = (strength: "prefer" | "require" | "off", topologyKey: string) =>
    strength === "off"
      ? []
      : [
          {
            maxSkew: 1,
            topologyKey,
            whenUnsatisfiable: strength === "require" ? "DoNotSchedule" : "ScheduleAnyway",
            labelSelector: { matchLabels: selectorLabels(app.name, workload.name) },
            ...(matchLabelKeys === undefined ? {} : { matchLabelKeys }),
          },
        ];
  return [
    ...(facts.zones.length > 1 ? constraint(workload.spread.zones, "topology.kubernetes.io/zone") : []),
    ...constraint(workload.spread.nodes, "kubernetes.io/hostname"),
  ];
}

import type { KubeObject } from "../../../components/kube/object";
import { admissionObjects } from "../../../policies/admission";
import { objectRules } from "../../../policies/rules";
import type { ToolPaths } from "../../../toolchain/tools";
import { ControlPlane } from "../../live/provider/control-plane";
import { easySettings } from "../../policies/evaluator";
import type { PolicyRow } from "../policies";
import { objectsOfApps } from "./objects";

/** Requests that both servers answer before any counts. */
const warmUp = 100;
/** Objects that take turns: those of a few apps of every kind. */
const different = 80;
/** Groups that a server has without custom resources. */
const builtIn = /^(\w+\/)?v\d+$|^(networking|rbac\.authorization)\.k8s\.io\//;
const settings = { ...easySettings, domains: ["dev.example.com"] };

/**
 * Two API servers on one machine, one of which has the policies of a production environment: each object is applied to both, one after
 * the other, without being kept. Nobody else asks them anything.
 */
export async function admissionDelay(tools: ToolPaths<"kubernetes">, pairs: number): Promise<readonly PolicyRow[]> {
  const planes = await Promise.all([new ControlPlane(tools).start(), new ControlPlane(tools).start()]);
  const [without, judging] = planes;
  try {
    const objects = objectsOfApps(different).filter(
      (object) => builtIn.test(object.apiVersion) && object.metadata.namespace !== undefined,
    );
    for (const plane of planes) await makeNamespaces(plane, objects);
    for (const object of admissionObjects(objectRules, { settings, exemptions: [], enforcement: "deny" }, "all")) {
      await apply(judging, object, "");
    }
    await untilJudging(judging, objects);
    const times: Pair[] = [];
    for (let index = -warmUp; index < pairs; index++) {
      const object = objects[Math.abs(index) % objects.length] as KubeObject;
      // Whoever comes second finds a warmer processor.
      const first = index % 2 === 0 ? without : judging;
      const second = first === without ? judging : without;
      const [one, other] = [await timed(first, object), await timed(second, object)];
      if (index >= 0) times.push(first === without ? [one, other] : [other, one]);
    }
    return rowsOf(times);
  } finally {
    await Promise.all(planes.map((plane) => plane.stop()));
  }
}

/** Milliseconds of the same request without policies, and with. */
type Pair = readonly [without: number, judged: number];

function rowsOf(times: readonly Pair[]): readonly PolicyRow[] {
  return [0.5, 0.95].flatMap((part) => {
    const name = `p${part * 100}`;
    const [without, judged] = [0, 1].map((side) =>
      quantile(
        times.map((pair) => pair[side] as number),
        part,
      ),
    ) as [number, number];
    return [
      { what: `apply without policies, ${name}`, value: without, unit: "ms" },
      { what: `apply with policies, ${name}`, value: judged, unit: "ms" },
      { what: `policies add, ${name}`, value: judged - without, unit: "ms" },
    ] as const;
  });
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;
}

async function makeNamespaces(plane: ControlPlane, objects: readonly KubeObject[]): Promise<void> {
  for (const name of new Set(objects.map(({ metadata }) => metadata.namespace))) {
    await apply(plane, { apiVersion: "v1", kind: "Namespace", metadata: { name: name ?? "default" } }, "");
  }
}

/** The server reads policies in the background; it judges once it refuses what breaks a rule. */
async function untilJudging(plane: ControlPlane, objects: readonly KubeObject[]): Promise<void> {
  const deployment = structuredClone(objects.find(({ kind }) => kind === "Deployment")) as {
    spec: { template: { spec: { hostPID?: boolean } } };
  } & KubeObject;
  deployment.spec.template.spec.hostPID = true;
  for (let tries = 0; tries < 300; tries++) {
    const { status } = await applied(plane, deployment, dryRun);
    if (status === 422) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the API server does not judge by the policies");
}

const dryRun = "&dryRun=All";

async function timed(plane: ControlPlane, object: KubeObject): Promise<number> {
  const began = performance.now();
  await apply(plane, object, dryRun);
  return performance.now() - began;
}

async function apply(plane: ControlPlane, object: KubeObject, more: string): Promise<void> {
  const { status, text } = await applied(plane, object, more);
  if (status !== 200 && status !== 201) throw new Error(`${object.kind} ${object.metadata.name}: ${status} ${text}`);
}

async function applied(
  plane: ControlPlane,
  object: KubeObject,
  more: string,
): Promise<{ status: number; text: string }> {
  const address = `${collection(object)}/${object.metadata.name}?fieldManager=bench&force=true${more}`;
  return plane.request("PATCH", address, object, "application/apply-patch+yaml");
}

/** Where objects of one of the built-in kinds are, all of which have regular plurals. */
function collection({ apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, "ies");
  return `${group}${namespace}/${plural}`;
}

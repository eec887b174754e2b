import { request } from "node:https";
import {
  admissionParameters,
  admissionPolicy,
  clusterBindings,
  clusterPolicies,
  policyName,
  policyNamespace,
} from "../../policies/admission";
import type { CelEvaluator } from "../../policies/evaluator";
import { kinds } from "../../policies/kinds";
import type { KubeObject } from "../../components/kube/object";
import { objectRules } from "../../policies/rules";
import { ensureTools } from "../../toolchain/build";
import { lineReporter } from "../../toolchain/report";
import { easySettings, startEvaluator } from "../policies/evaluator";
import { fixtures } from "../policies/fixtures";
import type { Case } from "../policies/fixtures/cases";
import { ControlPlane } from "./provider/control-plane";

// A real etcd and API server, no controllers: what admission says of a request, not how pods behave. Bindings warn instead of
// refusing, because a refusal names one rule only and warnings name every one.

jest.setTimeout(10 * 60_000);

let plane: ControlPlane;
let evaluator: CelEvaluator;
const known = new Map<string, string>(Object.values(kinds).map(({ kind, resource }) => [kind, resource]));
const served = objectRules.filter(({ match }) => match.every(({ apiVersion }) => !/gateway|keda/.test(apiVersion)));

/** Rules whose every violation here is a deletion, needs other parameters, or is refused by the API server itself. */
const unsent = ["image-from-registry", "proc-mount-default", "spread-over-nodes", "protected-stays"];

interface Said {
  readonly status: number;
  /** Names of the rules that it warned of. */
  readonly warned: readonly string[];
  readonly text: string;
}

async function send(method: string, path: string, body?: object): Promise<Said> {
  return new Promise((resolve, reject) => {
    const sent = request(
      plane.address + path,
      { method, rejectUnauthorized: false, headers: { ...plane.authorization, "content-type": "application/json" } },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (more: string) => (text += more));
        answer.once("end", () => {
          const warnings = [answer.headers.warning ?? []].flat().join("\n");
          const warned = [...warnings.matchAll(/with binding '[^']+': ([a-z-]+)/g)].map(([, name = ""]) => name);
          resolve({ status: answer.statusCode ?? 0, warned: [...new Set(warned)].sort(), text });
        });
      },
    );
    sent.once("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Where objects of a kind are made. */
function collection({ apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${group}${namespace}/${known.get(kind) ?? ""}`;
}

async function made(object: KubeObject): Promise<void> {
  await accepted(collection(object), object);
}

async function accepted(path: string, object: KubeObject): Promise<void> {
  const { status, text } = await send("POST", path, object);
  if (status !== 201) throw new Error(`${object.metadata.name}: ${status} ${text}`);
}

beforeAll(async () => {
  const tools = await ensureTools(["kubernetes"], { report: lineReporter() });
  evaluator = await startEvaluator();
  plane = await new ControlPlane(tools).start();
  for (const name of ["shop", policyNamespace]) {
    await made({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  await setParameters(easySettings);
  const admission = "/apis/admissionregistration.k8s.io/v1";
  for (const policy of clusterPolicies(served, "all")) {
    await accepted(`${admission}/validatingadmissionpolicies`, withShortMessages(policy));
  }
  for (const binding of clusterBindings(served, "audit")) {
    await accepted(`${admission}/validatingadmissionpolicybindings`, binding);
  }
  await untilJudging();
}, 40 * 60_000);
afterAll(async () => {
  await plane.stop();
  await evaluator.close();
});

/** The API server cuts the warnings of one answer at 4 KiB, so all of them must be short to tell of every rule. */
function withShortMessages(policy: KubeObject): KubeObject {
  const spec = policy.spec as { validations: readonly { expression: string; message: string }[] };
  const validations = spec.validations.map(({ expression, message }) => ({
    expression,
    message: message.slice(0, message.indexOf(":")),
  }));
  return { ...policy, spec: { ...spec, validations } };
}

async function setParameters(settings: typeof easySettings): Promise<void> {
  const object = admissionParameters(settings, []);
  const path = `/api/v1/namespaces/${policyNamespace}/configmaps`;
  const { status } = await send("PUT", `${path}/${object.metadata.name}`, object);
  if (status === 404) await send("POST", path, object);
}

/** The server reads policies in the background; it judges once the last one answers. */
async function untilJudging(): Promise<void> {
  for (const { name } of served) {
    const violating = sendable(name).filter(
      ({ expected, settings }) => expected === "violation" && settings === undefined,
    );
    const subject = await firstAccepted(violating);
    for (let tries = 0; subject !== undefined; tries++) {
      if ((await dryRun(subject)).warned.includes(name)) break;
      if (tries > 300) throw new Error(`the API server does not judge by ${name}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Some violations the API server refuses for reasons of its own, before any policy. */
async function firstAccepted(cases: readonly Case[]): Promise<Case | undefined> {
  for (const one of cases) if ((await dryRun(one)).status === 201) return one;
  return undefined;
}

/** Cases that are the making of an object of a kind that this API server has. */
function sendable(rule: string): Case[] {
  return (fixtures.get(rule) ?? []).filter(
    ({ unsendable, operation, object }) =>
      unsendable === undefined &&
      operation === undefined &&
      object !== undefined &&
      !/gateway|keda/.test(object.apiVersion),
  );
}

async function dryRun({ object }: Case): Promise<Said> {
  if (object === undefined) throw new TypeError("the case has no object");
  return send("POST", `${collection(object)}?dryRun=All`, object);
}

test("the API server accepts every policy and warns of no type", async () => {
  const { text } = await send("GET", "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies");
  const { items } = JSON.parse(text) as { items: { status?: { typeChecking?: { expressionWarnings?: unknown[] } } }[] };
  expect(items).toHaveLength(3);
  for (const { status } of items) expect(status?.typeChecking?.expressionWarnings ?? []).toEqual([]);
});

test("the API server says of every case what the judges before it say", async () => {
  await evaluator.load(served.map(admissionPolicy));
  const parameters = admissionParameters(easySettings, []);
  let pairs = 0;
  const proven = new Set<string>();
  const disagreements: unknown[] = [];
  for (const { name: rule } of served) {
    for (const subject of sendable(rule)) {
      const { object } = subject;
      if (object === undefined) continue;
      const server = await dryRun(subject);
      // Refused for reasons of its own, or there already.
      if (server.status === 422 || server.status === 409) continue;
      expect(server.status).toBe(201);
      if (server.warned.includes(rule)) proven.add(rule);
      const judged = async (form: "raw" | "admitted"): Promise<string[]> => {
        const [answer] = await evaluator.judge(parameters, form, [{ object }]);
        if (form === "raw") pairs += answer?.judged ?? 0;
        return [...new Set((answer?.findings ?? []).map(({ policy }) => policy))]
          .map((policy) => policy.slice(0, -policyName({ name: "" }).length))
          .sort();
      };
      const answers = { server: server.warned, raw: await judged("raw"), admitted: await judged("admitted") };
      if (new Set(Object.values(answers).map(String)).size > 1) {
        disagreements.push({ rule, case: subject.name, ...answers });
      }
    }
  }
  expect(disagreements).toEqual([]);
  expect(served.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual(unsent);
  expect(pairs).toBeGreaterThanOrEqual(2000);
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  admissionParameters,
  admissionPolicy,
  clusterBindings,
  clusterPolicies,
  policyName,
  policyNamespace,
} from "../../policies/admission";
import type { Answer, CelEvaluator, Form } from "../../policies/evaluator";
import type { KubeObject } from "../../components/kube/object";
import { objectRules } from "../../policies/rules";
import { ensureTools } from "../../toolchain/build";
import { lineReporter } from "../../toolchain/report";
import { easySettings, startEvaluator } from "../policies/evaluator";
import { fixtures } from "../policies/fixtures";
import { around, type Case, goodPod } from "../policies/fixtures/cases";
import { PackProject } from "../policies/pack-project";
import { eventually } from "../support/embedded";
import { collection, isServed, type Said, send, sideBySide } from "./policies/server";
import { variants } from "./policies/variants";
import { ControlPlane } from "./provider/control-plane";

// A real etcd and API server, no controllers: what admission says of a request, not how pods behave. Bindings warn instead of
// refusing, because a refusal names one rule only and warnings name every one.

jest.setTimeout(10 * 60_000);

let plane: ControlPlane;
let evaluator: CelEvaluator;
let kubectl: string;
const served = objectRules.filter(({ match }) => match.every(isServed));

/** Rules whose every violation here is a deletion, needs other parameters, or is refused by the API server itself. */
const unsent = ["image-from-registry", "proc-mount-default", "spread-over-nodes", "protected-stays"];

async function made(object: KubeObject): Promise<void> {
  await accepted(collection(object), object);
}

async function accepted(path: string, object: KubeObject): Promise<void> {
  const { status, text } = await send(plane, "POST", path, object);
  if (status !== 201) throw new Error(`${object.metadata.name}: ${status} ${text}`);
}

beforeAll(async () => {
  const tools = await ensureTools(["kubernetes"], { report: lineReporter() });
  kubectl = tools.kubectl;
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
  const { status } = await send(plane, "PUT", `${path}/${object.metadata.name}`, object);
  if (status === 404) await send(plane, "POST", path, object);
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
      unsendable === undefined && operation === undefined && object !== undefined && isServed(object),
  );
}

async function dryRun({ object }: Pick<Case, "object">): Promise<Said> {
  if (object === undefined) throw new TypeError("the case has no object");
  return send(plane, "POST", `${collection(object)}?dryRun=All`, object);
}

test("the API server accepts every policy and warns of no type", async () => {
  const { text } = await send(plane, "GET", "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies");
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
      const judged = async (form: Form): Promise<string[]> => {
        const [answer] = await evaluator.judge(parameters, form, [{ object }]);
        if (form === "raw") pairs += answer?.judged ?? 0;
        return rulesIn(answer);
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

/** The rules that an object breaks, in order. */
function rulesIn(answer: Answer | undefined): string[] {
  const policies = new Set((answer?.findings ?? []).map(({ policy }) => policy));
  return [...policies].map((policy) => policy.slice(0, -policyName({ name: "" }).length)).sort();
}

test(
  "server, policy pack and helper say the same of golden objects with a change in them",
  async () => {
    const chosen = variants(3300);
    const subjects = chosen.map(({ object }) => ({ object }));
    await evaluator.load(served.map(admissionPolicy));
    const parameters = admissionParameters(easySettings, []);
    const [raw, admitted] = [
      await evaluator.judge(parameters, "raw", subjects),
      await evaluator.judge(parameters, "admitted", subjects),
    ];
    const project = new PackProject();
    const pack = await project.start(easySettings);
    try {
      const names = new Set(served.map(({ name }) => name));
      const answers = await sideBySide(chosen, async ({ name, object }, index) => {
        const server = await dryRun({ object });
        // What the server refuses for reasons of its own its policies never see: a wrong type, a missing field, a forbidden change.
        if (server.status !== 201) return { name, status: server.status };
        const found = await pack.judge(object);
        return {
          name,
          status: server.status,
          server: server.warned,
          pack: [...new Set(found.map(({ rule }) => rule))].filter((rule) => names.has(rule)).sort(),
          raw: rulesIn(raw[index]),
          admitted: rulesIn(admitted[index]),
        };
      });
      const judged = answers.filter(({ status }) => status === 201);
      const disagreements = judged.filter(
        (one) => new Set([one.server, one.pack, one.raw, one.admitted].map(String)).size > 1,
      );
      expect(disagreements).toEqual([]);
      expect(judged.length).toBeGreaterThanOrEqual(2000);
      // Most changes matter to no rule; enough must, or they prove little.
      expect(judged.filter(({ server }) => (server ?? []).length > 0).length).toBeGreaterThan(200);
      expect(new Set(judged.flatMap(({ server }) => server ?? [])).size).toBeGreaterThan(20);
      expect(answers.filter(({ status }) => ![201, 400, 409, 422].includes(status))).toEqual([]);
    } finally {
      await pack.stop();
      project.delete();
    }
  },
  20 * 60_000,
);

describe("where an environment enforces, on a cluster that others use too", () => {
  const labels = { "app.kubernetes.io/managed-by": "petrichor" };
  const apply = async (...objects: readonly KubeObject[]): Promise<string> => {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    const command = promisify(execFile)(kubectl, [
      ...["--kubeconfig", plane.kubeconfig(), "apply", "--server-side", "--force-conflicts", "--filename", "-"],
    ]);
    command.child.stdin?.end(list);
    try {
      return (await command).stdout;
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  };
  const pod = (namespace: string, name: string): KubeObject => {
    const { metadata, ...rest } = around("Pod", { ...goodPod, hostPID: true });
    return { ...rest, metadata: { ...metadata, namespace, name } };
  };
  const administrator = (name: string, more: object): KubeObject => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name, ...more },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "User", name: "somebody", apiGroup: "rbac.authorization.k8s.io" }],
  });

  beforeAll(async () => {
    await made({ apiVersion: "v1", kind: "Namespace", metadata: { name: "ours", labels } });
    await made({ apiVersion: "v1", kind: "Namespace", metadata: { name: "theirs" } });
    // Actions of a binding are a set that field managers share; those of a warning one must not stay.
    for (const { metadata } of clusterBindings(served, "audit")) {
      const path = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/${metadata.name}`;
      expect((await send(plane, "DELETE", path)).status).toBe(200);
    }
    const applied = await apply(...clusterPolicies(served, "own"), ...clusterBindings(served, "deny"));
    expect(applied).toMatch(/^(validatingadmissionpolicy\S+ serverside-applied\n){6}$/);
    await eventually(async () => {
      expect((await send(plane, "POST", "/api/v1/namespaces/ours/pods?dryRun=All", pod("ours", "probe"))).status).toBe(
        422,
      );
      expect(
        (await send(plane, "POST", "/api/v1/namespaces/theirs/pods?dryRun=All", pod("theirs", "probe"))).status,
      ).toBe(201);
    });
  });

  test("kubectl apply of an object that breaks a rule is refused with the rule's own words", async () => {
    expect(await apply(pod("ours", "bad"))).toMatch(
      /ValidatingAdmissionPolicy 'mandatory\.petrichor\.dev' with binding 'mandatory\.petrichor\.dev' denied request: no-host-namespaces: hostPID is set\. Take hostNetwork, hostPID and hostIPC away/,
    );
    const read = await send(plane, "GET", "/api/v1/namespaces/ours/pods/bad");
    expect(read.status).toBe(404);
  });

  test("namespaces and objects of others are not judged", async () => {
    expect(await apply(pod("theirs", "bad"))).toBe("pod/bad serverside-applied\n");
    expect(await apply(administrator("theirs", {}))).toBe(
      "clusterrolebinding.rbac.authorization.k8s.io/theirs serverside-applied\n",
    );
    expect(await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "open" } })).toBe(
      "namespace/open serverside-applied\n",
    );
  });

  test("what is cluster-wide is judged where it carries the platform's label", async () => {
    expect(await apply(administrator("ours", { labels }))).toContain("denied request: no-cluster-admin: ");
    expect(await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "our-open", labels } })).toContain(
      "denied request: namespace-restricted: ",
    );
  });
});

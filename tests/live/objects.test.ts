import { request } from "node:https";
import * as fc from "fast-check";
import { engineObjectsOf, renderEngines } from "../../components/platform/objects";
import { appObjects } from "../../components/app/objects/app";
import type { AppModel } from "../../components/app/model/types";
import { type KubeObject, objectKey } from "../../components/kube/object";
import { ensureTools } from "../../toolchain/build";
import { facts, image, resolve } from "../support/apps";
import { app } from "../support/arbitrary-apps";
import { eventually } from "../support/embedded";
import { engineContext, ensureEveryManifest, everyEngine } from "../support/engine-context";
import { renderedOnStacks } from "../support/stacks";
import { ControlPlane } from "./provider/control-plane";

// A real etcd and API server, no controllers and nodes: what the server says of every object that apps come to, and of the pods that
// controllers would make of them. Whether these pods run is a matter of other tests.

jest.setTimeout(600_000);

const { capabilities } = engineContext;

let plane: ControlPlane;
/** Where objects of a kind are kept: `<apiVersion> <kind>` → plural name. */
const plurals = new Map<string, string>();

beforeAll(async () => {
  const quiet = { report: () => undefined };
  plane = await new ControlPlane(await ensureTools(["kubernetes"], quiet)).start();
  await ensureEveryManifest();
  const definitions = everyEngine
    .flatMap((engine) => engine.objects(engineContext))
    .filter(({ kind }) => kind === "CustomResourceDefinition");
  await send("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } }, "");
  for (const definition of definitions) {
    const answer = await apply(definition, "");
    if (answer.status > 201) throw new Error(`${objectKey(definition)}: ${answer.text}`);
  }
  for (const { metadata } of definitions) await established(metadata.name);
});
afterAll(async () => {
  await plane.stop();
});

interface Said {
  readonly status: number;
  readonly warnings: readonly string[];
  readonly text: string;
}

/** What of some objects the API server refuses or warns of, in a dry run with strict validation of fields. */
async function complaints(objects: readonly KubeObject[]): Promise<string[]> {
  const [namespace, ...others] = objects;
  if (namespace?.kind !== "Namespace") throw new Error("an app begins with its namespace");
  expect(namespace.metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
  const found: string[] = [];
  const judge = async (object: KubeObject, dryRun: string): Promise<void> => {
    const { status, warnings, text } = await apply(object, dryRun);
    if (status > 201) found.push(`${objectKey(object)}: ${status} ${text}`);
    found.push(...warnings.map((warning) => `${objectKey(object)}: ${warning}`));
  };
  // The others, dry runs too, need their namespace to be there.
  await judge(namespace, "");
  for (const object of [...others, ...others.flatMap(podOf)]) await judge(object, "&dryRun=All");
  return found;
}

async function apply(object: KubeObject, dryRun: string): Promise<Said> {
  const { namespace, name } = object.metadata;
  const inNamespace = namespace === undefined ? "" : `namespaces/${namespace}/`;
  return send(`${inNamespace}${await plural(object)}/${name}`, object, dryRun);
}

async function send(place: string, object: KubeObject, dryRun: string): Promise<Said> {
  const { apiVersion } = object;
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const path = `${group}/${place}?fieldManager=test&force=true&fieldValidation=Strict${dryRun}`;
  return new Promise((answered, reject) => {
    const headers = { ...plane.authorization, "content-type": "application/apply-patch+yaml" };
    const sent = request(plane.address + path, { method: "PATCH", rejectUnauthorized: false, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (more: string) => (text += more));
      answer.once("end", () => {
        answered({ status: answer.statusCode ?? 0, warnings: [answer.headers.warning ?? []].flat(), text });
      });
    });
    sent.once("error", reject);
    sent.end(JSON.stringify(object));
  });
}

async function plural({ apiVersion, kind }: KubeObject): Promise<string> {
  const known = plurals.get(`${apiVersion} ${kind}`);
  if (known !== undefined) return known;
  const { text } = await plane.request("GET", apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
  const { resources = [] } = JSON.parse(text) as {
    resources?: readonly { readonly name: string; readonly kind: string }[];
  };
  for (const one of resources.filter(({ name }) => !name.includes("/")))
    plurals.set(`${apiVersion} ${one.kind}`, one.name);
  const found = plurals.get(`${apiVersion} ${kind}`);
  if (found === undefined) throw new Error(`the API server knows no ${kind} of ${apiVersion}`);
  return found;
}

async function established(name: string): Promise<void> {
  await eventually(async () => {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
    const { status } = JSON.parse((await plane.request("GET", path)).text) as {
      status?: { conditions?: readonly { readonly type: string; readonly status: string }[] };
    };
    expect(status?.conditions).toContainEqual(expect.objectContaining({ type: "Established", status: "True" }));
  }, 240_000);
}

interface PodTemplate {
  readonly metadata?: object;
  readonly spec: { readonly volumes?: readonly object[] };
}

/** The pod that a controller would make of an object. */
function podOf({ kind, metadata, spec }: KubeObject): KubeObject[] {
  const {
    template,
    jobTemplate,
    volumeClaimTemplates = [],
  } = (spec ?? {}) as {
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
    readonly volumeClaimTemplates?: readonly KubeObject[];
  };
  const made = kind === "CronJob" ? jobTemplate?.spec.template : template;
  if (made === undefined || !["CronJob", "DaemonSet", "Deployment", "Job", "StatefulSet"].includes(kind)) return [];
  const claims = volumeClaimTemplates.map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: `${name}-${metadata.name}-0` },
  }));
  const volumes = [...(made.spec.volumes ?? []), ...claims];
  const { name, namespace = "" } = metadata;
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...made.metadata, name: `${name}-pod`, namespace },
      spec: { ...made.spec, volumes },
    },
  ];
}

const goldens = renderedOnStacks();

test.each([...new Set(goldens.map(({ stack }) => stack))])("the API server takes every object of %s", async (stack) => {
  for (const { objects } of goldens.filter((one) => one.stack === stack)) expect(await complaints(objects)).toEqual([]);
});

/** What an app comes to where the platform has every engine. */
function onPlatform(model: AppModel): KubeObject[] {
  return [...appObjects(model, facts, capabilities), ...engineObjectsOf(model, everyEngine, engineContext)];
}

test("the API server takes everything that the platform consists of", async () => {
  const objects = renderEngines(everyEngine, engineContext).flatMap((one) => [...one.objects, ...one.resources]);
  const namespaces = objects.filter(({ kind }) => kind === "Namespace");
  for (const namespace of namespaces) expect(await apply(namespace, "")).toMatchObject({ warnings: [] });
  const said: string[] = [];
  for (const object of [...objects, ...objects.flatMap(podOf)]) {
    const { status, warnings, text } = await apply(object, "&dryRun=All");
    if (status > 201 || warnings.length > 0) said.push(`${objectKey(object)}: ${status} ${text} ${warnings.join()}`);
  }
  expect(said).toEqual([]);
  expect(objects.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["Certificate", "ClusterIssuer", "Gateway", "IPAddressPool", "L2Advertisement"]),
  );
});

test("the API server takes what engines are asked for", async () => {
  const models = goldens.filter(({ stack }) => stack === goldens[0]?.stack).map(({ model }) => model);
  const ports = { sql: 5432 };
  const expose = [{ tls: "auto", port: "sql" }, { host: "a.b.dev.example.com" }, { l4: 30_000, port: "sql" }];
  const exposed = resolve(
    [{ name: "exposed", workloads: { web: { kind: "service", image, port: 8080, ports, expose } } }],
    undefined,
    { environment: "dev", domain: "dev.example.com", capabilities },
  );
  const objects = [...models, ...exposed].map(onPlatform);
  for (const one of objects) expect(await complaints(one)).toEqual([]);
  expect(objects.flat().map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["Certificate", "HTTPRoute", "TCPRoute", "TLSRoute"]),
  );
});

test("the API server takes whatever a valid app comes to, with and without engines", async () => {
  const sample = fc.sample(app, { numRuns: 100, seed: 20_261_124 });
  const kinds = new Set<string>();
  for (const definition of sample) {
    for (const model of resolve([definition])) {
      for (const objects of [appObjects(model, facts), onPlatform(model)]) {
        for (const { kind } of objects) kinds.add(kind);
        expect({ definition, said: await complaints(objects) }).toEqual({ definition, said: [] });
      }
    }
  }
  const every = ["CronJob", "DaemonSet", "Deployment", "Job", "NetworkPolicy", "Service", "StatefulSet"];
  expect([...kinds]).toEqual(expect.arrayContaining(every));
});

test("the API server refuses a field that it doesn't know, and a pod that may do too much", async () => {
  const [model] = resolve([{ name: "checked", workloads: { web: { kind: "service", image, port: 8080 } } }]);
  const objects = model === undefined ? [] : appObjects(model, facts);
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  const [namespace] = objects;
  if (deployment === undefined || namespace === undefined) throw new Error("nothing was rendered");
  const misspelt = { ...deployment, spec: { ...(deployment.spec as object), replicsa: 1 } };
  expect((await complaints([namespace, misspelt])).join()).toMatch(/replicsa/);
  const template = { ...(deployment.spec as { template: { spec: object } }).template };
  const careless = { ...template, spec: { ...template.spec, hostNetwork: true } };
  const said = await complaints([
    namespace,
    { ...deployment, spec: { ...(deployment.spec as object), template: careless } },
  ]);
  expect(said.join()).toMatch(/would violate PodSecurity .*restricted/);
  expect(said.join()).toMatch(/Pod checked\/web-pod: 403 /);
});

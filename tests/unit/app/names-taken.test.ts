import { image, refused, resolve } from "../../support/apps";

// Names of objects are made of names of workloads, volumes, jobs and addresses: two different ones may come to the same object.

const web = { kind: "service", image, port: 8080 };
const exposed = { ...web, expose: [{ host: "auto" }] };
const volume = (...names: readonly string[]) => ({
  volumes: Object.fromEntries(names.map((name) => [name, { mount: `/${name}`, size: "1Gi" }])),
});
const set = { kind: "stateful", image, port: 5432 };

/** Where names meet, and what is said of it. */
const collisions: readonly [what: string, workloads: object, answer: string][] = [
  [
    "a job of `a` and one of `a-b`",
    { "a-b": { ...web, preDeploy: { c: {} } }, a: { ...web, preDeploy: { "b-c": {} } } },
    'NAME_TAKEN preDeploy.c: its object "a-b-c" would have the name of one of workload "a".',
  ],
  [
    "a workload and the job of another",
    { "a-b": web, a: { ...web, postDeploy: { b: {} } } },
    'NAME_TAKEN : its object "a-b" would have the name of one of workload "a".',
  ],
  [
    "a workload and the Service of another's load balancer",
    { "a-public": web, a: web },
    'NAME_TAKEN : its object "a-public" would have the name of one of workload "a".',
  ],
  [
    "a workload and the Service of another's replicas",
    { "a-replicas": web, a: set },
    'NAME_TAKEN : its object "a-replicas" would have the name of one of workload "a".',
  ],
  [
    "a volume of `a` and one of `a-b`",
    { "a-b": { ...web, ...volume("c") }, a: { ...web, ...volume("b-c") } },
    'NAME_TAKEN volumes.c: its object "a-b-c" would have the name of one of workload "a".',
  ],
  [
    "volumes of replicas",
    { "b-q": { ...set, ...volume("a") }, q: { ...set, ...volume("a-b") } },
    'NAME_TAKEN volumes.a-b: its object "volume-a-b-q-0" would have the name of one of workload "b-q".',
  ],
  [
    "the volume of a replica and that of a workload without any",
    { volume: { ...web, ...volume("a-q-0") }, q: { ...set, ...volume("a") } },
    'NAME_TAKEN volumes.a-q-0: its object "volume-a-q-0" would have the name of one of workload "q".',
  ],
  [
    "the second address of `web` and the first of `web-2`",
    { web: { ...exposed, expose: [{ host: "auto" }, { host: "b.dev.example.com" }] }, "web-2": exposed },
    'NAME_TAKEN expose[0]: its object "web-2" would have the name of one of workload "web".',
  ],
  [
    "an address of `web` by TLS and the first of `web-tls`",
    { web: { ...exposed, expose: [{ tls: "auto" }] }, "web-tls": exposed },
    'NAME_TAKEN expose[0]: its object "web-tls" would have the name of one of workload "web".',
  ],
];

test.each(collisions)("%s", (_, workloads, answer) => {
  expect(refused({ name: "shop", workloads })).toEqual([`${answer} Rename one of the two.`]);
});

test.each<[what: string, workloads: object]>([
  ["a volume and a workload", { "a-b": web, a: { ...web, ...volume("b") } }],
  [
    "a second address and a workload that is not exposed",
    { web: { ...web, expose: [{ host: "auto" }, { host: "b.dev.example.com" }] }, "web-2": web },
  ],
  ["volumes of other replicas", { q: { ...set, ...volume("a") }, "q-0": { ...set, ...volume("a") } }],
])("objects of different kinds may have one name: %s", (_, workloads) => {
  expect(resolve([{ name: "shop", workloads }])).toHaveLength(1);
});

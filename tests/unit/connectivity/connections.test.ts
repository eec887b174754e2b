import { connections } from "../../../components/connectivity/connections";
import { connectionsText, portsText } from "../../../components/connectivity/text";
import { intersection, union } from "../../../components/connectivity/ranges";
import { selects } from "../../../components/connectivity/selector";
import type { KubeObject } from "../../../components/kube/object";

function pod(namespace: string, name: string, port = 80): KubeObject {
  const metadata = { name, namespace, labels: { app: name } };
  const spec = { containers: [{ ports: [{ name: "web", containerPort: port }] }] };
  return { apiVersion: "v1", kind: "Pod", metadata, spec };
}

function policy(namespace: string, spec: object): KubeObject {
  const metadata = { name: JSON.stringify(spec), namespace };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

const app = (name: string): object => ({ podSelector: { matchLabels: { app: name } } });
const denied = policy("a", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
const pair = [pod("a", "left"), pod("a", "right", 8080)];

/** `from → to ports` of what is open over TCP between pods of the objects. */
function inside(objects: readonly KubeObject[]): string[] {
  return connections(objects)
    .filter(({ from, to, protocol }) => from.inside && to.inside && protocol === "TCP")
    .map(({ from, to, ports, protocol }) => `${from.name} → ${to.name} ${portsText(ports, protocol)}`);
}

/** The same with the rest of the world, over any protocol. */
function outside(objects: readonly KubeObject[]): string[] {
  return connections(objects)
    .filter(({ from, to }) => !from.inside || !to.inside)
    .map(({ from, to, ports, protocol }) => `${from.name} → ${to.name} ${portsText(ports, protocol)}`);
}

describe("between pods", () => {
  test("everything is open where no policy is", () => {
    expect(inside(pair)).toHaveLength(4);
    expect(inside(pair)).toContain("a/left → a/right 1-65535/tcp");
    expect(connectionsText(connections(pair))).toContain("every port");
  });

  test("nothing is open where a policy isolates and none opens", () => {
    expect(connections([...pair, denied])).toEqual([]);
  });

  test.each<[string, object[], string[]]>([
    ["one side alone is not enough: the receiver", [{ ...app("right"), ingress: [{ from: [app("left")] }] }], []],
    [
      "one side alone is not enough: the sender",
      [{ ...app("left"), policyTypes: ["Egress"], egress: [{ to: [app("right")] }] }],
      [],
    ],
    [
      "both sides, where their ports meet",
      [
        { ...app("right"), ingress: [{ from: [app("left")], ports: [{ port: 8000, endPort: 8100 }] }] },
        { ...app("left"), egress: [{ to: [app("right")], ports: [{ port: 8080 }, { port: 9000 }] }] },
      ],
      ["a/left → a/right 8080/tcp"],
    ],
    [
      "a port by its name at the receiver",
      [
        { ...app("right"), ingress: [{ from: [app("left")], ports: [{ port: "web" }] }] },
        { ...app("left"), egress: [{ to: [app("right")], ports: [{ port: "web" }] }] },
      ],
      ["a/left → a/right 8080/tcp"],
    ],
    [
      "a port of another protocol",
      [
        { ...app("right"), ingress: [{ from: [app("left")], ports: [{ port: 8080, protocol: "UDP" }] }] },
        { ...app("left"), egress: [{ to: [app("right")] }] },
      ],
      [],
    ],
    [
      "an empty list of peers is everyone",
      [
        { ...app("right"), ingress: [{ from: [], ports: [{ port: 1 }] }] },
        { ...app("left"), egress: [{}] },
      ],
      ["a/left → a/right 1/tcp"],
    ],
    [
      "an empty selector is every pod of the namespace, also the same one",
      [{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }], egress: [{ to: [{ podSelector: {} }] }] }],
      [
        "a/left → a/left 1-65535/tcp",
        "a/left → a/right 1-65535/tcp",
        "a/right → a/left 1-65535/tcp",
        "a/right → a/right 1-65535/tcp",
      ],
    ],
    [
      "a block of addresses takes no pod",
      [
        { ...app("right"), ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] },
        { ...app("left"), egress: [{ to: [app("right")] }] },
      ],
      [],
    ],
    [
      "rules without policyTypes isolate in both directions only where there are egress rules",
      [
        { ...app("right"), ingress: [{ from: [app("left")], ports: [{ port: 7 }] }] },
        { ...app("left"), egress: [{}] },
      ],
      ["a/left → a/right 7/tcp"],
    ],
  ])("%s", (_, specs, open) => {
    expect(inside([...pair, denied, ...specs.map((spec) => policy("a", spec))])).toEqual(open);
  });

  test("namespaces are told apart by their labels and by their name", () => {
    const namespaces = ["a", "b"].map((name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { team: name } },
    }));
    const objects = [...namespaces, pod("a", "left"), pod("b", "left"), pod("a", "right"), denied];
    const by = (matchLabels: object): string[] =>
      inside([
        ...objects,
        policy("a", { ...app("right"), ingress: [{ from: [{ namespaceSelector: { matchLabels } }] }] }),
      ]);
    expect(by({ team: "b" })).toEqual(expect.arrayContaining(["b/left → a/right 1-65535/tcp"]));
    expect(by({ "kubernetes.io/metadata.name": "b" })).toEqual(by({ team: "b" }));
    expect(by({ team: "c" })).not.toEqual(expect.arrayContaining(["b/left → a/right 1-65535/tcp"]));
  });
});

describe("with the rest of the world", () => {
  const one = [pod("a", "left"), denied];
  test.each<[string, object, string[]]>([
    [
      "a block of addresses",
      {
        ...app("left"),
        egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }], ports: [{ port: 443 }] }],
      },
      ["a/left → 10.0.0.0/8 without 10.1.0.0/16 443/tcp"],
    ],
    [
      "the internet",
      {
        ...app("left"),
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }], ports: [{ port: 443 }] }],
      },
      ["a/left → the internet (IPv4) 443/tcp"],
    ],
    [
      "the gateway alone",
      {
        ...app("left"),
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { "petrichor.dev/role": "gateway" } } }],
            ports: [{ port: 80 }],
          },
        ],
      },
      ["gateway → a/left 80/tcp"],
    ],
    [
      "pods that the objects don't hold",
      {
        ...app("left"),
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } },
                podSelector: { matchLabels: { app: "db" } },
              },
            ],
            ports: [{ port: 5432 }],
          },
        ],
      },
      ["a/left → pods (app=db) in kubernetes.io/metadata.name=other 5432/tcp"],
    ],
    [
      "everyone",
      { ...app("left"), ingress: [{ ports: [{ port: 80 }] }] },
      [
        "DNS → a/left 80/tcp",
        "anywhere outside the cluster → a/left 80/tcp",
        "gateway → a/left 80/tcp",
        "other pods → a/left 80/tcp",
        "telemetry → a/left 80/tcp",
      ],
    ],
  ])("%s", (_, spec, open) => {
    expect(outside([...one, policy("a", spec)])).toEqual(open);
  });
});

test("a Service leads to a connection when its port's target is open", () => {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "right", namespace: "a" },
    spec: { selector: { app: "right" }, ports: [{ port: 80, targetPort: "web" }, { port: 90 }] },
  };
  const open = policy("a", { podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }], egress: [{}] });
  const [found] = connections([...pair, service, denied, open]).filter(
    ({ from, to }) => from.name === "a/left" && to.name === "a/right",
  );
  expect(found?.services).toEqual(["right:80"]);
});

test.each<[object, boolean]>([
  [{ key: "a", operator: "In", values: ["1", "2"] }, true],
  [{ key: "a", operator: "NotIn", values: ["1"] }, false],
  [{ key: "b", operator: "NotIn", values: ["1"] }, true],
  [{ key: "a", operator: "Exists" }, true],
  [{ key: "b", operator: "Exists" }, false],
  [{ key: "b", operator: "DoesNotExist" }, true],
])("the expression %j", (expression, answer) => {
  expect(selects({ matchExpressions: [expression as never] }, { a: "1" })).toBe(answer);
});

test("ranges are joined and cut as sets of ports", () => {
  expect(
    union([
      [5, 9],
      [1, 3],
      [4, 4],
      [20, 30],
      [25, 26],
    ]),
  ).toEqual([
    [1, 9],
    [20, 30],
  ]);
  expect(
    intersection(
      [
        [1, 10],
        [20, 30],
      ],
      [[5, 25]],
    ),
  ).toEqual([
    [5, 10],
    [20, 25],
  ]);
  expect(intersection([[1, 4]], [[5, 9]])).toEqual([]);
});

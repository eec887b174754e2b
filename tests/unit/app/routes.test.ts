import { regexProblem } from "../../../components/app/model/checks/routes";
import { errorsOf, image, refused, resolve } from "../../support/apps";
import { resolveApps } from "../../../components/app/model/resolve";
import { emptyRelease } from "../../../components/app/release";

const service = (more: object): object => ({ kind: "service", image, port: 8080, ...more });
const withRule = (rule: object, others: Readonly<Record<string, object>> = {}): object => ({
  name: "shop",
  workloads: { web: service({ expose: [{ host: "auto", routes: [rule] }] }), ...others },
});
const withTraffic = (traffic: object): object => ({
  name: "shop",
  workloads: { web: service({ expose: [{ host: "auto", traffic }] }) },
});

test("what reads well is taken", () => {
  const [app] = resolve([
    withRule(
      { path: "/v2", headers: { "x-beta": { regex: "yes|true" } }, to: { web: 9, next: 1 } },
      { next: service({}) },
    ),
  ]);
  const web = app?.workloads.find(({ name }) => name === "web");
  expect(web !== undefined && "expose" in web && web.expose[0]).toMatchObject({
    host: "web-shop.dev.example.com",
    rules: [{ path: "/v2", to: { web: 9, next: 1 } }],
  });
});

const cases: readonly [what: string, definition: object, answer: string][] = [
  [
    "a path that is no regular expression",
    withRule({ path: { regex: "/items/(" } }),
    'REGEX_INVALID expose[0].routes[0].path.regex: regex has "/items/(", which is no regular expression: missing closing ): `/items/(`. Write it in the syntax of RE2, without look-around and back-references.',
  ],
  [
    "look-around, which proxies lack",
    withRule({ headers: { "x-a": { regex: "(?!b)" } } }),
    'REGEX_INVALID expose[0].routes[0].headers.x-a.regex: regex has "(?!b)"',
  ],
  [
    "a redirect and a target",
    withRule({ redirect: { path: "/new" }, to: "web" }),
    "FIELD_CONFLICT expose[0].routes[0]: redirect and to are both given. Keep one of them.",
  ],
  [
    "a rewrite that is half said",
    withRule({ rewrite: { regex: "a" } }),
    "FIELD_CONFLICT expose[0].routes[0].rewrite: rewrite changes the path in more than one way, or only half says how.",
  ],
  [
    "a prefix of a path that is none",
    withRule({ path: { exact: "/a" }, rewrite: { prefix: "/b" } }),
    "FIELD_CONFLICT expose[0].routes[0]: prefix replaces a path prefix, and the rule's path is none.",
  ],
  [
    "a target that is not there",
    withRule({ to: "wep" }),
    'LINK_UNKNOWN expose[0].routes[0].to: to names "wep", and the app has no such workload. Take one of web.',
  ],
  [
    "a target that listens on nothing",
    withRule({ to: "work" }, { work: { kind: "worker", image } }),
    'PORT_UNKNOWN expose[0].routes[0].to: to names "work", which listens on no port. Give it a `port`.',
  ],
  [
    "a target that may sleep",
    withRule({ to: "lazy" }, { lazy: service({ scale: { min: 0, max: 2 } }) }),
    'FIELD_CONFLICT expose[0].routes[0].to: to names "lazy", which may sleep: only requests to an address of its own wake it.',
  ],
  [
    "no weight at all",
    withRule({ to: { web: 0 } }),
    "FIELD_VALUE expose[0].routes[0].to: to gives no workload any weight.",
  ],
  [
    "a block of addresses that is none",
    withTraffic({ allow: ["10.0.0.0/40"] }),
    'FIELD_FORMAT expose[0].traffic.allow[0]: "10.0.0.0/40" is no block of addresses.',
  ],
  ["a limit without a time", withTraffic({ limit: { requests: 5 } }), "FIELD_MISSING expose[0].traffic.limit.per"],
  ["a timeout without a unit", withTraffic({ timeout: 5 }), "FIELD_UNIT expose[0].traffic.timeout"],
  [
    "a field that is not there",
    withTraffic({ timout: "5s" }),
    'FIELD_UNKNOWN expose[0].traffic.timout: expose[0].traffic.timout is not a field. Did you mean "timeout"?',
  ],
  [
    "keys in clear text",
    withTraffic({ jwt: { issuer: "me", jwks: "http://id.example.com" } }),
    "expose[0].traffic.jwt.jwks",
  ],
  [
    "a gRPC rule that asks for a query",
    {
      name: "shop",
      workloads: {
        api: service({
          protocol: "grpc",
          expose: [{ host: "auto", routes: [{ path: "/shop.Orders", query: { a: "1" } }] }],
        }),
      },
    },
    "FIELD_CONFLICT expose[0].routes[0]: query can't be said of gRPC.",
  ],
  [
    "a gRPC path that is no method",
    {
      name: "shop",
      workloads: { api: service({ protocol: "grpc", expose: [{ host: "auto", routes: [{ path: "/a/b/c" }] }] }) },
    },
    "FIELD_CONFLICT expose[0].routes[0].path: path is neither a gRPC service nor one of its methods.",
  ],
  [
    "a UDP port for some",
    {
      name: "shop",
      workloads: {
        web: service({
          ports: { dns: { port: 53, protocol: "udp" } },
          expose: [{ l4: 30_000, port: "dns", allow: ["10.0.0.0/8"] }],
        }),
      },
    },
    "FIELD_CONFLICT expose[0]: expose[0] is for UDP, which has no connections to count or refuse.",
  ],
  [
    "a host that no certificate covers",
    { name: "shop", workloads: { web: service({ expose: [{ host: "a.b.dev.example.com" }] }) } },
    'HOST_UNCERTIFIED expose[0].host: expose[0].host is "a.b.dev.example.com", and the certificate of the stack is for hosts directly below "dev.example.com".',
  ],
  [
    "the same rule twice",
    {
      name: "shop",
      workloads: {
        web: service({
          expose: [
            {
              host: "auto",
              routes: [
                { path: "/a", method: "GET" },
                { path: "/a", method: "GET" },
              ],
            },
          ],
        }),
      },
    },
    'HOST_TAKEN expose[0].host: expose[0] asks for web-shop.dev.example.com/a with method "GET", which this workload asks for twice.',
  ],
];

test.each(cases)("refused: %s", (_, definition, answer) => {
  expect(refused(definition).join("\n")).toContain(answer);
});

test("rules that differ in what they ask for are no clash", () => {
  const routes = [{ path: "/a", method: "GET" }, { path: "/a", method: "POST" }, { path: { exact: "/a" } }];
  expect(refused({ name: "shop", workloads: { web: service({ expose: [{ host: "auto", routes }] }) } })).toEqual([]);
});

test("a port outside the pool, and a host of a further domain", () => {
  const stack = {
    environment: "dev",
    domain: "dev.example.com",
    domains: ["example.org"],
    ports: { first: 30_000, last: 30_009 },
  };
  const answers = (expose: object): string[] =>
    errorsOf(() =>
      resolveApps({
        definitions: [
          { file: "a.ts", definition: { name: "shop", workloads: { web: service({ expose: [expose] }) } } },
        ],
        stack,
        release: emptyRelease,
      }),
    ).map(({ code, message }) => `${code} ${message}`);
  expect(answers({ l4: 30_010 })).toEqual([
    "PORT_OUTSIDE_POOL expose[0].l4 is 30010, which is outside the ports of the stack, 30000 to 30009.",
  ]);
  expect(answers({ host: "shop.example.org" })[0]).toMatch(/^HOST_UNCERTIFIED/);
  expect(answers({ host: "shop.example.org", certificate: "shop" })).toEqual([]);
  expect(answers({ host: "shop.example.com", certificate: "shop" })[0]).toMatch(/^HOST_FOREIGN/);
});

const own = (host: string, more: object, path = "/") => service({ expose: [{ host, path, ...more }] });
const clients = { clientCertificates: { authority: "clients" } };

test.each<[what: string, expose: object[], answer: string]>([
  [
    "a foreign host",
    [{ tls: "db.example.com", port: "sql" }],
    'HOST_FOREIGN expose[0].tls: expose[0].tls is "db.example.com", which is outside "dev.example.com", the domain of the stack. Take a host below it, for example "web-shop.dev.example.com".',
  ],
  [
    "a port that speaks UDP",
    [{ tls: "auto", port: "dns" }],
    "FIELD_CONFLICT expose[0]: expose[0] is for TLS, and the port speaks UDP. Name a port that speaks TCP.",
  ],
  [
    "a host that answers by itself",
    [{ host: "auto" }, { tls: "auto", port: "sql" }],
    'HOST_TAKEN expose[1]: expose[1] answers for "web-shop.dev.example.com" with its own TLS, and workload "shop/web" with the platform\'s certificate. Give both the same Secrets in one app, or one of them another host.',
  ],
  [
    "one host twice",
    [
      { tls: "auto", port: "sql" },
      { tls: "auto", port: 8080 },
    ],
    "HOST_TAKEN expose[1].tls: expose[1] asks for web-shop.dev.example.com by TLS, which this workload asks for twice. Give one of them another address.",
  ],
  ["a port that is not there", [{ tls: "auto", port: "mail" }], "PORT_UNKNOWN"],
])("TLS passed on to %s is refused", (_, expose, answer) => {
  const ports = { sql: 5432, dns: { port: 53, protocol: "udp" } };
  const said = refused({ name: "shop", workloads: { web: service({ ports, expose }) } });
  expect(said).toEqual([expect.stringContaining(answer)]);
});

test.each<[what: string, apps: object[], answer: string[]]>([
  [
    "two certificates",
    [
      {
        web: own("shop.dev.example.com", { certificate: "a" }),
        api: own("shop.dev.example.com", { certificate: "b" }, "/api"),
      },
    ],
    [
      'HOST_TAKEN expose[0]: expose[0] answers for "shop.dev.example.com" with the certificate in Secret "a", and workload "one/api" with the certificate in Secret "b".',
    ],
  ],
  [
    "a certificate and the platform's",
    [{ web: own("auto", {}), api: own("web-one.dev.example.com", { certificate: "b" }, "/api") }],
    [
      'HOST_TAKEN expose[0]: expose[0] answers for "web-one.dev.example.com" with the platform\'s certificate, and workload "one/api" with the certificate in Secret "b".',
    ],
  ],
  [
    "clients asked and not asked",
    [{ web: own("shop.dev.example.com", clients), api: own("shop.dev.example.com", {}, "/api") }],
    [
      'HOST_TAKEN expose[0]: expose[0] answers for "shop.dev.example.com" with the platform\'s certificate, asking clients for theirs by {"authority":"clients"}, and workload "one/api" with the platform\'s certificate.',
    ],
  ],
  [
    "Secrets of one name in two apps",
    [
      { web: own("shop.dev.example.com", { certificate: "a" }) },
      { web: own("shop.dev.example.com", { certificate: "a" }, "/api") },
    ],
    [expect.stringMatching(/^HOST_TAKEN .*workload "one\/web" with/) as unknown as string],
  ],
  [
    "one certificate for two workloads of an app",
    [
      {
        web: own("shop.dev.example.com", { certificate: "a" }),
        api: own("shop.dev.example.com", { certificate: "a" }, "/api"),
      },
    ],
    [],
  ],
  [
    "the platform's for two apps",
    [{ web: own("shop.dev.example.com", {}) }, { web: own("shop.dev.example.com", {}, "/api") }],
    [],
  ],
])("one host with %s", (_, apps, answer) => {
  const names = ["one", "two"];
  const said = refused(...apps.map((workloads, index) => ({ name: names[index], workloads })));
  expect(said.map((text) => text.replace(/ Give both.*$/, ""))).toEqual(answer);
});

test("what takes a gateway is refused where there is none", () => {
  const refusal = (capabilities: object): string[] =>
    errorsOf(() =>
      resolveApps({
        definitions: [{ file: "a.ts", definition: withTraffic({ timeout: "2s" }) }],
        stack: { environment: "dev", domain: "dev.example.com", capabilities },
        release: emptyRelease,
      }),
    ).map(({ code, message, fix }) => `${code} ${message} ${fix}`);
  expect(refusal({})).toEqual([
    'ENGINE_LACKING expose[0] has traffic, which takes a gateway. Add "envoy-gateway" to the engines of the stack.',
  ]);
  expect(refusal({ gateway: true })).toEqual([]);
});

test("what is wrong with a regular expression is told in a clause", () => {
  expect(regexProblem("a+")).toBeUndefined();
  expect(regexProblem("a**")).toMatch(/^invalid nested repetition/);
});

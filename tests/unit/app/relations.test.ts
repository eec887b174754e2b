import { resolveApps } from "../../../components/app/model/resolve";
import { emptyRelease } from "../../../components/app/release";
import { errorsOf, image, refused, render } from "../../support/apps";

const web = { kind: "service", image, port: 8080 };
const app = (workloads: object, name = "shop"): object => ({ name, workloads });

describe("what fields say together", () => {
  test.each<[what: string, workloads: object, answer: string[]]>([
    [
      "bounds the wrong way round",
      { web: { ...web, scale: { min: 5, max: 2 } } },
      ["FIELD_CONFLICT scale.min: scale.min (5) is above scale.max (2). Raise max or lower min."],
    ],
    [
      "a fixed number and a scale",
      { web: { ...web, replicas: 2, scale: { min: 1 } } },
      ["FIELD_CONFLICT replicas: replicas and scale are both given. Keep one of them."],
    ],
    [
      "zero with nothing that wakes",
      { web: { ...web, scale: { min: 0, max: 3, on: [{ cpu: "70%" }] } } },
      [
        "FIELD_CONFLICT scale.min: scale.min is 0, and nothing in scale.on would ever wake it: a sleeping workload uses no CPU and no memory. Add { concurrency: … }, { queue: … } or { cron: … }, or raise min to 1.",
      ],
    ],
    [
      "requests without a port",
      { web: { kind: "service", image, scale: { min: 1, max: 3, on: [{ rps: 10 }] } } },
      [
        "FIELD_CONFLICT scale.on[0]: scale.on[0] counts requests, and the service listens on no port. Give it a `port`, or scale on something else.",
      ],
    ],
    [
      "requests to a worker",
      { work: { kind: "worker", image, scale: { min: 1, max: 3, on: [{ latency: { p95: "250ms" } }] } } },
      [
        "FIELD_CONFLICT scale.on[0]: scale.on[0] counts requests, and the worker listens on no port. Give it a `port`, or scale on something else.",
      ],
    ],
    [
      "a queue behind no link",
      {
        work: {
          kind: "worker",
          image,
          scale: { min: 0, max: 3, on: [{ queue: { link: "Q", name: "s/c", length: 5 } }] },
        },
      },
      [
        'LINK_UNKNOWN scale.on[0].queue.link: scale.on[0].queue.link is "Q", and the workload has no such link. Add the link to `links`.',
      ],
    ],
    [
      "image and source",
      { web: { ...web, source: { folder: "./src" } } },
      ["FIELD_CONFLICT source: image and source are both given. Keep one of them."],
    ],
    [
      "neither image nor source",
      { web: { kind: "service", port: 8080 } },
      ["FIELD_MISSING image: image is missing. Give an image, or a source to build one from."],
    ],
    [
      "a tag that nothing pins",
      { web: { ...web, image: "registry.example.com/shop/web:1" } },
      [
        'IMAGE_UNPINNED image: image is "registry.example.com/shop/web:1", whose tag may name another image tomorrow. Write its digest ("@sha256:…"), or run `petrichor lock dev`.',
      ],
    ],
    [
      "source that nothing builds",
      { web: { kind: "service", port: 80, source: { git: "https://git.example.com/shop.git" } } },
      [
        'SOURCE_UNSUPPORTED source: source is of a kind that nothing here builds yet. Use folder("…"), or build the image elsewhere and give its digest in `image`.',
      ],
    ],
    [
      "a link to nowhere",
      { web: { ...web, links: { API: "apj" } }, api: web },
      ['LINK_UNKNOWN links.API: links.API leads to "apj", which is not there. Did you mean "api"?'],
    ],
    [
      "a link to a workload without a port",
      { web: { ...web, links: { WORK: "work" } }, work: { kind: "worker", image } },
      [
        'PORT_UNKNOWN links.WORK: links.WORK leads to "work", a worker that listens on no port. Give it a `port`, or take the link out.',
      ],
    ],
    [
      "a link to a port that is not there",
      { web: { ...web, links: { API: { to: "api", port: "admin" } } }, api: web },
      ['PORT_UNKNOWN links.API.port: links.API.port is "admin", and "api" has no such port. Take one of http.'],
    ],
    [
      "workloads that wait for each other",
      { a: { ...web, links: { B: "b" } }, b: { ...web, links: { C: "c" } }, c: { ...web, links: { A: "a" } } },
      [
        "LINK_CYCLE links.A: links.A closes a circle of workloads that wait for each other: shop/a → shop/b → shop/c → shop/a. Write wait: false in one of these links.",
      ],
    ],
    [
      "a workload that waits for itself",
      { a: { ...web, links: { ME: "a" } } },
      [
        "LINK_CYCLE links.ME: links.ME closes a circle of workloads that wait for each other: shop/a → shop/a. Write wait: false in one of these links.",
      ],
    ],
    [
      "one port twice",
      { web: { ...web, ports: { admin: 8080 } } },
      [
        'PORT_DUPLICATE ports.admin: port 8080 is there twice, as "http" and as "admin". Keep one of them, or give one another number.',
      ],
    ],
    [
      "a port with the main one's name",
      { web: { ...web, ports: { http: 9090 } } },
      [
        "PORT_DUPLICATE ports.http: ports.http bears the name that the main port has, which is named after its protocol. Give it another name.",
      ],
    ],
    [
      "an address without a port",
      { web: { kind: "service", image, expose: [{ host: "auto" }] } },
      [
        "PORT_UNKNOWN expose[0]: expose[0] has no port behind it: the workload listens on none. Give the workload a `port`.",
      ],
    ],
    [
      "an address at an unknown port",
      { web: { ...web, expose: [{ host: "auto", port: "admin" }] } },
      [
        'PORT_UNKNOWN expose[0].port: expose[0].port is "admin", and the workload has no such port. Take one of http (8080).',
      ],
    ],
    [
      "a host of somebody else",
      { web: { ...web, expose: [{ host: "shop.example.org" }] } },
      [
        'HOST_FOREIGN expose[0].host: expose[0].host is "shop.example.org", which is outside "dev.example.com", the domain of the stack. Take a host below it, for example "web-shop.dev.example.com".',
      ],
    ],
    [
      "a host twice",
      { web: { ...web, expose: [{ host: "auto" }, { host: "web-shop.dev.example.com" }] } },
      [
        "HOST_TAKEN expose[1].host: expose[1] asks for web-shop.dev.example.com/, which this workload asks for twice. Give one of them another address.",
      ],
    ],
    [
      "a load balancer's port twice",
      { web: { ...web, expose: [{ l4: 30000 }] }, api: { ...web, expose: [{ l4: 30000 }] } },
      [
        'HOST_TAKEN expose[0].l4: expose[0] asks for port 30000/tcp, which workload "shop/api" has already. Give one of them another address.',
      ],
    ],
    [
      "names that come to the same",
      { "a-b": web, a: { ...web, preDeploy: { b: {} } } },
      ['NAME_TAKEN : its object "a-b" would have the name of one of workload "a". Rename one of the two.'],
    ],
    [
      "a schedule that never runs",
      { report: { kind: "cron", image, schedule: "0 25 * * *" } },
      [
        'FIELD_FORMAT schedule: schedule is "0 25 * * *", whose hour is not within 0 to 23. Write minute, hour, day, month and weekday, for example "0 6 * * 1-5".',
      ],
    ],
    [
      "a schedule with too few fields",
      { report: { kind: "cron", image, schedule: "0 6 * *" } },
      [
        'FIELD_FORMAT schedule: schedule is "0 6 * *", which has 4 fields and not 5. Write minute, hour, day, month and weekday, for example "0 6 * * 1-5".',
      ],
    ],
    [
      "a time zone that is none",
      { report: { kind: "cron", image, schedule: "0 6 * * *", timezone: "Berlin" } },
      [
        'FIELD_VALUE timezone: timezone is "Berlin", which is no time zone. Write its IANA name, for example "Europe/Berlin".',
      ],
    ],
  ])("%s", (_, workloads, answer) => {
    expect(refused(app(workloads))).toEqual(answer);
  });

  test("a circle that somebody does not wait in is none", () => {
    expect(
      refused(app({ a: { ...web, links: { B: "b" } }, b: { ...web, links: { A: { to: "a", wait: false } } } })),
    ).toEqual([]);
  });

  test("a circle through several apps", () => {
    const bank = app({ pay: { ...web, links: { SITE: "shop/site" } } }, "bank");
    expect(refused(app({ site: { ...web, links: { PAY: "bank/pay" } } }), bank)).toEqual([
      "LINK_CYCLE links.PAY: links.PAY closes a circle of workloads that wait for each other: bank/pay → shop/site → bank/pay. Write wait: false in one of these links.",
    ]);
  });

  test("apps that link to each other without a circle of workloads", () => {
    const bank = app({ pay: { ...web, links: { RATES: "shop/rates" } } }, "bank");
    expect(refused(app({ site: { ...web, links: { PAY: "bank/pay" } }, rates: web }), bank)).toEqual([]);
  });

  test("an image that `up` has yet to build, and one that comes from another environment", () => {
    const definitions = [
      { file: "apps/shop/app.ts", definition: app({ web: { kind: "service", source: { folder: "./src" } } }) },
    ];
    const releasedIn = (name: string, workload: string) => (`${name}/${workload}` === "shop/web" ? "test" : undefined);
    const fixes = [{ builds: true }, {}, { releasedIn }].map((more) => {
      const stack = { environment: "dev", domain: "dev.example.com", ...more };
      return errorsOf(() => resolveApps({ definitions, stack, release: emptyRelease })).map(
        ({ code, fix }) => `${code} ${fix}`,
      );
    });
    expect(fixes).toEqual([
      ["RELEASE_MISSING Build it: `petrichor up dev`."],
      [
        "RELEASE_MISSING No other environment has one yet: run the app in one, then promote it from there, `petrichor promote FROM dev --app shop`.",
      ],
      ["RELEASE_MISSING Promote it: `petrichor promote test dev --app shop`."],
    ]);
  });

  test("two apps of one name", () => {
    expect(refused(app({ web }), app({ web }))).toEqual([
      'APP_DUPLICATE name: name is "shop", which apps/app-0/app.ts has too. Give one of the two apps another name.',
    ]);
  });

  test.each(["kube-system", "default", "petrichor-gateway", "keda"])("an app named %s", (name) => {
    expect(refused(app({ web }, name))).toEqual([
      `NAME_RESERVED name: name is "${name}", a namespace of Kubernetes or of the platform. Take another name.`,
    ]);
  });

  test("two apps whose automatic hosts collide", () => {
    const exposed = { ...web, expose: [{ host: "auto" }] };
    expect(refused(app({ "a-b": exposed }, "c"), app({ a: exposed }, "b-c"))).toEqual([
      'HOST_TAKEN expose[0].host: expose[0] asks for a-b-c.dev.example.com/, which workload "b-c/a" has already. Give one of them another address.',
    ]);
  });

  test("everything is told at once", () => {
    const bad = { web: { ...web, scale: { min: 5, max: 2 }, links: { API: "api" }, expose: [{ host: "x.org" }] } };
    expect(refused(app(bad)).map((line) => line.split(" ")[0])).toEqual([
      "LINK_UNKNOWN",
      "FIELD_CONFLICT",
      "HOST_FOREIGN",
    ]);
  });
});

test("a workload may be told to have no replicas", () => {
  expect(refused(app({ web: { ...web, replicas: 0 } }))).toEqual([]);
});

test("a variable of the author's takes the place of the platform's, so that none is there twice", () => {
  const objects = render(
    app({ web: { ...web, env: { PORT: "9090", API_HOST: "x" }, links: { API: "api" } }, api: web }),
  );
  const deployment = objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === "web");
  const [container] = (
    deployment?.["spec"] as { template: { spec: { containers: { env: { name: string; value: string }[] }[] } } }
  ).template.spec.containers;
  const names = container?.env.map(({ name }) => name) ?? [];
  expect(names).toEqual([...new Set(names)]);
  expect(container?.env).toEqual(
    expect.arrayContaining([
      { name: "PORT", value: "9090" },
      { name: "API_HOST", value: "x" },
      { name: "API_PORT", value: "8080" },
    ]),
  );
});

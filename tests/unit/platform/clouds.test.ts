import { resolveApps } from "../../../components/app/model/resolve";
import { emptyRelease } from "../../../components/app/release";
import { addressRanges } from "../../../components/cluster/address-ranges";
import type { ClusterFacts } from "../../../components/cluster/facts";
import { knownFacts } from "../../../components/cluster/known-facts";
import { hasDomainCertificate, secretOf } from "../../../components/platform/certificates";
import { gatewayProblems } from "../../../components/platform/check";
import type { EngineId } from "../../../components/platform/definition";
import type { EngineContext } from "../../../components/platform/engine";
import { engines } from "../../../components/platform/engines";
import { enginesNamed, renderPlatform } from "../../../components/platform/installed";
import { capabilitiesOf } from "../../../components/platform/objects";
import { requireIdentity } from "../../../components/platform/workload-identity";
import { zoneOf } from "../../../components/platform/zones";
import { engineProblems } from "../../../stacks/project/engines";
import { embedded, existing, stackSchema } from "../../../stacks/stack";
import { errorsOf, facts, factsWithWork, image } from "../../support/apps";

const settings = { domain: "dev.example.com", owner: "dev-one" };
const certified = { gateway: true, certificates: true };

function answers(call: () => unknown): string[] {
  return errorsOf(call).map(({ code, message }) => `${code} ${message}`);
}

describe("certificates", () => {
  test.each<[name: string, zones: string[], zone: string | undefined]>([
    ["dev.example.com", ["example.com"], "example.com"],
    ["dev.example.com", ["example.com", "dev.example.com"], "dev.example.com"],
    ["dev.example.com", ["ev.example.com", "a.dev.example.com"], undefined],
    ["dev.example.com", [], undefined],
  ])("%s with the zones %j", (name, dnsZones, zone) => {
    expect(zoneOf(name, { dnsZones })).toBe(zone);
  });

  test.each<[what: string, capabilities: object, dnsZones: string[], own: boolean, deep: string]>([
    ["given by hand", { gateway: true }, [], true, "public-certificate"],
    ["proved by a record", certified, ["example.com"], true, "certificate.a.b.dev.example.com"],
    ["proved by an answer", certified, ["example.org"], false, "certificate.a.b.dev.example.com"],
  ])("%s", (_, capabilities, dnsZones, isOneForAll, deep) => {
    const context = { capabilities, settings, facts: { ...facts, dnsZones } };
    expect(hasDomainCertificate(context)).toBe(isOneForAll);
    expect(secretOf("web-shop.dev.example.com", context)).toBe(
      isOneForAll ? "public-certificate" : "certificate.web-shop.dev.example.com",
    );
    expect(secretOf("a.b.dev.example.com", context)).toBe(deep);
  });

  test("are wanted in somebody's name", () => {
    const context = { facts, settings, capabilities: certified } as unknown as EngineContext;
    expect(answers(() => engines["cert-manager"].resources?.(context))).toEqual([
      expect.stringMatching(/^FIELD_MISSING .*in whose name/),
    ]);
  });
});

describe("who writes records", () => {
  test.each<[what: string, more: Partial<ClusterFacts>, answer: string]>([
    ["without an identity", { identity: "none" }, "fact identity "],
    ["in Azure without a place", { azureDns: undefined as never }, "fact azureDns "],
    ["in Azure before the first lock", { identities: {} }, "fact identities.dns "],
  ])("%s", (_, more, answer) => {
    const [said] = answers(() => requireIdentity("dns", { ...factsWithWork, ...more }));
    expect(said).toContain("CLUSTER_FACTS_UNKNOWN the cluster names DNS zones");
    expect(said).toContain(answer);
  });

  test("is known", () => {
    expect(requireIdentity("dns", factsWithWork)).toMatchObject({ clientId: "client-id-of-dns" });
    expect(requireIdentity("dns", { ...facts, identity: "aws-pod-identity" })).toEqual({});
  });
});

describe("addresses for load balancers", () => {
  const definition = (loadBalancerAddresses: string[]) => ({
    kind: "existing" as const,
    facts: { ...facts, loadBalancer: "none", loadBalancerAddresses },
  });
  const known = (...addresses: string[]): ClusterFacts =>
    knownFacts({ environment: "prod", cluster: "hall", definition: definition(addresses) });

  test.each([
    [["192.168.10.0/28"]],
    [["192.168.10.240-192.168.10.250"]],
    [["192.168.10.1-192.168.10.1"]],
    [["192.168.10.16/28", "192.168.10.0-192.168.10.15"]],
  ])("%j make the cluster one with load balancers", (addresses) => {
    expect(known(...addresses)).toMatchObject({ loadBalancer: "cloud", loadBalancerAddresses: addresses });
  });

  test.each<[addresses: string[], answer: string]>([
    [["192.168.10.1/28"], '"192.168.10.1/28" is neither a block nor a range'],
    [["192.168.10.9-192.168.10.1"], '"192.168.10.9-192.168.10.1" is neither'],
    [["192.168.10.1-192.168.10.300"], "is neither"],
    [["192.168.10.1-192.168.10.2-192.168.10.3"], "is neither"],
    [["all"], '"all" is neither'],
    [["192.168.10.0/28", "192.168.10.15-192.168.10.20"], '"192.168.10.0/28" and "192.168.10.15-192.168.10.20" share'],
    [["192.168.10.0/24", "192.168.12.0/24", "192.168.10.8/32"], '"192.168.10.0/24" and "192.168.10.8/32" share'],
  ])("%j are refused", (addresses, answer) => {
    const [said] = answers(() => known(...addresses));
    expect(said).toMatch(/^CLUSTER_NETWORK_INVALID loadBalancerAddresses of cluster "hall": /);
    expect(said).toContain(answer);
  });

  test("are read with their ends", () => {
    expect(addressRanges(["10.0.0.0/30", "10.0.0.8-10.0.0.9"])).toEqual([
      { text: "10.0.0.0/30", first: 0x0a00_0000, last: 0x0a00_0003 },
      { text: "10.0.0.8-10.0.0.9", first: 0x0a00_0008, last: 0x0a00_0009 },
    ]);
  });

  test("zones need somebody who may write to them", () => {
    const definition = { kind: "existing" as const, facts: { ...facts, dnsZones: ["example.com"] } };
    expect(answers(() => knownFacts({ environment: "prod", cluster: "hall", definition }))).toEqual([
      expect.stringMatching(/^CLUSTER_FACTS_CONTRADICT .*pods can't prove who they are/),
    ]);
  });
});

interface Written {
  readonly certificates?: object | "none";
  readonly engines?: readonly string[];
}

describe("engines of a stack", () => {
  const stack = ({ certificates = { email: "platform@example.com" }, ...more }: Written) =>
    stackSchema.parse({
      environment: "dev",
      clusters: { hall: existing({ context: "hall", facts: { loadBalancerAddresses: ["10.0.0.0/28"] } }) },
      domain: "dev.example.com",
      engines: ["cert-manager", "metallb"],
      ...(certificates === "none" ? {} : { certificates }),
      ...more,
    });
  const said = (more: Written): string[] =>
    engineProblems(stack(more)).map(({ code, place, message }) => `${code} ${place.field ?? ""}: ${message}`);

  test("know what they need to", () => {
    expect(said({})).toEqual([]);
    expect(stack({}).certificates).toEqual({ email: "platform@example.com", directory: "production" });
  });

  test.each<[what: string, more: Written, answer: RegExp]>([
    ["certificates in nobody's name", { certificates: "none" }, /^STACK_INVALID certificates: .*in whose name/],
    ["a name and no engine", { engines: ["metallb"] }, /^ENGINE_LACKING certificates: /],
    ["addresses and no engine", { engines: ["cert-manager"] }, /^ENGINE_LACKING clusters\.hall\.facts\.loadBalancerA/],
  ])("%s", (_, more, answer) => {
    expect(said(more)).toEqual([expect.stringMatching(answer)]);
  });

  test.each([
    [{ email: "nobody" }],
    [{ email: "platform@example.com", directory: "http://acme.example.com/directory" }],
    [{ email: "platform@example.com", directory: "test" }],
  ])("certificates %j are refused by the schema", (certificates) => {
    expect(() => stack({ certificates })).toThrow(/certificates/);
  });

  test("are left out where a cluster has no work for them", () => {
    const wanted = (one: ClusterFacts): string[] =>
      Object.values(engines)
        .filter(({ isWanted }) => isWanted?.(one) ?? true)
        .map(({ id }) => id);
    expect(wanted(factsWithWork)).toEqual(Object.keys(engines));
    expect(Object.keys(engines).filter((id) => !wanted(facts).includes(id))).toEqual(["external-dns", "metallb"]);
  });

  test("that have no image for this machine's own clusters are refused there", () => {
    const ids: EngineId[] = ["cert-manager", "external-dns"];
    const definition = embedded();
    expect(definition.kind).toBe("embedded");
    expect(answers(() => renderPlatform({ ids, facts, settings, embedded: true }))).toEqual([
      'ENGINE_LACKING the engine "cert-manager", which gets certificates and renews them, has no image for clusters of this machine\'s own.',
    ]);
  });
});

describe("at the gateway of a cluster", () => {
  const web = (...expose: object[]) => ({ kind: "service", image, port: 8080, expose });
  const problems = (apps: object[], more: Partial<ClusterFacts>, capabilities: object = certified): string[] => {
    const models = resolveApps({
      definitions: apps.map((definition, index) => ({ file: `apps/${index}/app.ts`, definition })),
      stack: {
        environment: "dev",
        domain: "dev.example.com",
        domains: ["example.org"],
        capabilities: capabilitiesOf(enginesNamed(["cert-manager"])),
      },
      release: emptyRelease,
    });
    return gatewayProblems(models, { facts: { ...facts, ...more }, settings, capabilities }).map(
      ({ code, place, message }) => `${code} ${place.app ?? ""} ${place.field ?? ""}: ${message}`,
    );
  };

  const ports = (count: number): object[] => [
    { name: "shop", workloads: { web: web(...Array.from({ length: count }, (_, index) => ({ l4: 30_000 + index }))) } },
  ];

  test("there are as many ports as its load balancer serves, two of them for hosts", () => {
    expect(problems(ports(48), { loadBalancerPorts: 50 })).toEqual([]);
    expect(problems(ports(49), { loadBalancerPorts: 50 })).toEqual([
      "PORT_LIMIT shop expose[48]: apps ask for 49 ports at the load balancer of dev-one, which serves 50, 2 of them for hosts.",
    ]);
    expect(problems(ports(60), {})).toEqual([]);
    expect(problems(ports(60), { loadBalancerPorts: 50 }, {})).toEqual([]);
  });

  const shared = [
    { name: "shop", workloads: { web: web({ host: "own.dev.example.com" }) } },
    { name: "wiki", workloads: { web: web({ host: "own.dev.example.com", path: "/wiki" }) } },
  ];

  test("a host of several apps has one certificate", () => {
    expect(problems(shared, { dnsZones: ["dev.example.com"] })).toEqual([]);
    expect(problems(shared, {})).toEqual([
      'HOST_TAKEN wiki expose[0]: "own.dev.example.com" has a certificate of its own, which app "shop" brings already.',
    ]);
  });
});

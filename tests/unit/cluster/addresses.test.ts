import {
  freeLink,
  isLinkFree,
  loopbackAddress,
  parseAddress,
  parseRoutes,
  type Subnet,
} from "../../../toolchain/cluster/addresses";

const subnet = (text: string): Subnet => {
  const [address = "", prefix] = text.split("/");
  return { base: parseAddress(address), prefix: Number(prefix) };
};

it("gives a link of four addresses that depends on the seed alone while nothing is taken", () => {
  const link = freeLink("a", []);
  expect(link).toEqual(freeLink("a", []));
  expect(link).not.toEqual(freeLink("b", []));
  expect(link?.host).toMatch(/^10\.213\./);
  expect(parseAddress(link?.host ?? "") % 4).toBe(1);
  expect(parseAddress(link?.node ?? "") - parseAddress(link?.host ?? "")).toBe(1);
});

it("passes over what is taken, whether it is smaller or larger than a link", () => {
  const first = freeLink("a", []);
  if (first === undefined) throw new Error("no link");
  for (const taken of [`${first.node}/32`, `${first.host}/30`, `${first.host}/24`]) {
    const next = freeLink("a", [subnet(taken)]);
    expect(next).toBeDefined();
    expect(next).not.toEqual(first);
    expect(isLinkFree(first, [subnet(taken)])).toBe(false);
  }
});

it("goes round when the search starts near the end of the pool", () => {
  const upperHalf = subnet("10.213.128.0/17");
  for (const seed of ["a", "b", "c", "d"]) {
    expect(isLinkFree(freeLink(seed, [upperHalf]) ?? { host: "", node: "", prefix: 30 }, [upperHalf])).toBe(true);
  }
});

it.each(["10.213.0.0/16", "10.0.0.0/8", "0.0.0.0/1"])("finds no link where %s is another network", (taken) => {
  expect(freeLink("a", [subnet(taken)])).toBeUndefined();
});

it("minds no network beside the pool", () => {
  expect(freeLink("a", [subnet("10.212.0.0/16"), subnet("10.214.0.0/16"), subnet("127.0.0.1/8")])).toEqual(
    freeLink("a", []),
  );
});

it("gives every seed an address of the loopback network other than 127.0.0.x", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const octets = loopbackAddress(String(seed)).split(".").map(Number);
    expect(octets[0]).toBe(127);
    for (const octet of octets.slice(1)) {
      expect(octet).toBeGreaterThanOrEqual(1);
      expect(octet).toBeLessThanOrEqual(254);
    }
  }
});

it("reads the kernel's table of routes", () => {
  const table = [
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
    "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
    "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
    "",
  ].join("\n");
  expect(parseRoutes(table)).toEqual([
    { interface: "eth0", destination: { base: 0, prefix: 0 } },
    { interface: "eth0", destination: subnet("192.0.2.0/24") },
  ]);
});

import * as fc from "fast-check";
import {
  address,
  allocate,
  contains,
  formatBlock,
  isPrivate,
  overlaps,
  parseBlock,
  size,
  type Block,
} from "../../components/cluster/cidr";

const block = (text: string): Block => {
  const parsed = parseBlock(text);
  if (parsed === undefined) throw new Error(`not a block: ${text}`);
  return parsed;
};

const anyBlock = fc
  .record({ address: fc.integer({ min: 0, max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 0, max: 32 }) })
  .map(({ address: at, prefix }) => ({ first: at - (at % 2 ** (32 - prefix)), prefix }));

describe("parseBlock", () => {
  test.each([
    ["10.0.0.0/16", { first: 0x0a000000, prefix: 16 }],
    ["0.0.0.0/0", { first: 0, prefix: 0 }],
    ["255.255.255.255/32", { first: 0xffffffff, prefix: 32 }],
  ])("reads %s", (text, expected) => {
    expect(parseBlock(text)).toEqual(expected);
  });

  test.each([
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/016",
    "10.0.0.1/16",
    "10.0.0/16",
    "256.0.0.0/8",
    "::/0",
    "10.0.0.0/16/8",
    "",
  ])("refuses %j", (text) => {
    expect(parseBlock(text)).toBeUndefined();
  });

  test("reads back whatever is written", () => {
    fc.assert(
      fc.property(anyBlock, (value) => {
        expect(parseBlock(formatBlock(value))).toEqual(value);
      }),
    );
  });
});

test.each([
  ["10.0.0.0/16", "10.0.255.0/24", true],
  ["10.0.0.0/16", "10.1.0.0/16", false],
  ["0.0.0.0/0", "203.0.113.0/24", true],
  ["10.0.0.0/8", "11.0.0.0/8", false],
])("%s and %s overlap: %s", (a, b, expected) => {
  expect(overlaps(block(a), block(b))).toBe(expected);
  expect(overlaps(block(b), block(a))).toBe(expected);
});

test.each([
  ["10.0.0.0/8", true],
  ["172.16.0.0/12", true],
  ["172.32.0.0/16", false],
  ["192.168.4.0/24", true],
  ["192.0.0.0/8", false],
  ["100.64.0.0/10", false],
])("%s is a private network: %s", (text, expected) => {
  expect(isPrivate(block(text))).toBe(expected);
});

test("address counts from the first one", () => {
  expect(address(block("172.20.0.0/16"), 10)).toBe("172.20.0.10");
  expect(address(block("10.0.0.0/16"), 256)).toBe("10.0.1.0");
});

describe("allocate", () => {
  test("keeps the order asked for", () => {
    expect(allocate(block("10.0.0.0/16"), [24, 18, 24])?.map(formatBlock)).toEqual([
      "10.0.64.0/24",
      "10.0.0.0/18",
      "10.0.65.0/24",
    ]);
  });

  test("says when there is no room", () => {
    expect(allocate(block("10.0.0.0/16"), [17, 17, 24])).toBeUndefined();
    expect(allocate(block("10.0.0.0/16"), [8])).toBeUndefined();
  });

  test("blocks lie inside, are aligned, and never overlap; it fails only when the sizes exceed the block", () => {
    const requests = fc.array(fc.integer({ min: 16, max: 28 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(requests, (prefixes) => {
        const within = block("10.0.0.0/16");
        const wanted = prefixes.reduce((sum, prefix) => sum + 2 ** (32 - prefix), 0);
        const blocks = allocate(within, prefixes);
        if (blocks === undefined) {
          expect(wanted).toBeGreaterThan(size(within));
          return;
        }
        expect(blocks.map(({ prefix }) => prefix)).toEqual(prefixes);
        for (const [index, one] of blocks.entries()) {
          expect(contains(within, one)).toBe(true);
          expect(parseBlock(formatBlock(one))).toEqual(one);
          for (const other of blocks.slice(index + 1)) expect(overlaps(one, other)).toBe(false);
        }
      }),
    );
  });
});

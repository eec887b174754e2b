import fc from "fast-check";
import { allocatePorts, type PortAllocation } from "../../../components/platform/ports/allocate";

const pool = { first: 30_000, last: 30_399 };
const nothing: PortAllocation = { given: {}, resting: [] };
const everyone = Array.from({ length: 200 }, (_, index) => `app-${String(index)}/web/main`);
const holders = fc.subarray(everyone, { minLength: 50 });

test("the lowest free port is given, and a freed one rests while others are free", () => {
  const first = allocatePorts({ pool, holders: ["b", "a"], previous: nothing });
  expect(first.given).toEqual({ a: 30_000, b: 30_001 });
  const second = allocatePorts({ pool, holders: ["b", "c"], previous: first });
  expect(second).toEqual({ given: { b: 30_001, c: 30_002 }, resting: [30_000], refused: [] });
});

test("the port that rested longest is given where no other is left; then holders are refused by name", () => {
  const previous = { given: { a: 1 }, resting: [3, 2] };
  const result = allocatePorts({ pool: { first: 1, last: 3 }, holders: ["a", "b", "c", "d"], previous });
  expect(result).toEqual({ given: { a: 1, b: 3, c: 2 }, resting: [], refused: ["d"] });
});

test("200 apps that come and go: no clash, nothing moves", () => {
  fc.assert(
    fc.property(fc.array(holders, { minLength: 2, maxLength: 6 }), (rounds) => {
      let previous = nothing;
      for (const wanted of rounds) {
        const next = allocatePorts({ pool, holders: wanted, previous });
        const ports = Object.values(next.given);
        expect(new Set([...ports, ...next.resting]).size).toBe(ports.length + next.resting.length);
        expect(Object.keys(next.given).sort()).toEqual([...wanted].sort());
        for (const holder of wanted.filter((name) => name in previous.given))
          expect(next.given[holder]).toBe(previous.given[holder]);
        previous = next;
      }
    }),
    { numRuns: 30 },
  );
});

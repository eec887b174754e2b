import { enginesOf, inNeedOrder } from "../../../components/platform/order";
import { fakeEngine } from "../../support/fake-engine";

const definitions = fakeEngine("definitions");
const metrics = fakeEngine("metrics");
const gateway = fakeEngine("gateway", definitions);
const autoscaler = fakeEngine("autoscaler", gateway, metrics);

describe("the order of engines", () => {
  test("puts each behind those it needs, once", () => {
    expect(inNeedOrder([autoscaler, gateway]).map(({ id }) => id)).toEqual([
      ...["definitions", "gateway", "metrics", "autoscaler"],
    ]);
  });

  test("keeps the order of engines that don't need each other", () => {
    expect(inNeedOrder([metrics, definitions]).map(({ id }) => id)).toEqual(["metrics", "definitions"]);
  });
});

describe("engines of a stack", () => {
  const known = [definitions, metrics, gateway, autoscaler];

  test("are all but those turned off", () => {
    expect(enginesOf(known, ["autoscaler"]).map(({ id }) => id)).toEqual(["definitions", "metrics", "gateway"]);
  });

  test("can't lack one that another needs", () => {
    expect(() => enginesOf(known, ["metrics"], { file: "stacks/dev.ts" })).toThrow(
      expect.objectContaining({
        code: "ENGINE_NEEDED",
        message: 'engine "metrics" is turned off, and "autoscaler" needs it.',
        fix: 'Keep "metrics", or turn off "autoscaler" too.',
        place: { file: "stacks/dev.ts" },
      }) as Error,
    );
  });
});

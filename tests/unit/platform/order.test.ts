import { inNeedOrder } from "../../../components/platform/order";
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

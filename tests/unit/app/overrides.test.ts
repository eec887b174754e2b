import { resolveApps } from "../../../components/app/model/resolve";
import type { StackInput } from "../../../components/app/model/input";
import { emptyRelease } from "../../../components/app/release";
import { errorsOf, image } from "../../support/apps";

const web = { kind: "service", image, port: 8080, scale: { min: 1, max: 3 } };

function told(overrides: NonNullable<StackInput["overrides"]>, more: Partial<StackInput> = {}, app: object = {}) {
  const errors = errorsOf(() =>
    resolveApps({
      definitions: [{ file: "apps/shop/app.ts", definition: { name: "shop", workloads: { web, api: web }, ...app } }],
      stack: { environment: "dev", domain: "dev.example.com", overrides, ...more },
      release: emptyRelease,
    }),
  );
  return errors.map(({ code, place, message, fix }) => ({ code, place: { ...place }, said: `${message} ${fix}` }));
}

test("a workload that is overridden and not there is a mistake of the stack", () => {
  const answer = {
    code: "WORKLOAD_UNKNOWN",
    place: { file: "stacks/dev.ts", field: "overrides.shop.wep" },
    said: 'the stack overrides workload "wep" of app "shop", which has none of that name. Take the override out, or name one of web, api.',
  };
  expect(told({ shop: { wep: { replicas: 1 }, web: {} } })).toEqual([answer]);
  expect(told({ shop: { wep: {} } }, { file: "stacks/other.ts" })).toEqual([
    { ...answer, place: { ...answer.place, file: "stacks/other.ts" } },
  ]);
});

test("apps that the stack says nothing of stay as they are", () => {
  expect(told({ bank: { pay: { replicas: 1 } } })).toEqual([]);
});

test("a mistake is where the value is written that counts", () => {
  const place = { app: "shop", workload: "web", field: "scale.min" };
  const said = "scale.min (5) is above scale.max (3). Raise max or lower min.";
  expect(told({ shop: { web: { scale: { min: 5 } } } })).toEqual([
    { code: "FIELD_CONFLICT", place: { file: "stacks/dev.ts", ...place }, said },
  ]);
  expect(told({ shop: { web: { scale: { max: 0 } } } })[0]?.place).toEqual({
    file: "stacks/dev.ts",
    ...place,
    field: "scale.max",
  });
  expect(told({ shop: { api: { replicas: 1 } } }).map(({ place: at }) => at.file)).toEqual(["stacks/dev.ts"]);
  expect(told({}, {}, { workloads: { web: { ...web, scale: { min: 5, max: 3 } } } })).toEqual([
    { code: "FIELD_CONFLICT", place: { file: "apps/shop/app.ts", ...place }, said },
  ]);
});

test("an override takes a field away with null", () => {
  expect(told({ shop: { web: { scale: null, replicas: 2 } } })).toEqual([]);
  expect(told({ shop: { web: { image: null } } }).map(({ said }) => said)).toEqual([
    "image is missing. Give an image, or a source to build one from.",
  ]);
});

import { resolveApps } from "../../../components/app/model/resolve";
import { appObjects } from "../../../components/app/objects/app";
import { emptyRelease } from "../../../components/app/release";
import { facts, image } from "../../support/apps";

/** The annotations of the Service of a workload with this scale. */
function annotations(scale: object, autoscaling: boolean): unknown {
  const workloads = { web: { kind: "service", image, port: 8080, scale } };
  const capabilities = { autoscaling };
  const [app] = resolveApps({
    definitions: [{ file: "apps/shop/app.ts", definition: { name: "shop", workloads } }],
    stack: { environment: "dev", domain: "dev.example.com" },
    release: emptyRelease,
  });
  const objects = app === undefined ? [] : appObjects(app, facts, capabilities);
  return objects.find(({ kind }) => kind === "Service")?.metadata.annotations;
}

test("nobody waits for the pods of a workload that may sleep while it is made", () => {
  expect(annotations({ min: 0, max: 3, on: [{ concurrency: 10 }] }, true)).toEqual({ "pulumi.com/skipAwait": "true" });
  expect(annotations({ min: 0, max: 3, on: [{ concurrency: 10 }] }, false)).toBeUndefined();
  expect(annotations({ min: 1, max: 3, on: [{ concurrency: 10 }] }, true)).toBeUndefined();
});

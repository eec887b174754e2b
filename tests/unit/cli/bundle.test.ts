import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { imagesIn, writeBundle } from "../../../cli/bundle/contents";
import { pageOf } from "../../../cli/commands/open";
import { addressTable } from "../../../cli/workloads/addresses";
import type { KubeObject } from "../../../components/kube/object";
import { errorsOf, image } from "../../support/apps";

const deployment = (name: string, ...images: string[]): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: { template: { spec: { containers: images.map((one) => ({ name: "main", image: one })) } } },
});
const proxy: KubeObject = {
  apiVersion: "gateway.envoyproxy.io/v1alpha1",
  kind: "EnvoyProxy",
  metadata: { name: "proxy" },
  spec: { provider: { kubernetes: { envoyDeployment: { container: { image: "docker.io/envoyproxy/envoy:v1" } } } } },
};
const parts = new Map([
  ["engines/gateway", [proxy]],
  ["apps/shop", [deployment("web", image, "docker.io/library/sidecar:v2")]],
  ["apps/blog", [deployment("web", image)]],
]);

test("every image is listed once, with its digest and all who run it, custom kinds among them", () => {
  expect(imagesIn(parts)).toEqual([
    { image: "docker.io/envoyproxy/envoy:v1", usedBy: ["engines/gateway"] },
    { image: "docker.io/library/sidecar:v2", usedBy: ["apps/shop"] },
    { image, digest: `sha256:${"a".repeat(64)}`, usedBy: ["apps/blog", "apps/shop"] },
  ]);
});

test("an image that a program starts by itself is found in its arguments", () => {
  const args = ["--solver-image=quay.io/jetstack/solver:v1"];
  const controller = {
    ...deployment("controller"),
    spec: { template: { spec: { containers: [{ name: "main", args }] } } },
  };
  const known = ["quay.io/jetstack/solver:v1", "quay.io/jetstack/unused:v1"];
  expect(imagesIn(new Map([["engines/cert-manager", [controller]]]), known)).toEqual([
    { image: "quay.io/jetstack/solver:v1", usedBy: ["engines/cert-manager"] },
  ]);
});

test("a bundle's folder has the list and the objects of each part", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "petrichor-bundle-"));
  try {
    const contents = { stack: "prod.aws-eu", images: imagesIn(parts), manifests: [] };
    writeBundle(folder, contents, parts);
    const read = (file: string): string => readFileSync(path.join(folder, "prod.aws-eu", file), "utf8");
    expect(JSON.parse(read("bundle.json"))).toEqual(contents);
    expect(read("engines/gateway.yaml")).toContain("kind: EnvoyProxy");
    expect(read("apps/shop.yaml")).toContain(image);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe("addresses", () => {
  const addresses = [
    { app: "shop", workload: "db", url: "tcp://127.0.0.1:30000", address: { ip: "127.0.0.1", port: 30_000 } },
    { app: "shop", workload: "web", url: "https://web-shop.dev.example.com/" },
    { app: "shop", workload: "late" },
  ];

  test("are a table", () => {
    expect(addressTable(addresses).split("\n").slice(1)).toEqual([
      expect.stringMatching(/^shop\/db +tcp:\/\/127\.0\.0\.1:30000 +127\.0\.0\.1:30000$/),
      expect.stringMatching(/^shop\/web +https:\/\/web-shop\.dev\.example\.com\/$/),
      expect.stringMatching(/^shop\/late +none yet$/),
    ]);
  });

  test("one that a browser can show is an app's page", () => {
    expect(pageOf("shop", addresses)).toBe("https://web-shop.dev.example.com/");
    expect(pageOf("shop/web", addresses)).toBe("https://web-shop.dev.example.com/");
    const [error] = errorsOf(() => pageOf("shp", addresses));
    expect(String(error)).toBe('"shp" has no page. Did you mean "shop"? Take one of: shop, shop/web. [APP_UNKNOWN]');
  });
});

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildImages, type SourceWorkload } from "../../../cli/build/images";
import { createProgress } from "../../../cli/progress";
import { emptyRelease } from "../../../components/app/release";

// Which images are built. The builder writes down what it is asked for and prints a digest that is made of it; the real one is run by
// tests/live/pipeline.test.ts.

const folder = mkdtempSync(path.join(tmpdir(), "petrichor-builds-"));
const asked = path.join(folder, "asked");
const program = path.join(folder, "images");
const one = path.join(folder, "one");
const other = path.join(folder, "other");

beforeAll(() => {
  const digest = `$(printf '%s' "$3 $7" | sha256sum | cut -c1-64)`;
  writeFileSync(program, `#!/bin/sh\necho "$5 $7" >> ${asked}\necho "$5@sha256:${digest}"\n`, { mode: 0o755 });
  for (const source of [one, other]) {
    mkdirSync(source);
    writeFileSync(path.join(source, "main.go"), `package main // ${path.basename(source)}\n`);
  }
});
beforeEach(() => {
  rmSync(asked, { force: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function build(workloads: readonly SourceWorkload[], release = emptyRelease) {
  const progress = createProgress({ quiet: true });
  const made = await buildImages(workloads, release, { program, push: "127.0.0.1:1", pull: "registry", progress });
  const calls = existsSync(asked) ? readFileSync(asked, "utf8").trim().split("\n") : [];
  return { release: made, images: made.apps, calls: calls.map((call) => call.trim()) };
}

test("the same program is built once for an app, whatever its folder is called", async () => {
  const { images, calls } = await build([
    { app: "shop", workload: "api", folder: one },
    { app: "shop", workload: "jobs", folder: one, main: "./cmd/jobs" },
    { app: "shop", workload: "web", folder: one },
    { app: "shop", workload: "again", folder: one, main: "cmd/./jobs" },
    { app: "shop", workload: "page", folder: other },
    { app: "blog", workload: "web", folder: one },
  ]);
  expect(calls).toEqual([
    "127.0.0.1:1/shop/api",
    "127.0.0.1:1/shop/jobs ./cmd/jobs",
    "127.0.0.1:1/shop/page",
    "127.0.0.1:1/blog/web",
  ]);
  expect(images["shop"]?.["web"]).toEqual(images["shop"]?.["api"]);
  expect(images["shop"]?.["web"]?.image).toMatch(/^registry\/shop\/api@sha256:/);
  expect(images["shop"]?.["jobs"]?.image).not.toBe(images["shop"]?.["api"]?.image);
  expect(images["blog"]?.["web"]?.image).toMatch(/^registry\/blog\/web@sha256:/);
});

test("an image that the registry has no more is built again, and ports stay", async () => {
  const first = await build([{ app: "shop", workload: "web", folder: one }]);
  const entry = { ...first.images["shop"]?.["web"], ports: { tcp: 30_001 } };
  const { images, calls } = await build([{ app: "shop", workload: "web", folder: one }], {
    ...emptyRelease,
    apps: { shop: { web: entry, kept: { ports: { tcp: 30_002 } } } },
  });
  expect(calls).toEqual(["127.0.0.1:1/shop/web", "127.0.0.1:1/shop/web"]);
  expect(images).toEqual({ shop: { web: entry, kept: { ports: { tcp: 30_002 } } } });
});

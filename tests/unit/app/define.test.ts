import {
  archive,
  cron,
  daemon,
  defineApp,
  folder,
  fromConfig,
  fromStore,
  generated,
  git,
  job,
  podField,
  secret,
  service,
  stateful,
  template,
  worker,
} from "../../../components/app/definition";
import { image, refused } from "../../support/apps";

// `app.ts` and `app.yaml` are one language: what each function writes is what one would write in YAML.

const sha256 = "a".repeat(64);

test.each<[call: string, written: unknown, plain: object]>([
  ["service", service({ image, port: 80 }), { kind: "service", image, port: 80 }],
  ["stateful", stateful({ image, replicas: 3 }), { kind: "stateful", image, replicas: 3 }],
  ["worker", worker({ image }), { kind: "worker", image }],
  ["job", job({ image, retries: 1 }), { kind: "job", image, retries: 1 }],
  ["cron", cron({ image, schedule: "0 6 * * *" }), { kind: "cron", image, schedule: "0 6 * * *" }],
  ["daemon", daemon({ image, port: 9100 }), { kind: "daemon", image, port: 9100 }],
  ["folder", folder("./src"), { folder: "./src" }],
  ["folder with a language", folder("./src", { language: "go" }), { folder: "./src", language: "go" }],
  ["git", git("https://git.example.com/a.git"), { git: "https://git.example.com/a.git" }],
  ["git at a tag", git("git@example.com:a.git", { ref: "v1" }), { git: "git@example.com:a.git", ref: "v1" }],
  ["archive", archive("https://example.com/a.zip", { sha256 }), { archive: "https://example.com/a.zip", sha256 }],
  ["template", template("go-http", { version: "1" }), { template: "go-http", version: "1" }],
  ["secret", secret("keys", "api"), { secret: "keys", key: "api" }],
  ["fromStore", fromStore("vault", "shop/key"), { store: "vault", path: "shop/key" }],
  ["fromStore of a field", fromStore("vault", "shop", "key"), { store: "vault", path: "shop", property: "key" }],
  ["fromConfig", fromConfig("shop:key"), { config: "shop:key" }],
  ["generated", generated(), { generate: {} }],
  ["generated of a length", generated({ length: 20 }), { generate: { length: 20 } }],
  ["podField", podField("pod.ip"), { field: "pod.ip" }],
])("%s writes plain data", (_, written, plain) => {
  expect(written).toEqual(plain);
  expect(JSON.stringify(written)).toBe(JSON.stringify(plain));
});

test("an app is what is written", () => {
  const app = { name: "shop", workloads: { web: service({ image }) } };
  expect(defineApp(app)).toBe(app);
});

test.each([
  ["no workloads", {}, "at least one workload"],
  ["workloads in a list", [], "a map of names to workloads"],
])("%s", (_, workloads, fix) => {
  expect(refused({ name: "shop", workloads }).join("\n")).toContain(fix);
});

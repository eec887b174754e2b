import { dependencies, inOrder } from "../../../components/deploy/dependencies";
import { type AppSequence, sequenceOf } from "../../../components/app/objects/sequence";
import { appObjects } from "../../../components/app/objects/app";
import { type KubeObject, objectKey } from "../../../components/kube/object";
import { facts, image, resolve } from "../../support/apps";

const shop = {
  name: "shop",
  workloads: {
    web: { kind: "service", image, port: 8080, links: { API: "api", CACHE: { to: "cache", wait: false } } },
    api: {
      kind: "service",
      image,
      port: 9000,
      links: { DB: "db" },
      preDeploy: { migrate: { args: ["migrate"] } },
      postDeploy: { smoke: { args: ["smoke"] } },
    },
    cache: { kind: "service", image, port: 6379 },
    db: { kind: "stateful", image, port: 5432 },
  },
};

function rendered(...definitions: readonly unknown[]): AppSequence & { readonly objects: readonly KubeObject[] } {
  const [model] = resolve(definitions);
  if (model === undefined) throw new Error("the app did not resolve");
  const objects = appObjects(model, facts);
  return { objects, ...sequenceOf(model, objects) };
}

/** `Kind name` without the hash that ends a Job's name. */
function short(key: string): string {
  const [kind = "", name = ""] = key.split(" ");
  return `${kind.split("/").at(-1) ?? ""} ${(name.split("/").at(-1) ?? "").replace(/-[0-9a-f]{8}$/, "")}`;
}

test("a roll-out waits for its links and migrations, and what follows it waits for it", () => {
  const { after } = rendered(shop);
  const told = Object.fromEntries([...after].map(([key, others]) => [short(key), others.map(short)]));
  expect(told).toEqual({
    "Deployment web": ["Deployment api"],
    "Deployment api": ["StatefulSet db", "Job api-migrate"],
    "Job api-migrate": ["StatefulSet db"],
    "Job api-smoke": ["Deployment api"],
    "Deployment cache": [],
    "StatefulSet db": [],
  });
});

test("deploying registers them in that order, whatever order they come in", () => {
  const { objects, after } = rendered(shop);
  const order = inOrder([...objects].reverse(), after).map((object) => short(objectKey(object)));
  const places = ["StatefulSet db", "Job api-migrate", "Deployment api", "Job api-smoke"].map((name) =>
    order.indexOf(name),
  );
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual([...places].sort((left, right) => left - right));
  const [web] = [...dependencies(objects, after)].filter(([key]) => key.endsWith("Deployment shop/web"));
  expect(web?.[1].map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toContain("Deployment api");
});

test("a roll-out and its migrations wait for links to other apps, but for those that say they don't", () => {
  const bank = {
    name: "bank",
    workloads: { pay: { kind: "service", image, port: 80 }, rates: { kind: "service", image, port: 80 } },
  };
  const links = { PAY: "bank/pay", AGAIN: "bank/pay", RATES: { to: "bank/rates", wait: false } };
  const api = { kind: "service", image, port: 9000, links, preDeploy: { migrate: {} }, postDeploy: { smoke: {} } };
  const { after, elsewhere } = rendered({ name: "a", workloads: { api } }, bank);
  expect(Object.fromEntries([...elsewhere].map(([key, others]) => [short(key), others]))).toEqual({
    "Deployment api": [{ app: "bank", name: "pay" }],
    "Job api-migrate": [{ app: "bank", name: "pay" }],
  });
  expect([...after.values()].flat().filter((key) => key.includes("bank"))).toEqual([]);
});

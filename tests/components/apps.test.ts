import { Provider } from "@pulumi/kubernetes/provider";
import { App } from "../../components/app/app";
import { RollOuts } from "../../components/app/roll-outs";
import { appObjects } from "../../components/app/objects/app";
import { facts, image, resolve } from "../support/apps";
import { record } from "../support/record";

const web = { kind: "service", image, port: 80 };

/** `Kind namespace/name` → the roll-outs that it waits for, for every object that waits for one of another app. */
async function waits(...definitions: readonly object[]): Promise<Record<string, string[]>> {
  const { resources } = await record(() => {
    const cluster = { provider: new Provider("cluster", { kubeconfig: "{}" }) };
    const rollOuts = new RollOuts();
    for (const model of resolve(definitions)) {
      new App(model.name, { model, objects: appObjects(model, facts), cluster, rollOuts });
    }
  });
  const short = (text: string): string => text.replace(/^.*:/, "").replace(/-[0-9a-f]{8}$/, "");
  const found = resources.map(({ type, name, dependsOn = [] }) => {
    const foreign = dependsOn.filter(
      (other) => !other.includes(` ${name.split("/")[0] ?? ""}/`) && other.includes("/"),
    );
    return [short(`${type} ${name}`), foreign.map(short).filter((other) => other.includes("/"))] as const;
  });
  return Object.fromEntries(found.filter(([, foreign]) => foreign.length > 0));
}

test("a workload comes after those of other apps that its links wait for, whichever app is made first", async () => {
  expect(
    await waits(
      { name: "a", workloads: { site: { ...web, links: { PAY: "b/pay" }, preDeploy: { migrate: {} } }, rates: web } },
      { name: "b", workloads: { pay: { ...web, links: { RATES: "a/rates" } }, db: { ...web, kind: "stateful" } } },
    ),
  ).toEqual({
    "Deployment a/site": ["Deployment b/pay"],
    "Job a/site-migrate": ["Deployment b/pay"],
    "Deployment b/pay": ["Deployment a/rates"],
  });
});

test("nothing waits for a workload of another app whose link says wait: false", async () => {
  expect(
    await waits(
      { name: "a", workloads: { site: { ...web, links: { PAY: { to: "b/pay", wait: false } } } } },
      { name: "b", workloads: { pay: web } },
    ),
  ).toEqual({});
});

import path from "node:path";
import { createProgress } from "../../cli/progress";
import { handOverReplicas } from "../../cli/up/handover";
import { wakeNewVersions } from "../../cli/up/wake";
import { readLoad } from "../../cli/workloads/load";
import { describeEmbedded, eventually } from "../support/embedded";
import { askGateway } from "../support/gateway";
import { changingApp, type Images, otherApp, requestApp, sharedHost, sleepy } from "../live/scaling/apps";
import { patience, type ReplicasSeen, ScalingCluster } from "../live/scaling/cluster";
import { sendAll, SteadyLoad } from "../live/scaling/load";
import { placeOrders } from "../live/scaling/orders";
import { callGrpc, words } from "../live/scaling/streams";

jest.setTimeout(900_000);

const shop = path.resolve(__dirname, "../../apps/shop/src");

describeEmbedded("scaling", () => {
  let cluster: ScalingCluster;
  let images: Images;

  beforeAll(async () => {
    cluster = await ScalingCluster.start("scaling");
    images = {
      target: await cluster.build("target", path.join(__dirname, "../live/scaling/target")),
      queue: await cluster.build("queue", shop, "./cmd/queue"),
      worker: await cluster.build("worker", shop, "./cmd/worker"),
      api: await cluster.build("api", shop, "./cmd/api"),
    };
    await cluster.run(requestApp(images));
    await cluster.run(otherApp(images));
  });
  afterAll(async () => {
    await cluster.delete();
  });

  const requests = (workload: string, rest?: string): string => cluster.url("requests", workload, rest);
  const others = (workload: string, rest?: string): string => cluster.url("others", workload, rest);

  /** Waits until a host is routed, and its workload asleep again. */
  async function routedAndAsleep(workload: string): Promise<void> {
    await eventually(async () => {
      expect((await sendAll(requests(workload), cluster.gateway, 1, 1)).failures).toEqual([]);
    }, patience);
    await cluster.untilAsleep("requests", workload);
  }

  describe("on requests", () => {
    const running: { readonly stop: () => Promise<unknown> }[] = [];
    afterEach(async () => {
      await Promise.all(running.splice(0).map((one) => one.stop()));
    });

    test("a first request wakes a workload at zero and is answered", async () => {
      await routedAndAsleep("hello");
      // It slept, so nobody but a replica that was woken can have given this answer.
      expect(await askGateway(requests("hello"), cluster.gateway)).toMatchObject({ status: 200, body: "1" });
    });

    test("a thousand requests find nobody, and none is lost; then it sleeps again", async () => {
      await cluster.untilAsleep("requests", "hello");
      expect(await sendAll(requests("hello"), cluster.gateway, 1000, 40)).toEqual({ answered: 1000, failures: [] });
      await cluster.untilAsleep("requests", "hello");
    });

    test("a placeholder is given at once while it wakes, then the answer itself", async () => {
      await cluster.untilAsleep("requests", "page");
      expect(await askGateway(requests("page"), cluster.gateway)).toMatchObject({ status: 200, body: "one moment" });
      await eventually(async () => {
        expect(await askGateway(requests("page"), cluster.gateway)).toMatchObject({ status: 200, body: "1" });
      }, patience);
    });

    test("a WebSocket and a stream of gRPC each wake a sleeper, and last far beyond its cool-down", async () => {
      await Promise.all([routedAndAsleep("hello"), cluster.untilAsleep("requests", "calls")]);
      const said = Array.from({ length: 20 }, (_, index) => `message ${index}`);
      const [heard, called] = await Promise.all([
        words(requests("hello", "/websocket"), cluster.gateway, said.length),
        callGrpc(requests("calls", "/target.Target/Echo"), cluster.gateway, said, 1000),
      ]);
      expect(heard).toEqual(said.map(() => "awake"));
      expect(called).toEqual(["0", said]);
    });

    test("workloads that share a host are woken by their own requests, at the port that these are for", async () => {
      const page = (path: string) => askGateway(`https://${sharedHost}${path}`, cluster.gateway);
      await eventually(async () => {
        expect(await page("/")).toMatchObject({ status: 200, body: "left" });
      }, patience);
      await cluster.untilAsleep("requests", "right");
      expect(await page("/right")).toMatchObject({ status: 200, body: "port 8081 of elsewhere.example.com" });
    });

    test("a linked workload is woken by who calls it", async () => {
      await cluster.untilAsleep("requests", "inside");
      // It slept, so nobody but a replica that was woken can have given this answer.
      const answer = await askGateway(requests("caller", "/call"), cluster.gateway);
      expect(answer).toMatchObject({ status: 200, body: "from inside" });
    });

    test("load that doubles doubles the replicas, and an app applied meanwhile changes nothing", async () => {
      // A replica carries 5: both rates ask for their replicas by more than the tolerance, even if a busy machine sends a tenth less.
      const load = new SteadyLoad(requests("rated"), cluster.gateway, 9.5);
      running.push(load);
      await cluster.untilReplicas("requests", "rated", 2);
      const seen = cluster.observe("requests", "rated");
      running.push(seen);
      load.rate = 19;
      for (let times = 0; times < 3; times += 1) await cluster.run(requestApp(images));
      await eventually(async () => {
        expect(await cluster.ready("requests", "rated")).toBe(4);
      }, patience);
      // What `petrichor top` tells of it.
      await eventually(async () => {
        const told = (await readLoad(cluster.kubectl)).find(({ workload }) => workload === "rated");
        expect(told).toMatchObject({ bounds: { min: 1, max: 8 } });
        expect(told?.rate).toBeGreaterThan(10);
        expect(told?.decision?.text).toMatch(/^to \d: /);
      }, patience);
      // A new version rolls out under load.
      await cluster.run(requestApp(images, "2"));
      await cluster.kubectl.text("-n", "requests", "rollout", "status", "deployment/rated", "--request-timeout=0");
      await seen.stop();
      expect(seen.counts.slice(0, 1)).toEqual([2]);
      expect(seen.counts).toEqual(ascending(seen.counts));
      expect(seen.counts.at(-1)).toBe(4);
      const { failures } = await load.stop();
      expect(failures).toEqual([]);
      await cluster.untilReplicas("requests", "rated", 1);
    });
  });

  describe("of an app that changes", () => {
    const silent = createProgress({ quiet: true });

    test("a fixed number is handed over to an autoscaler and back, without a jump to one replica", async () => {
      await cluster.run(changingApp(images, { replicas: 3 }));
      await eventually(async () => {
        expect(await cluster.ready("changing", "web")).toBe(3);
      }, patience);

      const scaled = changingApp(images, { scale: { min: 2, max: 8, on: [{ cpu: "50%" }] } });
      await handOverReplicas(cluster.project(scaled), cluster.kubectl);
      await cluster.run(scaled);
      expect(await cluster.replicas("changing", "web")).toBeGreaterThanOrEqual(2);
      await eventually(async () => {
        expect(await cluster.value("changing", "hpa/web", "{.status.desiredReplicas}")).toMatch(/^[2-8]$/);
      }, patience);
      expect(await cluster.replicas("changing", "web")).toBeGreaterThanOrEqual(2);

      const fixed = changingApp(images, { replicas: 4 });
      await handOverReplicas(cluster.project(fixed), cluster.kubectl);
      await cluster.run(fixed);
      expect(await cluster.replicas("changing", "web")).toBe(4);
      expect(
        await cluster.kubectl.text("--namespace", "changing", "get", "hpa,scaledobjects", "--output", "name"),
      ).toBe("");
    });

    test("a version that crashes is found although nobody asks for it; the next one wakes, and sleeps again", async () => {
      const version = (env: Readonly<Record<string, string>>) => changingApp(images, { env, scale: sleepy });
      const up = async (env: Readonly<Record<string, string>>): Promise<void> => {
        const project = cluster.project(version(env));
        await handOverReplicas(project, cluster.kubectl);
        await cluster.run(version(env));
        await wakeNewVersions({ project, kubectl: cluster.kubectl, progress: silent });
      };
      await up({ VERSION: "1" });
      await cluster.untilAsleep("changing", "web");
      await expect(up({ VERSION: "2", CRASH: "yes" })).rejects.toThrow("told to crash");
      const seen = async (): Promise<string> =>
        cluster.value("changing", "deployment/web", "{.metadata.annotations.petrichor\\.dev/seen-revision}");
      const before = await seen();
      await up({ VERSION: "3" });
      expect(Number(await seen())).toBeGreaterThan(Number(before));
      await cluster.untilAsleep("changing", "web");
      // What was seen once is not woken again.
      await up({ VERSION: "3" });
      expect(await cluster.replicas("changing", "web")).toBe(0);
    });
  });

  describe("on everything else", () => {
    const loads: SteadyLoad[] = [];
    const seen = new Map<string, ReplicasSeen>();

    beforeAll(async () => {
      loads.push(new SteadyLoad(others("slow"), cluster.gateway, 8));
      loads.push(new SteadyLoad(others("crowded"), cluster.gateway, 20));
      for (const workload of ["slow", "worker"]) seen.set(workload, cluster.observe("others", workload));
      await placeOrders(others("api", "/orders"), cluster.gateway, 80);
    });
    afterAll(async () => {
      await Promise.all([...loads.map((load) => load.stop()), ...[...seen.values()].map((one) => one.stop())]);
    });

    const counts = (workload: string): readonly number[] => seen.get(workload)?.counts ?? [];

    test("a queue brings workers, which go when it is empty", async () => {
      await eventually(() => {
        expect(Math.max(...counts("worker"))).toBeGreaterThan(1);
        return Promise.resolve();
      }, patience);
      await cluster.untilReplicas("others", "worker", 0);
    });

    test("a queue starts runs of a job, and each ends by itself", async () => {
      await eventually(async () => {
        const jobs = "{range .items[*]}{.metadata.ownerReferences[0].kind} {.status.succeeded}{'\\n'}{end}";
        expect((await cluster.value("others", "jobs", jobs)).split("\n")).toContain("ScaledJob 1");
      }, patience);
    });

    const limited = '{.status.conditions[?(@.type=="ScalingLimited")].reason}';

    test("latency above its target adds replicas up to the most, and says so there", async () => {
      await eventually(async () => {
        expect(await cluster.value("others", "hpa/slow-keda", `{.status.currentReplicas} ${limited}`)).toBe(
          "8 TooManyReplicas",
        );
      }, patience);
      // Step by step, each at most a doubling, and never beyond.
      expect(counts("slow")).toEqual(ascending(counts("slow")));
      const leaps = counts("slow").filter((count, index) => count > 2 * (counts("slow")[index - 1] ?? count));
      expect(leaps).toEqual([]);
      expect(Math.max(...counts("slow"))).toBe(8);
      const told = (await readLoad(cluster.kubectl)).find(({ workload }) => workload === "slow");
      expect(told?.state).toBe("at its most, and wants more");
      expect(told?.decision?.text).toMatch(/^to 8: .*above target$/);
    });

    test("latency that replicas help falls below its target before the most is reached", async () => {
      await eventually(async () => {
        const told = (await readLoad(cluster.kubectl)).find(({ workload }) => workload === "crowded");
        expect(told?.rate).toBeGreaterThan(10);
        expect(told?.p95).toBeLessThan(400);
        expect(told?.wanted).toBeGreaterThan(1);
        expect(told?.wanted).toBeLessThan(8);
      }, patience);
      for (const load of loads) expect((await load.stop()).failures).toEqual([]);
    });

    test("work for the processor adds replicas", async () => {
      const busy = new SteadyLoad(others("busy", "/busy"), cluster.gateway, 8);
      try {
        await eventually(async () => {
          expect(await cluster.replicas("others", "busy")).toBeGreaterThan(1);
        }, patience);
      } finally {
        await busy.stop();
      }
      expect(await cluster.value("others", "hpa/busy", "{.metadata.name}")).toBe("busy");
    });

    test("the clock brings replicas when it is time and takes them away when it is over", async () => {
      const evenMinute = (): boolean => new Date().getUTCMinutes() % 2 === 0;
      await cluster.untilReplicas("others", "clock", 0);
      await cluster.untilReplicas("others", "clock", 2);
      expect(evenMinute()).toBe(true);
      await cluster.untilReplicas("others", "clock", 0);
      expect(evenMinute()).toBe(false);
    });

    test("without a metrics store what runs stays, which the scaler says; with it scaling goes on", async () => {
      const fallback = '{.status.conditions[?(@.type=="Fallback")].status}';
      await cluster.untilReplicas("others", "measured", 3);
      const measured = cluster.observe("others", "measured");
      await setMetricsStore(0);
      await eventually(async () => {
        expect(await cluster.value("others", "scaledobject/measured", fallback)).toBe("True");
      }, patience);
      const told = (await readLoad(cluster.kubectl)).find(({ workload }) => workload === "measured");
      expect(told?.state).toBe("fallback: a measurement is missing");
      await setMetricsStore(1);
      await eventually(async () => {
        expect(await cluster.value("others", "scaledobject/measured", fallback)).toBe("False");
      }, patience);
      await measured.stop();
      expect([...new Set(measured.counts)]).toEqual([3]);
      // It follows what is measured again.
      await cluster.run(otherApp(images, { measured: "vector(10)" }));
      await cluster.untilReplicas("others", "measured", 5);
    });

    async function setMetricsStore(replicas: number): Promise<void> {
      const args = ["scale", "deployment/prometheus", `--replicas=${replicas}`];
      await cluster.kubectl.text("--namespace", "petrichor-telemetry", ...args);
    }
  });
});

function ascending(counts: readonly number[]): number[] {
  return [...counts].sort((left, right) => left - right);
}

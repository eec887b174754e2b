import path from "node:path";
import { createProgress } from "../../cli/progress";
import { handOverReplicas } from "../../cli/up/handover";
import { wakeNewVersions } from "../../cli/up/wake";
import { readLoad } from "../../cli/workloads/load";
import { describeEmbedded, eventually } from "../support/embedded";
import { askGateway } from "../support/gateway";
import { changingApp, type Images, otherApp, requestApp, sleepy } from "../live/scaling/apps";
import { patience, type ReplicasSeen, ScalingCluster } from "../live/scaling/cluster";
import { callGrpc, firstWord, sendAll, SteadyLoad } from "../live/scaling/load";
import { placeOrders } from "../live/scaling/orders";

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
    test("a first request wakes a workload at zero and is answered", async () => {
      await routedAndAsleep("hello");
      expect(await sendAll(requests("hello"), cluster.gateway, 1, 1)).toEqual({ answered: 1, failures: [] });
      expect(await cluster.replicas("requests", "hello")).toBeGreaterThan(0);
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

    test("a WebSocket, a call of gRPC and a linked workload each wake a sleeper", async () => {
      await routedAndAsleep("hello");
      expect(await firstWord(requests("hello", "/websocket"), cluster.gateway)).toBe("awake");

      await cluster.untilAsleep("requests", "calls");
      const echo = requests("calls", "/target.Target/Echo");
      expect(await callGrpc(echo, cluster.gateway, "wake up")).toEqual(["0", "wake up"]);

      await cluster.untilAsleep("requests", "inside");
      expect(await sendAll(requests("caller", "/call"), cluster.gateway, 1, 1)).toEqual({ answered: 1, failures: [] });
      expect(await cluster.replicas("requests", "inside")).toBeGreaterThan(0);
    });

    test("load that doubles adds replicas, and an app applied meanwhile changes nothing", async () => {
      const load = new SteadyLoad(requests("rated"), cluster.gateway, 18);
      await cluster.untilReplicas("requests", "rated", 2);
      load.rate = 36;
      await eventually(async () => {
        const before = await cluster.replicas("requests", "rated");
        await cluster.run(requestApp(images));
        expect(before).toBeGreaterThan(2);
        expect(await cluster.replicas("requests", "rated")).toBe(before);
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
      expect(await cluster.replicas("requests", "rated")).toBeGreaterThan(1);
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
    let slow: SteadyLoad;
    let busy: SteadyLoad;
    let seen: Record<"slow" | "worker", ReplicasSeen>;

    beforeAll(async () => {
      slow = new SteadyLoad(others("slow"), cluster.gateway, 8);
      busy = new SteadyLoad(others("busy", "/busy"), cluster.gateway, 8);
      seen = { slow: cluster.observe("others", "slow"), worker: cluster.observe("others", "worker") };
      await placeOrders(others("api", "/orders"), cluster.gateway, 80);
    });
    afterAll(async () => {
      await Promise.all([slow.stop(), busy.stop(), seen.slow.stop(), seen.worker.stop()]);
    });

    test("a queue brings workers, which go when it is empty", async () => {
      await eventually(() => {
        expect(Math.max(...seen.worker.counts)).toBeGreaterThan(1);
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

    test("latency above its target adds replicas up to the most, and says so there", async () => {
      await eventually(async () => {
        const limited = '{.status.currentReplicas} {.status.conditions[?(@.type=="ScalingLimited")].reason}';
        expect(await cluster.value("others", "hpa/slow-keda", limited)).toBe("8 TooManyReplicas");
      }, patience);
      // Step by step, and never beyond.
      expect([...new Set(seen.slow.counts)].sort()).toEqual(
        [1, 2, 4, 8].filter((one) => seen.slow.counts.includes(one)),
      );
      const { failures } = await slow.stop();
      expect(failures).toEqual([]);
    });

    test("work for the processor adds replicas", async () => {
      await eventually(async () => {
        expect(await cluster.replicas("others", "busy")).toBeGreaterThan(1);
      }, patience);
      expect(await cluster.value("others", "hpa/busy", "{.metadata.name}")).toBe("busy");
      await busy.stop();
    });

    test("the clock brings replicas and takes them away", async () => {
      await cluster.untilReplicas("others", "clock", 2);
      await cluster.untilReplicas("others", "clock", 0);
    });

    test("without a metrics store what runs stays, which the scaler says; with it scaling goes on", async () => {
      const fallback = '{.status.conditions[?(@.type=="Fallback")].status}';
      await cluster.untilReplicas("others", "measured", 3);
      await setMetricsStore(0);
      await eventually(async () => {
        expect(await cluster.value("others", "scaledobject/measured", fallback)).toBe("True");
      }, patience);
      expect(await cluster.replicas("others", "measured")).toBe(3);
      await setMetricsStore(1);
      await eventually(async () => {
        expect(await cluster.value("others", "scaledobject/measured", fallback)).toBe("False");
      }, patience);
      expect(await cluster.replicas("others", "measured")).toBe(3);
    });

    async function setMetricsStore(replicas: number): Promise<void> {
      const args = ["scale", "deployment/prometheus", `--replicas=${replicas}`];
      await cluster.kubectl.text("--namespace", "petrichor-telemetry", ...args);
    }
  });
});

import { describeEmbedded, eventually } from "../support/embedded";
import { Shop } from "./shop/shop";

jest.setTimeout(1_200_000);

const claim = "pvc/volume-data-queue-0";

describeEmbedded("the shop, from source to its report", () => {
  let shop: Shop;

  beforeAll(() => {
    shop = new Shop();
  });
  afterAll(async () => {
    await shop.delete();
  });

  test("an order placed on the page goes through api, queue and worker into the report", async () => {
    const { workloads } = await shop.up();
    expect(workloads.map(({ workload }) => workload)).toEqual(
      expect.arrayContaining(["api", "api-migrate", "queue", "report", "web", "worker"]),
    );
    await shop.packed(await shop.order("fern", 2));
    expect(await shop.report("first")).toEqual({ orders: 1, packed: 1, pieces: 2, revenue: 2980 });
    expect(await shop.page()).toContain("<dd>29.80 €</dd>");
  });

  test("a pod that no link leads from can't reach the api, wherever it runs", async () => {
    // The cron job with this program did just that a moment ago, by its link; these know the address too.
    await shop.kubectl("create namespace stranger");
    await shop.kubectl("label namespace stranger pod-security.kubernetes.io/enforce=restricted");
    for (const namespace of ["stranger", "shop"]) {
      expect(await shop.tryToReport(namespace)).toMatch(/dial tcp [0-9.]+:9000: connect: no route to host/);
    }
  });

  test("deleting the queue's pod loses no message", async () => {
    const before = await shop.uid("pod/queue-0");
    for (let count = 1; count <= 12; count++) {
      if (count === 4) await shop.kubectl("delete pod queue-0 --wait=false");
      await shop.order("moss", 1);
    }
    await shop.kubectl("rollout status statefulset/queue --timeout=300s");
    expect(await shop.uid("pod/queue-0")).not.toBe(before);
    await shop.packed(await shop.order("ivy", 1));
    expect(await shop.report("second")).toEqual({ orders: 14, packed: 14, pieces: 15, revenue: 2980 + 12 * 690 + 890 });
  });

  test("a changed configuration rolls only its workload", async () => {
    const pods = await shop.kubectl("get pods -l app.kubernetes.io/name!=web --output name");
    shop.edit("Plants that like the rain.", "Open in all weathers.");
    const { changes } = await shop.up();
    expect(
      changes.map(({ operation, resource }) => `${operation} ${resource}`.replace(/-[a-f0-9]{8}$/, "")).sort(),
    ).toEqual(["create ConfigMap shop/web-files", "delete ConfigMap shop/web-files", "update Deployment shop/web"]);
    await eventually(async () => {
      expect(await shop.page()).toContain("Open in all weathers.");
    });
    const left = (await shop.kubectl("get pods --output name")).split("\n");
    expect(left).toEqual(expect.arrayContaining(pods.split("\n").filter((pod) => !pod.includes("report"))));
  });

  test("a failing migration says so and leaves the old version serving; it is tried again", async () => {
    const pod = await shop.kubectl("get pods -l app.kubernetes.io/name=api --output name");
    shop.edit('"--to", "2"', '"--to", "9"');
    const jobs: string[] = [];
    for (let time = 1; time <= 2; time++) {
      const { code, stderr } = await shop.tryUp();
      expect(stderr).toContain(
        'app "shop", workload "api": the job "migrate" that must succeed before it rolls out failed',
      );
      expect(stderr).toContain("no migration leads to version 9: the last one is 2");
      expect(stderr).toContain("[DEPLOY_JOB_FAILED]");
      expect(code).toBe(4);
      const failed =
        "get jobs -l app.kubernetes.io/name=api-migrate --output jsonpath={.items[?(@.status.failed==1)].metadata.uid}";
      jobs.push(await shop.kubectl(failed));
    }
    expect(jobs[0]).toMatch(/^[a-f0-9-]{36}$/);
    expect(jobs[1]).not.toBe(jobs[0]);
    expect(await shop.kubectl("get pods -l app.kubernetes.io/name=api --output name")).toBe(pod);
    await shop.packed(await shop.order("can", 1));
    shop.edit('"--to", "9"', '"--to", "2"');
    await shop.up();
  });

  test("a volume that would shrink, or can't grow, is refused before anything is applied", async () => {
    for (const [size, code, said] of [
      ["512Mi", "VOLUME_SHRINK", "is 512Mi, but the volume has 1Gi already"],
      ["2Gi", "VOLUME_GROWTH_UNSUPPORTED", 'its StorageClass "standard" can\'t grow volumes'],
    ] as const) {
      shop.edit('size: "1Gi"', `size: "${size}"`);
      for (const refused of [await shop.project.run(["preview", "shop"]), await shop.tryUp()]) {
        expect(refused.stderr).toMatch(/apps\/shop\/app\.ts:\d+: app "shop", workload "queue": volumes\.data\.size/);
        expect(refused.stderr).toContain(said);
        expect(refused.stderr).toContain(`[${code}]`);
        expect(refused.code).toBe(2);
      }
      shop.edit(`size: "${size}"`, 'size: "1Gi"');
    }
    expect((await shop.up()).changes).toEqual([]);
  });

  test("a volume grows in place where its class allows it", async () => {
    // Folders of the node have no size to grow: what is proven is that the claim changes and nothing else is made anew.
    await shop.kubectl('patch storageclass standard --patch={"allowVolumeExpansion":true}');
    const objects = [claim, "statefulset/queue", "pod/queue-0"];
    const before = await Promise.all(objects.map((object) => shop.uid(object)));
    shop.edit('size: "1Gi"', 'size: "2Gi"');
    const { changes } = await shop.up();
    expect(changes.map(({ operation, resource }) => `${operation} ${resource}`).sort()).toEqual([
      "update PersistentVolumeClaim shop/volume-data-queue-0",
      "update ResourceQuota shop/shop",
    ]);
    expect(await shop.kubectl(`get ${claim} --output jsonpath={.spec.resources.requests.storage}`)).toBe("2Gi");
    expect(await Promise.all(objects.map((object) => shop.uid(object)))).toEqual(before);
  });

  test("an app that leaves the stack keeps its data, and finds it again when it comes back", async () => {
    const used = await shop.project.run(["volumes", "delete", "shop", "--stack", "shop"]);
    expect(`${used.code} ${used.stderr}`).toMatch(/^2 .*shop\/queue uses volume-data-queue-0.*\[VOLUME_IN_USE\]/);
    const before = await shop.uid(claim);
    shop.place();
    const { code, stdout, stderr } = await shop.tryUp();
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    expect(stdout).toMatch(/shop\/queue +volume-data-queue-0 +2Gi +standard +kept/);
    expect(stdout).toContain("This data is kept until you name it: `petrichor volumes delete shop -s shop`.");
    expect(await shop.kubectl("get deployments,statefulsets,cronjobs,services,secrets --output name")).toBe("");
    shop.place("shop");
    expect((await shop.up()).kept).toEqual([]);
    expect(await shop.uid(claim)).toBe(before);
    expect(await shop.report("third")).toMatchObject({ orders: 15, packed: 15 });
  });

  test("data goes when it is named", async () => {
    shop.place();
    await shop.up();
    const wrong = await shop.project.run(["volumes", "delete", "shpo", "--stack", "shop"]);
    expect(`${wrong.code} ${wrong.stderr}`).toMatch(/^2 .*Did you mean "shop"\?.*\[VOLUME_UNKNOWN\]/);
    const { code, stderr } = await shop.project.run(["volumes", "delete", "shop", "--stack", "shop"]);
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    expect(await shop.kubectl("get namespace shop --ignore-not-found --output name")).toBe("");
    await eventually(async () => {
      expect(await shop.kubectl("get persistentvolumes --output name")).toBe("");
    });
    const { stdout } = await shop.project.run(["volumes", "list", "shop", "--json"]);
    expect(JSON.parse(stdout)).toEqual([]);
  });
});

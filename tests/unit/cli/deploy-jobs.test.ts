import { deployJobError } from "../../../cli/up/deploy-jobs";
import { findVolumes, keptNotice } from "../../../cli/volumes/kept";
import type { Kubectl } from "../../../cli/kubectl";
import type { RunningWorkload } from "../../../cli/workloads/find";
import { PetrichorError } from "../../../components/errors";
import { image, render, resolve } from "../../support/apps";

const app = {
  name: "shop",
  workloads: {
    api: {
      kind: "service",
      image,
      port: 9000,
      preDeploy: { migrate: { args: ["migrate"] } },
      postDeploy: { warm: { args: ["warm"] } },
    },
    queue: { kind: "stateful", image, port: 4222, replicas: 1, volumes: { data: { mount: "/data", size: "1Gi" } } },
  },
};

function crash(workload: string, code: "APP_CRASHED" | "IMAGE_PULL_FAILED" = "APP_CRASHED"): PetrichorError {
  return new PetrichorError(code, "it ended.", "Correct it.", { app: "shop", workload });
}

describe("a crashed pod", () => {
  const models = resolve([app]);

  test.each([
    [
      "api-migrate",
      'the job "migrate" that must succeed before it rolls out failed, so what ran before still runs: it ended.',
    ],
    ["api-warm", 'the job "warm" that must succeed after it has rolled out failed; the new version runs: it ended.'],
  ])("of %s is told as a deploy job", (pod, message) => {
    const told = deployJobError(crash(pod), models);
    expect(told).toMatchObject({ code: "DEPLOY_JOB_FAILED", message, place: { app: "shop", workload: "api" } });
  });

  test("of the workload itself stays what it is, and so does an image that can't be had", () => {
    for (const error of [crash("api"), crash("api-migrate", "IMAGE_PULL_FAILED")])
      expect(deployJobError(error, models)).toBe(error);
  });
});

describe("volumes on a cluster", () => {
  const labels = { "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/name": "queue" };
  const claim = (index: number) => ({
    metadata: { name: `volume-data-queue-${index}`, namespace: "shop", labels },
    spec: { storageClassName: "standard", resources: { requests: { storage: "1Gi" } } },
  });
  const kubectl = { json: () => Promise.resolve({ items: [claim(0), claim(1)] }) } as unknown as Kubectl;
  const queue = { app: "shop", workload: "queue" } as RunningWorkload;
  const states = async (...args: [wanted: object[], running: RunningWorkload[]]): Promise<string[]> =>
    (await findVolumes(kubectl, args[0].flatMap(render), args[1])).map(({ state }) => state);

  test("are used where the stack asks for them, and kept where a replica went", async () => {
    expect(await states([app], [queue])).toEqual(["used", "kept"]);
  });

  test("are kept where nothing runs with them", async () => {
    expect(await states([], [])).toEqual(["kept", "kept"]);
  });

  test("are used by what another stack runs", async () => {
    expect(await states([], [queue])).toEqual(["used", "used"]);
  });

  test("that are kept are told with the command that deletes them", async () => {
    const kept = await findVolumes(kubectl, [], []);
    expect(keptNotice(kept, "dev")).toContain("until you name it: `petrichor volumes delete shop -s dev`.");
    expect(keptNotice([], "dev")).toBe("");
  });
});

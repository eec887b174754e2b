import { onEach } from "../../cli/each";
import type { Target } from "../../cli/clusters";
import { PetrichorError, PetrichorErrors } from "../../components/errors";

const target = (stackName: string): Target => ({ stackName }) as Target;
const down = (): never => {
  throw new PetrichorError("CLUSTER_UNREACHABLE", 'the cluster "west" does not answer.', "Start it.");
};

let exitCode: typeof process.exitCode;
let text: string;
beforeEach(() => {
  exitCode = process.exitCode;
  text = "";
  jest.spyOn(process.stderr, "write").mockImplementation((written) => {
    text += String(written);
    return true;
  });
});
afterEach(() => {
  process.exitCode = exitCode;
  jest.restoreAllMocks();
});

test("one cluster that fails keeps no other waiting; what is pending is told, and the exit code is its own", async () => {
  const outcomes = await onEach([target("both.west"), target("both.east")], true, ({ stackName }) =>
    stackName === "both.west" ? down() : Promise.resolve({ unchanged: 3 }),
  );
  expect(outcomes).toEqual([
    {
      stack: "both.west",
      pending: [{ code: "CLUSTER_UNREACHABLE", message: 'the cluster "west" does not answer.', fix: "Start it." }],
    },
    { stack: "both.east", unchanged: 3 },
  ]);
  expect(process.exitCode).toBe(4);
});

describe("what is told of several clusters", () => {
  const broken = new PetrichorErrors([
    new PetrichorError("FIELD_MISSING", "image is missing.", "Give an image.", { app: "shop", workload: "web" }),
    new PetrichorError("FIELD_MISSING", "image is missing.", "Give an image.", { app: "shop", workload: "api" }),
  ]);

  test("the same errors once, and that nothing is done where every cluster failed", async () => {
    await onEach([target("both.west"), target("both.east")], false, () => Promise.reject(broken));
    expect(text.match(/image is missing/g)).toHaveLength(2);
    expect(text).toContain("both.east: the same 2 errors as both.west.\n");
    expect(text).toMatch(/\npending: both\.west, both\.east; none is done\.\n$/);
  });

  test("errors that differ, each, and that the rest is done where it is", async () => {
    const failures = new Map([
      ["all.west", new PetrichorError("CLUSTER_UNREACHABLE", "west does not answer.", "Start it.")],
      ["all.east", new PetrichorError("CLUSTER_UNREACHABLE", "east does not answer.", "Start it.")],
    ]);
    await onEach([target("all.west"), target("all.east"), target("all.north")], false, ({ stackName }) => {
      const failure = failures.get(stackName);
      return failure === undefined ? Promise.resolve({}) : Promise.reject(failure);
    });
    expect(text).toMatch(/west does not answer(.|\n)*east does not answer/);
    expect(text).not.toContain("the same");
    expect(text).toMatch(/\npending: all\.west, all\.east; the rest is done\.\n$/);
  });
});

test("the failure of a single cluster is the command's", async () => {
  await expect(onEach([target("local")], false, down)).rejects.toThrow(PetrichorError);
});

test("a fault of ours ends everything", async () => {
  const fault = (): never => {
    throw new TypeError("bug");
  };
  await expect(onEach([target("a"), target("b")], false, fault)).rejects.toThrow(TypeError);
});

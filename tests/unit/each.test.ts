import { onEach } from "../../cli/each";
import type { Target } from "../../cli/clusters";
import { PetrichorError } from "../../components/errors";

const target = (stackName: string): Target => ({ stackName }) as Target;
const down = (): never => {
  throw new PetrichorError("CLUSTER_UNREACHABLE", 'the cluster "west" does not answer.', "Start it.");
};

let exitCode: typeof process.exitCode;
beforeEach(() => {
  exitCode = process.exitCode;
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
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

test("the failure of a single cluster is the command's", async () => {
  await expect(onEach([target("local")], false, down)).rejects.toThrow(PetrichorError);
});

test("a fault of ours ends everything", async () => {
  const fault = (): never => {
    throw new TypeError("bug");
  };
  await expect(onEach([target("a"), target("b")], false, fault)).rejects.toThrow(TypeError);
});

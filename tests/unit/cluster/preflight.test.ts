import { PetrichorError } from "../../../components/errors";
import { problemsOf, requireSuitable, type Machine } from "../../../toolchain/cluster/preflight";

const suitable: Machine = {
  platform: "linux",
  root: true,
  capabilities: 0x1fffeffffffn,
  overlayfs: true,
  controllers: ["cpu", "cpuset", "memory", "pids", "io"],
  folder: "/var/lib/petrichor",
  freeBytes: 10 * 2 ** 30,
};

it("finds nothing wrong with a suitable machine", () => {
  expect(problemsOf(suitable)).toEqual([]);
  expect(() => {
    requireSuitable(suitable);
  }).not.toThrow();
});

it.each<[problem: string, machine: Partial<Machine>]>([
  ["it runs darwin", { platform: "darwin" }],
  ["only root", { root: false }],
  ["CAP_NET_ADMIN, CAP_SYS_ADMIN", { capabilities: 0n }],
  ["(CAP_SYS_ADMIN)", { capabilities: 1n << 12n }],
  ["no overlayfs", { overlayfs: false }],
  ["no cgroup controller cpuset, pids", { controllers: ["cpu", "memory"] }],
  ["2.0 GiB are free in /var/lib/petrichor, 3.0 GiB are needed", { freeBytes: 2 * 2 ** 30 }],
])("says that %s", (problem, change) => {
  const problems = problemsOf({ ...suitable, ...change });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.[0]).toContain(problem);
});

it("tells everything in one message, with the way round", () => {
  let error: unknown;
  try {
    requireSuitable({ ...suitable, overlayfs: false, controllers: [], freeBytes: 0 });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(PetrichorError);
  expect(String(error)).toMatch(/overlayfs.*cgroup.*0\.0 GiB.*modprobe.*PETRICHOR_HOME.*existing.*MACHINE_UNSUITABLE/s);
});

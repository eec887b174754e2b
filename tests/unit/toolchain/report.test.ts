import { PetrichorError } from "../../../components/errors";
import type { BuildEvent } from "../../../toolchain/build";
import { lineOf, lineReporter } from "../../../toolchain/report";

it.each<[BuildEvent, string]>([
  [{ type: "started", tool: "pause" }, "building pause (holds a pod's namespaces)"],
  [{ type: "started", tool: "pulumi" }, "building pulumi (the Pulumi engine), about 4 min"],
  [{ type: "waiting", tool: "cni", pid: 42 }, "waiting  cni is being built by process 42"],
  [{ type: "progress", tool: "cni", text: "7 packages" }, "building cni: 7 packages"],
  [{ type: "finished", tool: "cni", seconds: 13.6, bytes: 3 * 2 ** 20 + 1 }, "built    cni in 14 s (4 MiB)"],
  [{ type: "failed", tool: "cni", error: new PetrichorError("TOOL_BUILD_FAILED", "x", "y") }, "failed   cni"],
])("tells %j as a line", (event, line) => {
  expect(lineOf(event)).toBe(line);
});

it("shows progress no more than every 30 s for each tool, everything else at once", () => {
  const now = jest.spyOn(Date, "now");
  const lines: string[] = [];
  const report = lineReporter((line) => lines.push(line));
  const at = (seconds: number, event: BuildEvent): void => {
    now.mockReturnValue(1e12 + seconds * 1000);
    report(event);
  };
  at(0, { type: "started", tool: "cni" });
  at(29, { type: "progress", tool: "cni", text: "1 packages" });
  at(30, { type: "progress", tool: "cni", text: "2 packages" });
  at(31, { type: "progress", tool: "cni", text: "3 packages" });
  at(32, { type: "finished", tool: "cni", seconds: 32, bytes: 1 });
  now.mockRestore();
  expect(lines).toHaveLength(3);
  expect(lines[1]).toBe("building cni: 2 packages");
});

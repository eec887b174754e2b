import { spawnSync } from "node:child_process";
import path from "node:path";
import { createProgram } from "../../../cli/main";

const cli = path.resolve(__dirname, "../../../cli/petrichor.js");
// `move`, `promote` and the like name environments by arguments that must be there.
const optional = createProgram().commands.filter(({ registeredArguments }) => {
  const [env] = registeredArguments.filter((one) => one.name() === "env");
  return env === undefined ? registeredArguments[0]?.name().startsWith("app") : !env.required;
});

test.each(optional.map((command) => [command.name(), command] as const))("%s takes -s", (_, command) => {
  expect(command.options.map(({ flags }) => flags)).toContain("-s, --stack <stack>");
});

test.each([
  ["render", "-s", "nowhere"],
  ["status", "local", "--stack", "nowhere"],
  ["logs", "hello", "-s", "nowhere"],
])("%s %s %s asks for the stack that is named", (...args) => {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('no stack "nowhere"') as string });
});

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = path.resolve(__dirname, "../..");

/** Modules of a cloud's SDK that are loaded once the infrastructure of a stack is asked for, and before. */
async function loaded(stack: string): Promise<{ before: string[]; after: string[] }> {
  const script = `
    const sdks = () => ["aws", "azure-native"].filter((sdk) =>
      Object.keys(require.cache).some((file) => file.includes("/node_modules/@pulumi/" + sdk + "/")));
    const { record } = require("./tests/support/record");
    const { cloudAnswers, cloudInvoke } = require("./tests/support/clouds");
    const { infrastructure } = require("./stacks/infrastructure");
    const before = sdks();
    record(() => infrastructure(process.cwd(), "${stack}"), { answers: cloudAnswers, invoke: cloudInvoke })
      .then(() => console.log(JSON.stringify({ before, after: sdks() })));`;
  const { stdout } = await run(process.execPath, ["--import", "tsx", "--eval", script], { cwd: root });
  return JSON.parse(stdout) as { before: string[]; after: string[] };
}

test.each([
  ["dev.infra", ["aws"]],
  ["prod.aws-eu.infra", ["aws"]],
  ["prod.azure-eu.infra", ["azure-native"]],
])(
  "%s loads the SDK of its own cloud and no other",
  async (stack, sdks) => {
    expect(await loaded(stack)).toEqual({ before: [], after: sdks });
  },
  60_000,
);

import { TestProject } from "../support/project";
import { secondsOf } from "./measure/seconds";

export interface UpRow {
  readonly what: string;
  readonly seconds: number;
}

/** `petrichor up` of the app hello, in a copy of the project with state of its own: cold, unchanged, and from a stopped cluster. Tools are built before. */
export async function bench(): Promise<readonly UpRow[]> {
  const project = new TestProject();
  const timed = (...args: readonly string[]): Promise<number> => secondsOf(() => succeed(project, args));
  try {
    const cold = await timed("up");
    const unchanged = await timed("up");
    const stop = await timed("cluster", "stop");
    const warm = await timed("up");
    return [
      { what: "up, no cluster yet", seconds: cold },
      { what: "up that changes nothing", seconds: unchanged },
      { what: "cluster stop", seconds: stop },
      { what: "up from a stopped cluster", seconds: warm },
    ];
  } finally {
    project.delete();
  }
}

async function succeed(project: TestProject, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await project.run(args);
  if (code !== 0) throw new Error(`petrichor ${args.join(" ")} ended with ${code}:\n${stderr}\n${stdout}`);
}

import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");

/** What the README holds that can be proven. */
export interface Readme {
  /** Command lines in blocks and in running text that call `petrichor`, from the word after it on. */
  readonly commands: readonly string[];
  /** Names of npm scripts. */
  readonly scripts: readonly string[];
  /** Links to files of the project, relative to it. */
  readonly links: readonly string[];
  /** What was typed for the transcript, and the lines that followed. */
  readonly transcript: { readonly command: string; readonly lines: readonly string[] };
  /** Every app that is shown, by the file in which it would stand. */
  readonly apps: Readonly<Record<string, string>>;
}

export function readReadme(): Readme {
  const text = readFileSync(path.join(root, "README.md"), "utf8");
  const code = [...text.matchAll(/```\w*\n(.*?)```/gs), ...text.matchAll(/`([^`\n]+)`/g)].map(
    ([, inner = ""]) => inner,
  );
  const [, transcript = ""] = only(
    /<!-- transcript: begin -->\s*```console\n(.*?)```\s*<!-- transcript: end -->/s,
    text,
  );
  const [command = "", ...lines] = transcript.trimEnd().split("\n");
  const apps = [...text.matchAll(/<!-- app: (\S+) -->\s*```ts\n(.*?)```/gs)];
  return {
    commands: found(/\bpetrichor ((?:[a-z]|--help).*?)(?=[`")&]|$)/gm, code).map((line) => line.trim()),
    scripts: [...found(/\bnpm run ([\w:]+)/g, code), ...found(/\bnpm (test)\b/g, code)],
    links: found(/\]\((?!https?:)([^)#]+)/g, [text]),
    transcript: { command: command.replace(/^\$ npx petrichor /, ""), lines },
    apps: Object.fromEntries(apps.map(([, file = "", app = ""]) => [file, app])),
  };
}

function only(pattern: RegExp, text: string): RegExpExecArray {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`README.md has nothing like ${pattern.source}`);
  return match;
}

function found(pattern: RegExp, texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, inner = ""]) => inner)))];
}

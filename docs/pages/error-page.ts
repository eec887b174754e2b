import { codes } from "../../components/error-codes";

const meanings = {
  2: "what was written is wrong",
  3: "the machine lacks something",
  4: "the cluster or the engine failed",
  5: "a cluster differs from its files (`drift`)",
  130: "interrupted",
};

/** The reference page of error codes and exit codes. */
export function errorPage(): string {
  const exits = Object.entries(meanings).map(([exit, meaning]) => `| ${exit} | ${meaning} |`);
  const rows = Object.entries(codes)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([code, { title, exit }]) => `| \`${code}\` | ${title} | ${exit} |`);
  return [
    "# Errors",
    "",
    "Made from `components/error-codes.ts`; change it there and run `npm run docs`. Codes are stable: scripts may match on them.",
    "",
    "| exit code | meaning |",
    "| --- | --- |",
    "| 0 | done |",
    "| 1 | a mistake of the program itself |",
    ...exits,
    "",
    "| code | what is wrong | exit code |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

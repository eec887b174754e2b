import { rules } from "../../policies/rules";
import type { ClusterReport, Finding } from "./report";

const levels = { refused: "error", reported: "warning", exempt: "note" } as const;

/** The verdicts as SARIF 2.1.0, which code hosts show beside the lines of files. */
export function sarif(reports: readonly ClusterReport[]): string {
  const findings = reports.flatMap((report) => report.findings);
  const named = rules.filter(({ name }) => findings.some(({ rule }) => rule === name));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "petrichor",
            rules: named.map(({ name, title, why, remedy }) => ({
              id: name,
              shortDescription: { text: `${title}.` },
              fullDescription: { text: why },
              help: { text: `${remedy}.` },
            })),
          },
        },
        results: findings.map(result),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function result({ rule, subject, message, fix, verdict, file, line, exemption }: Finding): object {
  const location = {
    physicalLocation: { artifactLocation: { uri: file }, region: { startLine: line ?? 1 } },
  };
  return {
    ruleId: rule,
    level: levels[verdict],
    message: { text: `${subject}: ${message}. ${fix}.` },
    ...(file === undefined ? {} : { locations: [location] }),
    ...(exemption === undefined
      ? {}
      : { suppressions: [{ kind: "external", justification: `${exemption.reason} (${exemption.owner})` }] }),
  };
}

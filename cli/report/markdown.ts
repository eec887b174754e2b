import { infrastructureChanges, infrastructureLine, infrastructureRemarks, losses } from "./infrastructure";
import type { AppReport, ClusterReport, Finding } from "./report";
import { headline, money, sidesOf, sum } from "./words";

const marks = { bad: "🛑", careful: "⚠️", good: "✅" } as const;

/** A report as Markdown, short enough for a comment on a pull request. */
export function markdown(reports: readonly ClusterReport[]): string {
  return `${reports.map(section).join("\n\n")}\n`;
}

function section(report: ClusterReport): string {
  const { text, tone } = headline(report);
  const parts = [
    `### ${marks[tone]} ${report.stack}: ${text}`,
    infrastructure(report),
    changes(report),
    findings(report),
    exemptions(report),
    costs(report),
    taken(report),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Changes of a first `up` are many and all alike; a reviewer wants the losses, and the rest on demand. */
function infrastructure({ infrastructure: report }: ClusterReport): string {
  if (report === undefined) return "";
  const remarks = infrastructureRemarks(report).map((remark) => `- ⚠️ ${escaped(remark)}`);
  const changed = infrastructureChanges(report).map((line) => `- ${escaped(line)}`);
  const lost = changed.slice(0, losses(report).length).map((line) => `${line} — **it takes the old one away**`);
  const rest = changed.slice(lost.length);
  return [
    `**${infrastructureLine(report)}**`,
    [...remarks, ...lost].join("\n"),
    rest.length === 0 ? "" : `<details><summary>Infrastructure</summary>\n\n${rest.join("\n")}\n\n</details>`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function changes({ apps, platform }: ClusterReport): string {
  const changed = apps.filter(({ change }) => change !== "unchanged");
  const lines = [...changed.map(app), ...platform.map((line) => `- ${line}`)];
  return lines.join("\n");
}

function app({ app: name, change, differences }: AppReport): string {
  const lines = differences.map((difference) => {
    const risk = difference.risk === undefined ? "" : ` — **${difference.risk}**`;
    return `  - ${difference.aspect}: ${escaped(difference.subject)}: ${escaped(sidesOf(difference))}${risk}`;
  });
  return [`- **${escaped(name)}** ${change}`, ...lines].join("\n");
}

function findings({ findings: all }: ClusterReport): string {
  const shown = all.filter(({ verdict }) => verdict !== "exempt");
  if (shown.length === 0) return "No rule is broken.";
  return ["| | rule | where | what |", "| --- | --- | --- | --- |", ...shown.map(row)].join("\n");
}

function row({ rule, verdict, subject, message, fix, file, line }: Finding): string {
  const place = file === undefined ? subject : `${file}${line === undefined ? "" : `:${line}`}`;
  return `| ${verdict === "refused" ? "🛑" : "⚠️"} | ${rule} | ${escaped(place)} | ${escaped(`${subject}: ${message}. ${fix}.`)} |`;
}

function exemptions({ exemptions: all }: ClusterReport): string {
  if (all.length === 0) return "";
  const rows = all.map(
    ({ rule, object, reason, owner, expires = "" }) =>
      `| ${rule} | ${escaped(object)} | ${escaped(reason)} | ${escaped(owner)} | ${expires} |`,
  );
  return ["| exempt from | object | because | owner | until |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function costs({ apps, currency, budget }: ClusterReport): string {
  if (currency === undefined) return "";
  const [now, before] = [sum(apps.map(({ cost }) => cost)), sum(apps.map(({ costBefore }) => costBefore))];
  const limit = budget === undefined ? "" : `; the budget is ${money(budget, currency)}`;
  return `A month: **${money(now.expected, currency)}** expected (${money(before.expected, currency)} before), from ${money(now.min)} to ${money(now.max, currency)}${limit}.`;
}

function taken({ apps }: ClusterReport): string {
  const lines = apps.flatMap(({ app: name, addresses }) =>
    addresses.map((address) => `- ${escaped(name)}: ${address}`),
  );
  return lines.length === 0 ? "" : `<details><summary>Addresses taken</summary>\n\n${lines.join("\n")}\n\n</details>`;
}

/** Text that Markdown and its tables leave as it is. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("*", "\\*").replaceAll("\n", " ");
}

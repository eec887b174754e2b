import { escaped } from "./escape";
import { infrastructureChanges, infrastructureLine, infrastructureRemarks, losses } from "./infrastructure";
import { picture } from "./picture";
import type { AppReport, ClusterReport, Finding } from "./report";
import { style } from "./style";
import { wide } from "./wide";
import { counted, headline, money, sidesOf, sum } from "./words";

/** A report as one page that stands alone: no script, no font, nothing from the network. */
export function html(reports: readonly ClusterReport[]): string {
  const title = `Preview of ${reports.map(({ stack }) => stack).join(", ")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${reports.map(section).join("\n")}
</main>
</body>
</html>
`;
}

function section(report: ClusterReport): string {
  const { text, tone } = headline(report);
  return `<section>
<header class="${tone}">
<p class="eyebrow">Preview · ${escaped(report.cluster)} · ${report.enforcement === "deny" ? "rules are enforced" : "rules are watched"}</p>
<h1>${escaped(report.stack)}</h1>
<p class="headline">${escaped(text)}</p>
</header>
${tiles(report)}
${block("Infrastructure", infrastructure(report))}
${block("What changes", changes(report))}
${block("Rules", findings(report.findings))}
${block("Exemptions", exemptions(report))}
${block("Cost of a month", costs(report))}
${block("Addresses", addresses(report))}
${block("Who calls whom", picture(report.topology))}
</section>`;
}

function block(title: string, content: string): string {
  return content === "" ? "" : `<h2>${title}</h2>\n${content}`;
}

function tiles({ apps, findings: all, currency }: ClusterReport): string {
  const count = (change: AppReport["change"]): number => apps.filter((app) => app.change === change).length;
  const risks = apps.flatMap(({ differences }) => differences).filter(({ risk }) => risk !== undefined).length;
  const broken = all.filter(({ verdict }) => verdict !== "exempt").length;
  const expected = sum(apps.map(({ cost }) => cost)).expected;
  const shown: [string, string][] = [
    [String(count("added")), "added"],
    [String(count("changed")), "changed"],
    [String(count("removed")), "removed"],
    [String(risks), risks === 1 ? "risk" : "risks"],
    [String(broken), broken === 1 ? "finding" : "findings"],
    ...(currency === undefined ? [] : [[money(expected), `${currency} a month`] as [string, string]]),
  ];
  return `<ul class="tiles">${shown.map(([value, label]) => `<li><b>${value}</b>${escaped(label)}</li>`).join("")}</ul>`;
}

function infrastructure({ infrastructure: report }: ClusterReport): string {
  if (report === undefined) return "";
  const lost = losses(report).length;
  const item = (line: string, index: number): string =>
    index < lost ? `<li><em class="risk">${escaped(line)}</em></li>` : `<li>${escaped(line)}</li>`;
  const changed = infrastructureChanges(report).map(item).join("");
  return [
    `<p>${escaped(infrastructureLine(report))}</p>`,
    ...infrastructureRemarks(report).map((remark) => `<article class="finding"><p>${escaped(remark)}</p></article>`),
    changed === ""
      ? ""
      : `<details${lost > 0 ? " open" : ""}><summary>Resources</summary><ul>${changed}</ul></details>`,
  ].join("\n");
}

function changes({ apps, platform }: ClusterReport): string {
  const changed = apps.filter(({ change }) => change !== "unchanged").map(app);
  const rest = apps.length - changed.length;
  const lines = [
    ...platform,
    ...(rest === 0 ? [] : [`${counted(rest, "app")} stay${rest === 1 ? "s" : ""} as before`]),
  ];
  return [...changed, ...lines.map((line) => `<p class="quiet">${escaped(line)}</p>`)].join("\n");
}

function app({ app: name, owner, change, differences }: AppReport): string {
  const rows = differences.map((difference) => {
    const { aspect, subject, risk } = difference;
    const warning = risk === undefined ? "" : `<em class="risk">${escaped(risk)}</em>`;
    return `<tr><th scope="row">${aspect}</th><td>${escaped(subject)}</td><td><code>${escaped(sidesOf(difference))}</code> ${warning}</td></tr>`;
  });
  const who = owner === undefined ? "" : ` <span class="quiet">${escaped(owner)}</span>`;
  const table = rows.length === 0 ? "" : wide(`What changes in ${name}`, `<table>${rows.join("")}</table>`);
  return `<article><h3>${escaped(name)} <span class="badge ${change}">${change}</span>${who}</h3>${table}</article>`;
}

const words = { refused: "refused", reported: "warning", exempt: "exempt" } as const;

function findings(all: readonly Finding[]): string {
  if (all.length === 0) return `<p class="quiet">No rule is broken.</p>`;
  return all
    .map(({ rule, verdict, subject, message, why, fix, file, line }) => {
      const place = file === undefined ? "" : `<code>${escaped(file)}${line === undefined ? "" : `:${line}`}</code>`;
      return `<article class="finding"><h3><span class="badge ${verdict}">${words[verdict]}</span> ${rule} ${place}</h3>
<p>${escaped(subject)}: ${escaped(message)}.</p><p class="quiet">${escaped(why)} ${escaped(fix)}.</p></article>`;
    })
    .join("\n");
}

function exemptions({ exemptions: all }: ClusterReport): string {
  if (all.length === 0) return "";
  const rows = all.map(
    ({ rule, object, reason, owner, expires = "" }) =>
      `<tr><th scope="row">${rule}</th><td>${escaped(object)}</td><td>${escaped(reason)}</td><td>${escaped(owner)}</td><td>until ${expires}</td></tr>`,
  );
  return wide("Exemptions", `<table>${rows.join("")}</table>`);
}

function costs({ apps, currency, budget }: ClusterReport): string {
  if (currency === undefined) return "";
  const all = sum(apps.map(({ cost }) => cost));
  const most = Math.max(all.max, budget ?? 0, 1);
  const share = (value: number): string => `${Math.round((value / most) * 1000) / 10}%`;
  const rows = apps
    .filter(({ cost }) => cost !== undefined)
    .map(({ app: name, cost, costBefore }) => {
      const before = costBefore === undefined ? "" : `<span class="quiet">before ${money(costBefore.expected)}</span>`;
      const [min, expected, max] = [money(cost?.min ?? 0), money(cost?.expected ?? 0), money(cost?.max ?? 0)];
      return `<tr><th scope="row">${escaped(name)}</th><td>${min}</td><td><b>${expected}</b> ${before}</td><td>${max}</td></tr>`;
    });
  const limit = budget === undefined ? "" : ` The budget is ${money(budget, currency)}.`;
  return `<div class="bar" role="img" aria-label="from ${money(all.min)} to ${money(all.max, currency)}, expected ${money(all.expected)}"><i style="left:${share(all.min)};width:${share(all.max - all.min)}"></i><b style="left:${share(all.expected)}"></b></div>
<p>From ${money(all.min)} to ${money(all.max, currency)}, expected <b>${money(all.expected, currency)}</b>.${limit}</p>
${wide("Cost of each app", `<table><tr><th scope="col">App</th><th scope="col">least</th><th scope="col">expected</th><th scope="col">most</th></tr>${rows.join("")}</table>`)}`;
}

function addresses({ apps }: ClusterReport): string {
  const taken = apps.flatMap(({ app: name, addresses: all }) =>
    all.map((address) => `<tr><th scope="row">${escaped(name)}</th><td><code>${escaped(address)}</code></td></tr>`),
  );
  return taken.length === 0 ? "" : wide("Addresses", `<table>${taken.join("")}</table>`);
}

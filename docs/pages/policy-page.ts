import type { Rule } from "../../policies/rule";
import { rules } from "../../policies/rules";

const titles: Readonly<Record<Rule["topic"], string>> = {
  images: "Images",
  pods: "Pods",
  networking: "Networking",
  availability: "Availability",
  autoscaling: "Autoscaling",
  cost: "Cost",
  data: "Data",
  identity: "Identity",
  cloud: "Clouds",
};

const judges: Readonly<Record<Rule["scope"], string>> = {
  object: "preview, cluster",
  stack: "preview",
  cloud: "policy pack",
};

/** The reference page of rules. */
export function policyPage(): string {
  const sections = Object.entries(titles).map(([topic, title]) => section(title, topic as Rule["topic"]));
  return [
    "# Rules",
    "",
    "Made from `policies/rules`; change them there and run `npm run docs`. `petrichor policy explain RULE` tells more of one.",
    "",
    "`petrichor preview` and `petrichor up` judge every app before anything is applied, and the API server judges every request by the same",
    'expressions. Where the stack file says `policy: { enforcement: "deny" }` (the default), mandatory rules refuse; with `audit` they only warn.',
    "Advisory rules only ever warn. Namespaces of the cluster itself (`kube-system` and the like) are not judged by the server.",
    "An object may break a rule until a day that the stack file names:",
    "",
    "```ts",
    "policy: {",
    "  exemptions: [",
    '    { rule: "no-host-path", object: "DaemonSet metrics/agent", reason: "reads the disks of the node", owner: "team-metrics", expires: "2027-01-31" },',
    "  ],",
    "}",
    "```",
    "",
    ...sections,
  ].join("\n");
}

function section(title: string, topic: Rule["topic"]): string {
  const rows = rules.filter((rule) => rule.topic === topic).map(row);
  const heading = ["| rule | what must be so | level | judged by | asked for by |", "| --- | --- | --- | --- | --- |"];
  return [`## ${title}`, "", ...heading, ...rows, ""].join("\n");
}

function row({ name, title, level, scope, frameworks = {} }: Rule): string {
  const { podSecurity, cis, nsa } = frameworks;
  const asked = [
    ...(podSecurity === undefined ? [] : [`Pod Security ${podSecurity}`]),
    ...(cis === undefined ? [] : [`CIS ${cis}`]),
    ...(nsa === undefined ? [] : [`NSA: ${nsa}`]),
  ];
  return `| \`${name}\` | ${title} | ${level} | ${judges[scope]} | ${asked.join("; ")} |`;
}

import { addressesOf } from "../../components/app/objects/addresses";
import type { KubeObject } from "../../components/kube/object";
import type { ClusterPrices } from "../../components/policy/prices";
import type { Exemption } from "../../components/policy/settings";
import { type Cost, costOf } from "../../policies/cost";
import type { Verdict } from "../../policies/judge";
import type { Project } from "../../stacks/project";
import { refused, violation, whatIsWrong } from "../policies/findings";
import { type Difference, differences } from "./differences";
import type { InfrastructureReport } from "./infrastructure";
import { type Topology, topologyOf } from "./topology";

/** What a rule has against an object, for a reader and for a machine. */
export interface Finding {
  readonly rule: string;
  readonly title: string;
  readonly subject: string;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  /** `refused` keeps the environment from taking it; `exempt` has leave. */
  readonly verdict: "refused" | "reported" | "exempt";
  readonly file?: string;
  readonly line?: number;
  readonly exemption?: Exemption;
}

/** What happens to one app on one cluster. */
export interface AppReport {
  readonly app: string;
  readonly owner?: string;
  readonly file: string;
  readonly change: "added" | "changed" | "unchanged" | "removed";
  readonly differences: readonly Difference[];
  readonly addresses: readonly string[];
  /** A month of it, in the currency of the price file. Absent without a price file. */
  readonly cost?: Cost;
  readonly costBefore?: Cost;
}

/** What `up` would do to one cluster, for the people who review it. */
export interface ClusterReport {
  readonly stack: string;
  readonly cluster: string;
  readonly enforcement: "audit" | "deny";
  readonly apps: readonly AppReport[];
  /** What happens to the platform: engines and admission policies, as counts of objects. */
  readonly platform: readonly string[];
  readonly findings: readonly Finding[];
  /** Those of the stack file. */
  readonly exemptions: readonly Exemption[];
  readonly currency?: string;
  readonly budget?: number;
  readonly topology: Topology;
  /** Absent for clusters of others, and where nobody asked for it. */
  readonly infrastructure?: InfrastructureReport;
}

export interface ReportInput {
  /** The project's folder. */
  readonly root: string;
  readonly project: Project;
  readonly verdicts: readonly Verdict[];
  /** What the cluster was given last: the objects in the stack's state. */
  readonly before: readonly KubeObject[];
  readonly prices?: ClusterPrices;
  /** The objects of the engines and of admission. */
  readonly platform: readonly KubeObject[];
}

/** Compares what an environment was last given with what it comes to now. Pure but for the lines of findings, which are looked up in files. */
export function clusterReport(input: ReportInput): ClusterReport {
  const { project, prices } = input;
  const { policy } = project.stack;
  return {
    stack: stackName(project),
    cluster: project.cluster.name,
    enforcement: policy.enforcement,
    apps: appReports(input),
    platform: platformChanges(input),
    findings: input.verdicts.map((verdict) => finding(input, verdict)),
    exemptions: policy.exemptions,
    ...(prices === undefined ? {} : { currency: prices.currency }),
    ...(policy.monthlyBudget === undefined ? {} : { budget: policy.monthlyBudget }),
    topology: topologyOf(project),
  };
}

/** A report on the infrastructure of a cluster alone. */
export function infrastructureOnly(
  stack: string,
  cluster: string,
  enforcement: ClusterReport["enforcement"],
  infrastructure: InfrastructureReport,
): ClusterReport {
  const nothing = { apps: [], platform: [], findings: [], exemptions: [], topology: { nodes: [], edges: [] } };
  return { stack, cluster, enforcement, ...nothing, infrastructure };
}

function stackName({ name }: Project): string {
  return name.cluster === undefined ? name.environment : `${name.environment}.${name.cluster}`;
}

function appReports({ project, before, prices }: ReportInput): AppReport[] {
  const present = project.apps.map(({ model, objects }): AppReport => {
    const old = before.filter((object) => appOf(object) === model.name);
    const found = differences(old, objects);
    return {
      app: model.name,
      ...(model.owner === undefined ? {} : { owner: model.owner }),
      file: model.file,
      change: old.length === 0 ? "added" : found.length === 0 ? "unchanged" : "changed",
      differences: found,
      addresses: addressesOf(model, project.platform.capabilities).map(
        ({ url, scheme, port }) => url ?? `${scheme} port ${port}`,
      ),
      ...costs(objects, old, prices),
    };
  });
  const names = new Set(project.apps.map(({ model }) => model.name));
  const gone = new Set(before.flatMap((object) => appOf(object) ?? []).filter((name) => !names.has(name)));
  const removed = [...gone].sort().map((app): AppReport => {
    const old = before.filter((object) => appOf(object) === app);
    return {
      app,
      file: "",
      change: "removed",
      differences: differences(old, []),
      addresses: [],
      ...costs([], old, prices),
    };
  });
  return [...present, ...removed];
}

function costs(
  now: readonly KubeObject[],
  before: readonly KubeObject[],
  prices: ClusterPrices | undefined,
): Pick<AppReport, "cost" | "costBefore"> {
  if (prices === undefined) return {};
  return { cost: costOf(now, prices), ...(before.length === 0 ? {} : { costBefore: costOf(before, prices) }) };
}

/** The app that an object belongs to; nothing for the platform's own. */
export function appOf({ metadata }: KubeObject): string | undefined {
  const app = metadata.labels?.["app.kubernetes.io/part-of"];
  return app === "petrichor" ? undefined : app;
}

function platformChanges({ before, platform }: ReportInput): string[] {
  const key = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
  const old = new Set(before.filter((object) => appOf(object) === undefined).map(key));
  const now = new Set(platform.map(key));
  const added = [...now].filter((one) => !old.has(one)).length;
  const removed = [...old].filter((one) => !now.has(one)).length;
  return [
    ...(added === 0 ? [] : [`${added} objects of the platform are added`]),
    ...(removed === 0 ? [] : [`${removed} objects of the platform are removed`]),
  ];
}

function finding({ project, root }: ReportInput, verdict: Verdict): Finding {
  const { rule, subject, exemption } = verdict;
  const { place } = violation(project, root, verdict);
  const isRefused = project.stack.policy.enforcement === "deny" && refused([verdict]).length > 0;
  return {
    rule: rule.name,
    title: rule.title,
    subject,
    message: whatIsWrong(verdict),
    why: rule.why,
    fix: rule.remedy,
    verdict: exemption !== undefined ? "exempt" : isRefused ? "refused" : "reported",
    ...(place.file === undefined ? {} : { file: place.file }),
    ...(place.line === undefined ? {} : { line: place.line }),
    ...(exemption === undefined ? {} : { exemption }),
  };
}

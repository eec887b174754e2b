import { at, everyResource, listAt } from "../clouds";
import type { CloudRule } from "../rule";

const needed = ["audit", "authenticator"];

export const awsLogsKept: CloudRule = {
  scope: "cloud",
  cloud: "aws",
  name: "aws-logs-kept",
  topic: "cloud",
  title: "EKS logs who did what, and logs are kept for a set time",
  why: "After a break-in the audit log is all there is to learn from; without a set time, logs cost more every month.",
  remedy: "Turn the audit and authenticator logs on, and set retentionInDays of log groups",
  level: "mandatory",
  frameworks: { cis: "EKS 2.1.1" },
  judge: everyResource(["aws:eks/cluster:Cluster", "aws:cloudwatch/logGroup:LogGroup"], (properties, { type }) => {
    if (type === "aws:cloudwatch/logGroup:LogGroup") {
      return Number(at(properties, "retentionInDays") ?? 0) > 0 ? undefined : "retentionInDays is not set";
    }
    const missing = needed.filter((log) => !listAt(properties, "enabledClusterLogTypes").includes(log));
    return missing.length === 0 ? undefined : `it doesn't write the log ${missing.join(", ")}`;
  }),
};

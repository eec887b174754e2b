import type { ClusterReport } from "../../cli/report/report";
import type { Topology } from "../../cli/report/topology";

const node = (label: string, isPublic = false): Topology["nodes"][number] => ({
  id: `shop/${label}`,
  app: "shop",
  label,
  kind: "service",
  isPublic,
});
const topology: Topology = {
  nodes: [node("web", true), node("api"), node("db")],
  edges: [
    { from: "shop/web", to: "shop/api" },
    { from: "shop/api", to: "shop/db" },
    { from: "shop/web", to: "shop/db" },
    { from: "shop/db", to: "shop/api" },
  ],
};
const finding = {
  rule: "no-host-path",
  title: "Pods mount no folders of the node",
  subject: "apps/v1/Deployment shop/web",
  message: "volume <data> is the folder / of the node",
  why: "It reaches everything.",
  fix: "Use a persistent volume",
  file: "apps/shop/app.ts",
  line: 7,
} as const;
const exemption = {
  rule: "no-host-path",
  object: "Deployment shop/api",
  reason: "measures the node's disks",
  owner: "team-shop",
  expires: "2027-01-31",
};
/** A report that holds something of everything. */
export const sampleReport: ClusterReport = {
  stack: "prod.eu",
  cluster: "eu",
  enforcement: "deny",
  apps: [
    {
      app: "shop",
      owner: "team-shop",
      file: "apps/shop/app.ts",
      change: "changed",
      differences: [
        { aspect: "data", subject: "PersistentVolumeClaim old", before: "5Gi", risk: "the data is deleted" },
        { aspect: "replicas", subject: "Deployment web", before: "1", after: "0 to 9" },
      ],
      addresses: ["https://shop.example.com/"],
      cost: { min: 10, expected: 20, max: 40 },
      costBefore: { min: 10, expected: 10, max: 10 },
    },
    { app: "idle", file: "apps/idle/app.ts", change: "unchanged", differences: [], addresses: [] },
  ],
  platform: ["8 objects of the platform are added"],
  findings: [
    { ...finding, verdict: "refused" },
    { ...finding, subject: "apps/v1/Deployment shop/api", verdict: "exempt", exemption },
  ],
  exemptions: [exemption],
  currency: "EUR",
  budget: 30,
  topology,
};

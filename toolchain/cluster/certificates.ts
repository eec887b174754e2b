import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeJson } from "./files";
import type { Instance } from "./instance";
import type { Layout } from "./layout";
import { apiServiceAddress, dnsDomain } from "./network";

interface Certificate {
  /** File name without extension: `NAME.crt`, `NAME.key`. */
  readonly name: string;
  readonly commonName: string;
  readonly organization?: readonly string[];
  /** Names and addresses that it serves; none for a pure client. */
  readonly hosts?: readonly string[];
  readonly client?: boolean;
}

/** Valid days of a certificate. It is renewed at a start, so an instance that runs on must be restarted within a year. */
const certificateDays = 365;
const authorityDays = 3650;
const renewBeforeDays = 30;

/** Clients of the API server, by the name of their certificate and kubeconfig. */
export const clients = {
  admin: { commonName: "petrichor:admin", organization: ["system:masters"] },
  "kube-controller-manager": { commonName: "system:kube-controller-manager" },
  "kube-scheduler": { commonName: "system:kube-scheduler" },
  "kube-proxy": { commonName: "system:kube-proxy" },
  "load-balancer": { commonName: "petrichor:load-balancer" },
  "network-policies": { commonName: "petrichor:network-policies" },
} as const satisfies Record<string, Omit<Certificate, "name">>;

export type Client = keyof typeof clients | "kubelet";

export const clientNames: readonly Client[] = [...(Object.keys(clients) as (keyof typeof clients)[]), "kubelet"];

/** The API server as the kubelet sees it, when it fetches logs or runs a command in a container. */
export const kubeletClient = "petrichor:kube-apiserver-kubelet-client";

/** Every certificate of an instance, by the authority that signs it; three of them, so that none vouches for another's. */
export function certificatesOf({ name, link }: Instance): Record<string, readonly Certificate[]> {
  const services = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    `kubernetes.default.svc.${dnsDomain}`,
  ];
  return {
    ca: [
      {
        name: "kube-apiserver",
        commonName: "kube-apiserver",
        hosts: [...services, name, "localhost", "127.0.0.1", link.node, apiServiceAddress],
      },
      {
        name: "kube-apiserver-kubelet-client",
        commonName: kubeletClient,
        client: true,
      },
      { name: "kubelet-server", commonName: `system:node:${name}`, hosts: [name, link.node] },
      { name: "kubelet", commonName: `system:node:${name}`, organization: ["system:nodes"], client: true },
      ...Object.entries(clients).map(([client, subject]) => ({ name: client, ...subject, client: true })),
    ],
    "front-proxy-ca": [{ name: "front-proxy-client", commonName: "front-proxy-client", client: true }],
    "etcd-ca": [
      { name: "etcd", commonName: "etcd", hosts: ["localhost", "127.0.0.1"], client: true },
      { name: "kube-apiserver-etcd-client", commonName: "kube-apiserver-etcd-client", client: true },
    ],
  };
}

/** Makes the certificates that are missing, don't fit the instance any more, or expire within 30 days. */
export async function ensureCertificates(instance: Instance, layout: Layout, supervisor: string): Promise<void> {
  const authorities = Object.entries(certificatesOf(instance)).map(([name, certificates]) => ({
    name,
    days: authorityDays,
    certificates: certificates.map((certificate) => ({ ...certificate, days: certificateDays })),
  }));
  const file = join(layout.configuration, "certificates.json");
  await writeJson(file, { folder: layout.pki, renewBeforeDays, authorities, keys: ["service-account"] });
  await promisify(execFile)(supervisor, ["certificates", file]);
}

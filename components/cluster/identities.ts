/**
 * The parts of the platform that need rights in the cloud, with the service account each runs as. The cloud side (a role, a managed
 * identity) trusts exactly this account and nobody else.
 */
export const platformIdentities = {
  /** ExternalDNS: writes records in the cluster's zones. */
  dns: { namespace: "external-dns", serviceAccount: "external-dns" },
  /** cert-manager: answers DNS-01 challenges in the cluster's zones. */
  certificates: { namespace: "cert-manager", serviceAccount: "cert-manager" },
  /** Velero: writes backups to the cluster's bucket and takes volume snapshots. */
  backups: { namespace: "velero", serviceAccount: "velero" },
} as const;

export type PlatformIdentity = keyof typeof platformIdentities;

/** Kubernetes minor version, for example `1.36`. */
export type KubernetesVersion = `1.${number}`;

/**
 * Minor versions that a new cluster may run, newest first: those in standard support, so that no version costs extra and none is upgraded
 * by the cloud against our will. A version is added when the cloud offers it and taken away when its standard support ends.
 *
 * Sources: the release calendars of Amazon EKS (14 months of standard support) and of AKS (generally available, not long-term support), as of
 * November 2026.
 */
export const supportedVersions = {
  aws: ["1.36", "1.35", "1.34"],
  azure: ["1.37", "1.36", "1.35"],
} as const satisfies Record<string, readonly KubernetesVersion[]>;

/** Version of a new cluster whose stack names none: the newest that both clouds support. */
export const defaultVersion = "1.36" satisfies KubernetesVersion;

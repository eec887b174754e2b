import type { Instance } from "../instance";

/** Policy of the audit log: who changed what, without bodies, so that no Secret is ever written there. */
export function auditPolicy(): object {
  return {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules: [
      // Heartbeats and events change every few seconds and tell nothing about who did what.
      { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
      {
        level: "None",
        resources: [
          { group: "", resources: ["events"] },
          { group: "events.k8s.io", resources: ["events"] },
        ],
      },
      { level: "None", users: ["system:apiserver"] },
      { level: "None", userGroups: ["system:nodes"], verbs: ["get", "list", "watch", "patch", "update"] },
      { level: "Metadata", resources: [{ group: "", resources: ["secrets"] }] },
      { level: "Metadata", verbs: ["create", "update", "patch", "delete", "deletecollection"] },
    ],
  };
}

/** Secrets are unreadable in etcd's files without the instance's key. */
export function encryption({ encryptionKey }: Instance): object {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      {
        resources: ["secrets"],
        providers: [{ secretbox: { keys: [{ name: "key1", secret: encryptionKey }] } }, { identity: {} }],
      },
    ],
  };
}

/** Only the health endpoints answer somebody who doesn't say who they are. */
export function authentication(): object {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    anonymous: { enabled: true, conditions: ["/livez", "/readyz", "/healthz"].map((path) => ({ path })) },
  };
}

/**
 * Pods get the Pod Security Standard "baseline" unless their namespace asks for another one, and a warning where they
 * break "restricted".
 */
export function admission(): object {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [
      {
        name: "PodSecurity",
        configuration: {
          apiVersion: "pod-security.admission.config.k8s.io/v1",
          kind: "PodSecurityConfiguration",
          defaults: {
            ...{ enforce: "baseline", "enforce-version": "latest" },
            ...{ audit: "restricted", "audit-version": "latest" },
            ...{ warn: "restricted", "warn-version": "latest" },
          },
        },
      },
    ],
  };
}

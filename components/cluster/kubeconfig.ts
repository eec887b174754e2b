import { stringify } from "yaml";

/** A way into a cluster that holds no credential: a command prints a short-lived one. */
export interface KubeconfigArgs {
  /** Name of cluster, user and context in the file. */
  readonly name: string;
  /** Address of the API server, with scheme. */
  readonly server: string;
  /** Certificate authority of the API server: PEM in base64. */
  readonly certificateAuthority: string;
  /** Program that prints an ExecCredential. */
  readonly command: string;
  readonly args: readonly string[];
  /** What to do when the program is missing. */
  readonly installHint: string;
}

/** Writes a kubeconfig. */
export function kubeconfig({ name, server, certificateAuthority, command, args, installHint }: KubeconfigArgs): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": certificateAuthority } }],
    users: [
      {
        name,
        user: {
          // The newest version that the commands of both clouds print.
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command,
            args,
            interactiveMode: "IfAvailable",
            installHint,
          },
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

import { readFileSync } from "node:fs";
import type { SecretSource } from "../../components/deploy/secrets";
import { certificateFiles } from "../../components/platform/certificate";
import { certificateSecret, gatewayNamespace } from "../../components/platform/engines/envoy-gateway/names";
import type { Project } from "../project";

/** Knows the value of the gateway's certificate: on this machine's own clusters it is in files, which `petrichor up` makes. */
export function certificateOf({ stack, cluster }: Pick<Project, "stack" | "cluster">): SecretSource {
  return {
    valuesOf: ({ kind, metadata }) => {
      const isCertificate = metadata.name === certificateSecret && metadata.namespace === gatewayNamespace;
      if (kind !== "Secret" || !isCertificate || cluster.definition.kind !== "embedded") return undefined;
      const { certificate, key } = certificateFiles(stack.domain);
      return { "tls.crt": readFileSync(certificate, "utf8"), "tls.key": readFileSync(key, "utf8") };
    },
  };
}

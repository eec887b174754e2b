import type { AppModel, WorkloadModel } from "../../../app/model/types";
import type { ClusterFacts } from "../../../cluster/facts";
import { PetrichorError } from "../../../errors";
import { standardLabels } from "../../../kube/labels";
import { contentHash } from "../../../kube/names";
import type { KubeObject } from "../../../kube/object";
import { hasDomainCertificate, isUnderDomainCertificate, secretOf } from "../../certificates";
import type { CertificateSettings, EngineContext } from "../../engine";
import { platformLabels } from "../../namespace";
import { requireIdentity } from "../../workload-identity";
import { certificateSecret, gatewayNamespace, listeners, publicGateway } from "../envoy-gateway/names";
import { ownerOfHost } from "../envoy-gateway/owner";

const labels = platformLabels("cert-manager");
/** Name of the one issuer. */
const issuer = "acme";

/** Directories of Let's Encrypt: https://letsencrypt.org/docs/acme-protocol-updates/ and https://letsencrypt.org/docs/staging-environment/ */
const directories: Readonly<Record<string, string>> = {
  production: "https://acme-v02.api.letsencrypt.org/directory",
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
};

/** Who gives certificates, and the one of the stack's domain where it can be proved. */
export function certificateObjects(context: EngineContext): KubeObject[] {
  const { domain } = context.settings;
  return [
    acmeIssuer(context),
    ...(hasDomainCertificate(context) ? [certificate(certificateSecret, `*.${domain}`, labels)] : []),
  ];
}

/** The certificates of a workload's hosts that no other covers; hosts that several workloads share have one owner. */
export function hostCertificates(app: AppModel, workload: WorkloadModel, context: EngineContext): KubeObject[] {
  if (!("expose" in workload)) return [];
  return workload.expose.flatMap((expose) => {
    if (expose.type !== "route" || expose.certificate !== undefined) return [];
    if (isUnderDomainCertificate(expose.host, context) || ownerOfHost(app, expose.host)?.expose !== expose) return [];
    return [certificate(secretOf(expose.host, context), expose.host, standardLabels(app.name, workload.name))];
  });
}

/** Certificates stand where the gateway does, so that no app reads the keys of another, nor its own. */
function certificate(secretName: string, host: string, ownLabels: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: secretName, namespace: gatewayNamespace, labels: ownLabels },
    spec: {
      secretName,
      dnsNames: [host],
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      revisionHistoryLimit: 1,
    },
  };
}

function acmeIssuer({ facts, settings }: EngineContext): KubeObject {
  const { email, directory } = requireSettings(settings.certificates);
  const { dnsZones = [] } = facts;
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: issuer, labels },
    spec: {
      acme: {
        email,
        server: directories[directory] ?? directory,
        // Each directory knows accounts of its own.
        privateKeySecretRef: { name: `acme-account-${contentHash([directory])}` },
        solvers: [
          ...dnsZones.map((zone) => ({ selector: { dnsZones: [zone] }, dns01: byRecord(zone, facts) })),
          byHttp,
        ],
      },
    },
  };
}

/** An answer at the gateway's plain HTTP listener; it takes routes from its own namespace only, where the certificates are. */
const byHttp = {
  http01: {
    gatewayHTTPRoute: {
      parentRefs: [
        {
          group: "gateway.networking.k8s.io",
          kind: "Gateway",
          name: publicGateway,
          namespace: gatewayNamespace,
          sectionName: listeners.http,
        },
      ],
    },
  },
} as const;

function byRecord(zone: string, facts: ClusterFacts): Readonly<Record<string, unknown>> {
  const { azure, clientId } = requireIdentity("certificates", facts);
  if (azure === undefined) return { route53: {} };
  return {
    azureDNS: {
      environment: "AzurePublicCloud",
      subscriptionID: azure.subscription,
      resourceGroupName: azure.resourceGroup,
      hostedZoneName: zone,
      managedIdentity: { clientID: clientId },
    },
  };
}

function requireSettings(settings: CertificateSettings | undefined): CertificateSettings {
  if (settings !== undefined) return settings;
  throw new PetrichorError(
    "FIELD_MISSING",
    'the engine "cert-manager" asks an authority for certificates, and the stack doesn\'t say in whose name.',
    'Add `certificates: { email: "…" }` to the stack file.',
  );
}

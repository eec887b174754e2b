import type { EngineContext } from "./engine";
import { certificateSecret } from "./engines/envoy-gateway/names";
import { zoneOf } from "./zones";

type Context = Pick<EngineContext, "capabilities" | "facts" | "settings">;

/**
 * Whether one certificate is for every host directly below the domain: given by hand, or proved by a record in a zone of the cluster. An
 * authority that asks over HTTP gives none for a wildcard.
 */
export function hasDomainCertificate({ capabilities, facts, settings }: Context): boolean {
  return capabilities.certificates !== true || zoneOf(settings.domain, facts) !== undefined;
}

/** Whether a host that brings no certificate is answered with that of the domain. */
export function isUnderDomainCertificate(host: string, context: Context): boolean {
  return hasDomainCertificate(context) && host.replace(/^[^.]+\./, "") === context.settings.domain;
}

/** The Secret, in the gateway's namespace, of the certificate that a host without one of its own is answered with. */
export function secretOf(host: string, context: Context): string {
  const isAutomatic = context.capabilities.certificates === true && !isUnderDomainCertificate(host, context);
  return isAutomatic ? `certificate.${host}` : certificateSecret;
}

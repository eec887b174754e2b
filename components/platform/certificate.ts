import { X509Certificate } from "node:crypto";
import path from "node:path";
import { machineState } from "../machine";

/** Files of the certificate for every host of a domain, and of the authority that signed it, on this machine. */
export interface CertificateFiles {
  readonly folder: string;
  /** What clients trust. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Where this machine keeps the certificate of a domain whose clusters are its own. */
export function certificateFiles(domain: string): CertificateFiles {
  const folder = path.join(machineState(), "certificates", domain);
  const file = (name: string): string => path.join(folder, name);
  return { folder, authority: file("ca.crt"), certificate: file("public.crt"), key: file("public.key") };
}

/** What is wrong with a certificate for a host, as the clause that ends a sentence; nothing where clients that trust its authority take it. */
export function certificateProblem(pem: string, host: string, now: Date): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return "can't be read";
  }
  const { validFrom, validTo, subjectAltName = "nothing" } = certificate;
  if (new Date(validTo) <= now) return `ended on ${validTo}`;
  if (new Date(validFrom) > now) return `begins only on ${validFrom}`;
  return certificate.checkHost(host) === undefined ? `is for ${subjectAltName}` : undefined;
}

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

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runTool } from "../../support/embedded";

/** A certificate with its key, and the authority that signed it, as PEM. */
export interface Certificate {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes an authority of the test's own, and a certificate for hosts or, where there are none, for a client. */
export async function makeCertificate(folder: string, hosts: readonly string[]): Promise<Certificate> {
  const certificate = { name: "public", commonName: hosts[0] ?? "client", hosts, client: hosts.length === 0, days: 1 };
  const authorities = [{ name: "ca", days: 2, certificates: [certificate] }];
  const settings = `${folder}.json`;
  writeFileSync(settings, JSON.stringify({ folder, renewBeforeDays: 0, authorities, keys: [] }));
  await runTool("supervisor", "certificates", settings);
  const text = (name: string): string => readFileSync(path.join(folder, name), "utf8");
  return { authority: text("ca.crt"), certificate: text("public.crt"), key: text("public.key") };
}

/** What a Secret of type `kubernetes.io/tls` holds, in base64. */
export function tlsData({ certificate, key }: Certificate): Record<string, string> {
  return { "tls.crt": base64(certificate), "tls.key": base64(key) };
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

import type { Address } from "../../components/app/app";
import { colorsFor } from "../progress";
import { table } from "../table";

/** The addresses of every app among a stack's outputs; none where the stack was never made. */
export function addressesIn(outputs: Readonly<Record<string, unknown>>): readonly Address[] {
  return (outputs["addresses"] as readonly Address[] | undefined) ?? [];
}

/** Addresses that say where they lead by themselves need no second column. */
export function leadsElsewhere({ url, address }: Address): boolean {
  return url === undefined || address === undefined || new URL(url).host !== `${address.ip}:${address.port}`;
}

/** The addresses as a table for people. */
export function addressTable(addresses: readonly Address[]): string {
  const colors = colorsFor(process.stdout);
  const rows = addresses.map(({ app, workload, url, address }) => [
    `${app}/${workload}`,
    url ?? "none yet",
    address === undefined ? "" : `${address.ip}:${address.port}`,
  ]);
  return table([["WORKLOAD", "URL", "REACHED AT"].map((title) => colors.bold(title)), ...rows]);
}

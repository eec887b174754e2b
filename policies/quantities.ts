import { parseQuantity } from "../components/kube/quantity";

/** A quantity of Kubernetes as a number: cores for CPU, bytes for memory and storage. Nothing stands for 0. */
export function quantity(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return 0;
  return parseQuantity(value);
}

/** A number of bytes as people read it, for example `1.5 GiB`. */
export function sizeText(bytes: number): string {
  const large = bytes >= 2 ** 30 || bytes === 0;
  return `${rounded(bytes / 2 ** (large ? 30 : 20))} ${large ? "GiB" : "MiB"}`;
}

/** A number with at most two digits behind the point. */
export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}

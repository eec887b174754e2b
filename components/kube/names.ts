import { createHash } from "node:crypto";

/** Longest name of a DNS label, and so of a Namespace, a Service and a label's value (RFC 1123). */
export const dnsLabelLimit = 63;
/** Longest name of a CronJob: the controller adds 11 characters for each Job. */
export const cronJobLimit = 52;
/** Longest name of a StatefulSet whose pods' revision label still fits: the controller adds a hash of up to 11 characters. */
export const statefulSetLimit = 52;

/** A DNS label as RFC 1123 has it. */
export const dnsLabelPattern = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

const hashLength = 8;

/** The first eight hexadecimal digits of a text's SHA-256: enough to tell the objects of one namespace apart. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, hashLength);
}

/** `shortHash` of plain data; the order of an object's keys makes no difference. */
export function contentHash(value: unknown): string {
  return shortHash(JSON.stringify(sorted(value)));
}

/**
 * Joins parts with `-` to a name of at most `limit` characters. A longer one is cut and ends with a hash of all of it, so that two
 * long names that begin alike still differ.
 */
export function joinName(parts: readonly string[], limit = dnsLabelLimit): string {
  const whole = parts.join("-");
  if (whole.length <= limit) return whole;
  const hash = shortHash(parts.join("/"));
  return `${whole.slice(0, limit - hashLength - 1).replace(/-+$/, "")}-${hash}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}

/** A length of time: a whole number and a unit, for example `"250ms"`, `"30s"`, `"5m"`, `"2h"`, `"7d"`. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}`;
/** A length of time in whole seconds, for fields that Kubernetes counts in seconds. */
export type WholeDuration = `${number}${"s" | "m" | "h" | "d"}`;
/** A number of bytes in powers of 1024, for example `"128Mi"`, `"20Gi"`. */
export type Size = `${number}${"Ki" | "Mi" | "Gi" | "Ti"}`;
/** A share of processor time: whole or decimal cores (`"2"`, `"0.5"`) or thousandths of a core (`"250m"`). */
export type Cpu = `${number}` | `${number}m`;
/** A whole share of a hundred, for example `"70%"`. */
export type Percent = `${number}%`;

export const unitPatterns = {
  duration: /^(0|[1-9][0-9]{0,8})(ms|s|m|h|d)$/,
  wholeDuration: /^(0|[1-9][0-9]{0,8})(s|m|h|d)$/,
  size: /^([1-9][0-9]{0,8})(Ki|Mi|Gi|Ti)$/,
  cpu: /^([1-9][0-9]{0,6}m|(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?)$/,
  percent: /^(0|[1-9][0-9]?|100)%$/,
} as const;

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const bytes: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** Milliseconds in a duration. */
export function toMilliseconds(duration: Duration): number {
  return scaled(duration, unitPatterns.duration, milliseconds);
}

/** Seconds in a duration. */
export function toSeconds(duration: WholeDuration): number {
  return toMilliseconds(duration) / 1000;
}

/** Bytes in a size. */
export function toBytes(size: Size): number {
  return scaled(size, unitPatterns.size, bytes);
}

/** Thousandths of a core in a CPU quantity. */
export function toMillicores(cpu: Cpu): number {
  if (!unitPatterns.cpu.test(cpu)) throw new RangeError(`${cpu} is not a CPU quantity`);
  return cpu.endsWith("m") ? Number(cpu.slice(0, -1)) : Math.round(Number(cpu) * 1000);
}

/** The shortest CPU quantity of so many thousandths of a core. */
export function fromMillicores(millicores: number): Cpu {
  return millicores % 1000 === 0 ? `${millicores / 1000}` : `${millicores}m`;
}

/** The size with the largest unit that divides so many bytes; bytes are a multiple of 1024. */
export function fromBytes(count: number): Size {
  const unit = (["Ti", "Gi", "Mi"] as const).find((candidate) => count % (bytes[candidate] ?? 1) === 0) ?? "Ki";
  return `${count / (bytes[unit] ?? 1)}${unit}`;
}

/** The number before the percent sign. */
export function toPercent(percent: Percent): number {
  if (!unitPatterns.percent.test(percent)) throw new RangeError(`${percent} is not a percentage`);
  return Number(percent.slice(0, -1));
}

function scaled(text: string, pattern: RegExp, factors: Readonly<Record<string, number>>): number {
  const [, count, unit] = pattern.exec(text) ?? [];
  const factor = unit === undefined ? undefined : factors[unit];
  if (factor === undefined) throw new RangeError(`${text} has no known unit`);
  return Number(count) * factor;
}

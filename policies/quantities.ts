const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity of Kubernetes as a number: cores for CPU, bytes for memory and storage. Nothing stands for 0. */
export function quantity(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return 0;
  const [, count, unit = ""] = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([A-Za-z]*)$/.exec(value.trim()) ?? [];
  const factor = factors[unit];
  if (count === undefined || factor === undefined) throw new RangeError(`${value} is not a quantity`);
  return Number(count) * factor;
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

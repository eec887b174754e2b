import { type Percent, toPercent } from "../../../kube/units";

const units = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** Milliseconds as the Gateway API has durations (GEP-2257): hours, minutes, seconds and milliseconds, each a number of at most five digits. */
export function gatewayDuration(milliseconds: number): string {
  let rest = milliseconds;
  const parts = units.flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return parts.length === 0 ? "0s" : parts.join("");
}

/** The share of requests that something happens to; all of them where nothing is said. */
export function share(percent: Percent | undefined): number {
  return percent === undefined ? 100 : toPercent(percent);
}

/** Ports from the first to the last, both among them. */
export type Range = readonly [first: number, last: number];

export const everyPort: readonly Range[] = [[1, 65_535]];

/** The same ports in the fewest ranges, in ascending order. */
export function union(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort(([left], [right]) => left - right);
  return sorted.reduce<Range[]>((merged, [first, last]) => {
    const previous = merged.at(-1);
    if (previous === undefined || first > previous[1] + 1) return [...merged, [first, last]];
    return [...merged.slice(0, -1), [previous[0], Math.max(previous[1], last)]];
  }, []);
}

/** The ports that both have. */
export function intersection(left: readonly Range[], right: readonly Range[]): readonly Range[] {
  const common = left.flatMap(([first, last]) =>
    right.flatMap(([from, to]): Range[] => {
      const range: Range = [Math.max(first, from), Math.min(last, to)];
      return range[0] <= range[1] ? [range] : [];
    }),
  );
  return union(common);
}

/** Whether a port is one of them. */
export function includes(ranges: readonly Range[], port: number): boolean {
  return ranges.some(([first, last]) => first <= port && port <= last);
}

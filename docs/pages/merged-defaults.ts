/** Values by whom they hold for. */
export class Several {
  constructor(readonly values: ReadonlyMap<string, readonly string[]>) {}
}

/** One set of defaults from those of several holders: where they agree their value, else all with whom each holds for. */
export function mergedDefaults(all: readonly (readonly [holder: string, value: unknown])[]): unknown {
  const given = all.filter(([, value]) => value !== undefined);
  if (given.length > 0 && given.every(([, value]) => isMap(value))) {
    const maps = given as [string, Readonly<Record<string, unknown>>][];
    const names = [...new Set(maps.flatMap(([, value]) => Object.keys(value)))];
    return Object.fromEntries(
      names.map((name) => [name, mergedDefaults(maps.map(([holder, value]) => [holder, value[name]]))]),
    );
  }
  const values = new Map<string, string[]>();
  for (const [holder, value] of given) {
    const told = JSON.stringify(value);
    values.set(told, [...(values.get(told) ?? []), holder]);
  }
  return values.size > 1 ? new Several(values) : given[0]?.[1];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

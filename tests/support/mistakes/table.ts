/** One mistake and what it is answered with. */
export interface Row {
  /** The field that was written wrongly. */
  readonly field: string;
  /** Kind of the workload, or what else the field belongs to. */
  readonly kind: string;
  readonly errorClass: string;
  /** What was written there; nothing where the field was left out. */
  readonly value: unknown;
  readonly answer: string;
}

const longestValue = 28;

/**
 * The rows as a page for people: under a field what is answered to each mistake in it. Fields that are answered alike share their lines.
 * @param everyKind how many kinds there are; a field that so many have belongs to every kind
 */
export function mistakeTable(rows: readonly Row[], everyKind: number): string {
  const byField = grouped(rows, ({ field, kind }) => JSON.stringify([field, kind]));
  const alike = grouped([...byField], ([, own]) => [...new Set(own.map(lineOf))].join("\n"));
  return [...alike].map(([lines, fields]) => `${headings(fields, everyKind)}\n${lines}\n`).join("\n");
}

function lineOf({ errorClass, value, answer }: Row): string {
  return `  ${errorClass.padEnd(8)} ${shown(value).padEnd(longestValue)} ${answer}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "";
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

function headings(fields: readonly (readonly [key: string, rows: unknown])[], everyKind: number): string {
  const named = fields.map(([key]) => JSON.parse(key) as [field: string, kind: string]);
  return [...grouped(named, ([field]) => field)]
    .map(([field, having]) => {
      const kinds = having.length === everyKind ? "every kind" : having.map(([, kind]) => kind).join(", ");
      return `${field}  (${kinds})`;
    })
    .join("\n");
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

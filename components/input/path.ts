/** The way to a field: keys of objects and indexes of lists. */
export type FieldPath = readonly (string | number)[];

const identifier = /^[A-Za-z_$][\w$-]*$/;

/** Writes a path as its author would: `scale.on[0].cpu`, `files["/etc/app.conf"]`. */
export function formatPath(path: FieldPath): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (!identifier.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}

const token = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/**
 * Reads what `formatPath` wrote.
 * @throws SyntaxError for anything else
 */
export function parsePath(text: string): FieldPath {
  const path: (string | number)[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) throw new SyntaxError(`"${text}" is not the path of a field`);
    const [, name, index, quoted] = match;
    path.push(name ?? (index === undefined ? (JSON.parse(quoted ?? '""') as string) : Number(index)));
  }
  return path;
}

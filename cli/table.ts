/** Lays rows out in columns as wide as their widest cell; the first row is the heading. Cells may hold colour codes. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => visible(row[column] ?? ""))));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - visible(cell)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

// eslint-disable-next-line no-control-regex -- a colour code begins with the escape character
const colourCode = /\x1b\[[\d;]*m/g;

function visible(text: string): number {
  return text.replace(colourCode, "").length;
}

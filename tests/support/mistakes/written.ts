import { type FieldPath, formatPath } from "../../../components/input/path";

/** Data as a person writes it into a file. */
export interface Written {
  readonly text: string;
  /** Line of the field at a path, or of the nearest one around it that is there, from 1. */
  lineOf(path: FieldPath): number | undefined;
}

type Entries = readonly (readonly [part: string | number, value: unknown])[];

/** YAML in blocks, a field a line. */
export function asYaml(data: unknown): Written {
  const file = new File();
  const write = (value: unknown, path: FieldPath, indent: string): void => {
    for (const [part, inner] of entriesOf(value)) {
      const inside = entriesOf(inner);
      const start = `${indent}${typeof part === "number" ? "-" : `${JSON.stringify(part)}:`}`;
      if (inside.length === 0) file.line([...path, part], `${start} ${JSON.stringify(inner)}`);
      else if (typeof part === "string") {
        file.line([...path, part], start);
        write(inner, [...path, part], `${indent}  `);
      } else {
        file.mark([...path, part]);
        file.joinNext(start);
        write(inner, [...path, part], `${indent}  `);
      }
    }
  };
  write(data, [], "");
  return file;
}

/** A module that exports the data, a field a line. */
export function asTypeScript(data: unknown): Written {
  const file = new File();
  const write = (value: unknown, path: FieldPath, before: string, indent: string, end: string): void => {
    const inside = entriesOf(value);
    const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
    if (inside.length === 0) {
      file.line(path, `${indent}${before}${JSON.stringify(value)}${end}`);
      return;
    }
    file.line(path, `${indent}${before}${open}`);
    for (const [part, inner] of inside)
      write(inner, [...path, part], typeof part === "number" ? "" : `${JSON.stringify(part)}: `, `${indent}  `, ",");
    file.line(undefined, `${indent}${close}${end}`);
  };
  write(data, [], "export default ", "", ";");
  return file;
}

function entriesOf(value: unknown): Entries {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

class File implements Written {
  readonly #lines: string[] = [];
  readonly #places = new Map<string, number>();
  #start = "";

  get text(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  line(path: FieldPath | undefined, text: string): void {
    this.#lines.push(this.#start === "" ? text : `${this.#start}${text.slice(this.#start.length)}`);
    this.#start = "";
    if (path !== undefined && path.length > 0) this.#places.set(formatPath(path), this.#lines.length);
  }

  /** The place of something that begins on the next line. */
  mark(path: FieldPath): void {
    this.#places.set(formatPath(path), this.#lines.length + 1);
  }

  /** What the next line begins with, in the place of its indentation. */
  joinNext(start: string): void {
    this.#start += start.slice(this.#start.length);
  }

  lineOf(path: FieldPath): number | undefined {
    for (let length = path.length; length > 0; length--) {
      const line = this.#places.get(formatPath(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return undefined;
  }
}

import { readFileSync } from "node:fs";
import path from "node:path";
import type * as TypeScript from "typescript";
import { isCollection, LineCounter, parseDocument } from "yaml";
import type { FieldPath } from "../../components/input/path";

/**
 * The line on which a field stands in the file that a person wrote, from 1; where the field is missing, the line of the nearest part
 * around it. Nothing when the file tells too little, for example because the value is computed.
 * @param file relative to the project
 */
export function lineOf(root: string, file: string, field: FieldPath): number | undefined {
  const text = readFileSync(path.join(root, file), "utf8");
  return file.endsWith(".ts") ? lineInTypeScript(text, field) : lineInYaml(text, field);
}

function lineInYaml(text: string, field: FieldPath): number | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (let depth = field.length; depth > 0; depth--) {
    const offset = keyOffset(document.getIn(field.slice(0, depth - 1), true), field[depth - 1]);
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return undefined;
}

/** Where the key (or the list item) begins in the text. */
function keyOffset(parent: unknown, key: string | number | undefined): number | undefined {
  if (!isCollection(parent) || key === undefined) return undefined;
  for (const [index, item] of parent.items.entries()) {
    const node = typeof key === "number" ? (index === key ? item : undefined) : keyOf(item, key);
    const range = (node as { range?: readonly number[] | null } | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return undefined;
}

function keyOf(item: unknown, key: string): unknown {
  const pair = item as { key?: { value?: unknown } };
  return pair.key?.value === key ? pair.key : undefined;
}

function lineInTypeScript(text: string, field: FieldPath): number | undefined {
  // The compiler is needed only to say where a mistake is, so it is loaded only then.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const typescript = require("typescript") as typeof TypeScript;
  const source = typescript.createSourceFile("app.ts", text, typescript.ScriptTarget.Latest, true);
  const found = new ObjectWalker(typescript, source).find(field);
  return found === undefined ? undefined : source.getLineAndCharacterOfPosition(found.getStart(source)).line + 1;
}

/** Follows a path of fields through the object literals of a module, beginning at its default export. */
class ObjectWalker {
  constructor(
    private readonly typescript: typeof TypeScript,
    private readonly source: TypeScript.SourceFile,
  ) {}

  find(field: FieldPath): TypeScript.Node | undefined {
    let deepest: TypeScript.Node | undefined;
    let current = this.literal(this.source.statements.find(this.typescript.isExportAssignment)?.expression);
    for (const part of field) {
      const member = current === undefined ? undefined : this.member(current, part);
      if (member === undefined) return deepest;
      deepest = member;
      current = this.literal(this.typescript.isPropertyAssignment(member) ? member.initializer : member);
    }
    return deepest;
  }

  /** The object or list that an expression comes down to: `service({ … })`, `{ … } satisfies X`, or a constant of the module. */
  private literal(expression: TypeScript.Node | undefined): TypeScript.Node | undefined {
    const ts = this.typescript;
    if (expression === undefined) return undefined;
    if (ts.isObjectLiteralExpression(expression) || ts.isArrayLiteralExpression(expression)) return expression;
    if (ts.isCallExpression(expression))
      return this.literal(expression.arguments.find((one) => this.literal(one) !== undefined));
    if (
      ts.isAsExpression(expression) ||
      ts.isSatisfiesExpression(expression) ||
      ts.isParenthesizedExpression(expression)
    ) {
      return this.literal(expression.expression);
    }
    return ts.isIdentifier(expression) ? this.literal(this.constant(expression.text)) : undefined;
  }

  private constant(name: string): TypeScript.Node | undefined {
    const declarations = this.source.statements
      .filter(this.typescript.isVariableStatement)
      .flatMap((statement) => [...statement.declarationList.declarations]);
    return declarations.find(({ name: declared }) => declared.getText(this.source) === name)?.initializer;
  }

  private member(literal: TypeScript.Node, part: string | number): TypeScript.Node | undefined {
    const ts = this.typescript;
    if (ts.isArrayLiteralExpression(literal)) return literal.elements[Number(part)];
    if (!ts.isObjectLiteralExpression(literal)) return undefined;
    return literal.properties.find(({ name }) => {
      if (name === undefined || ts.isComputedPropertyName(name)) return false;
      return (ts.isStringLiteral(name) ? name.text : name.getText(this.source)) === String(part);
    });
  }
}

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import ts from "typescript";
import type { CloudRule, StackRule } from "../../../policies/rule";

const loadModule = createRequire(__filename);
const folder = path.resolve(__dirname, "../../../policies/rules");

/** A typed rule with one small change in what it judges by. */
export interface TypedMutant<Rule extends StackRule | CloudRule> {
  /** What was changed and where, for example `turn === into !== at 24`. */
  readonly change: string;
  readonly rule: Rule;
}

interface Change {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Every rule that differs from this one by one small change of its source: of a comparison, a path, a value, a step. */
export function typedMutants<Rule extends StackRule | CloudRule>({ name }: Rule): readonly TypedMutant<Rule>[] {
  const source = readFileSync(path.join(folder, `${name}.ts`), "utf8");
  const file = ts.createSourceFile(`${name}.ts`, source, ts.ScriptTarget.Latest, true);
  return judgingParts(file)
    .flatMap((part) => changesIn(part))
    .map(({ name: change, start, end, text }) => {
      const line = file.getLineAndCharacterOfPosition(start).line + 1;
      const changed = source.slice(0, start) + text + source.slice(end);
      return { change: `${change} at ${line}`, rule: evaluated(changed) as Rule };
    });
}

/** What a rule judges by: its `judge`, and the functions and values of its file that are no part of a message. */
function judgingParts(file: ts.SourceFile): ts.Node[] {
  const told = calledInMessages(file);
  return file.statements.flatMap((statement): ts.Node[] => {
    if (ts.isFunctionDeclaration(statement)) return told.has(statement.name?.text ?? "") ? [] : [statement];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ initializer }): ts.Node[] => {
      if (initializer === undefined) return [];
      if (!ts.isObjectLiteralExpression(initializer)) return [initializer];
      return initializer.properties.filter((property) => property.name?.getText() === "judge");
    });
  });
}

function calledInMessages(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node, inMessage: boolean): void => {
    if (inMessage && ts.isCallExpression(node)) names.add(node.expression.getText());
    node.forEachChild((child) => {
      visit(child, inMessage || ts.isTemplateExpression(node));
    });
  };
  visit(file, false);
  return names;
}

function changesIn(node: ts.Node): Change[] {
  // What a message says is not what a rule finds; a type is nothing at run time.
  if (ts.isTemplateExpression(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return [];
  const own = changesOf(node);
  const within: Change[] = [];
  node.forEachChild((child) => {
    within.push(...changesIn(child));
  });
  return [...own, ...within];
}

const swaps: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">"],
  "<=": ["<", ">"],
  ">": [">=", "<"],
  ">=": [">", "<"],
  "&&": ["||"],
  "||": ["&&"],
  "*": ["/"],
  "+": ["-"],
  some: ["every"],
  every: ["some"],
  endsWith: ["startsWith"],
  startsWith: ["endsWith"],
};

function changesOf(node: ts.Node): Change[] {
  const turn = (part: ts.Node, text: string): Change => ({
    name: `turn ${part.getText()} into ${text}`,
    start: part.getStart(),
    end: part.getEnd(),
    text,
  });
  const become = (name: string, text: string): Change => ({
    name,
    start: node.getStart(),
    end: node.getEnd(),
    text,
  });
  const swapped = (part: ts.Node): Change[] => (swaps[part.getText()] ?? []).map((text) => turn(part, text));
  if (ts.isBinaryExpression(node)) {
    const sides = /^(&&|\|\|)$/.test(node.operatorToken.getText())
      ? [
          become(`keep ${node.left.getText()} alone`, node.left.getText()),
          become(`keep ${node.right.getText()} alone`, node.right.getText()),
        ]
      : [];
    return [...swapped(node.operatorToken), ...sides];
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [become(`drop ! of ${node.getText()}`, node.operand.getText())];
  }
  if (ts.isConditionalExpression(node)) {
    return [node.whenTrue, node.whenFalse].map((branch) =>
      become(`always ${branch.getText()}`, `(${branch.getText()})`),
    );
  }
  if (ts.isStringLiteral(node)) return isMessage(node) ? [] : [turn(node, JSON.stringify(`${node.text}~`))];
  if (ts.isNumericLiteral(node)) return [turn(node, `${Number(node.text) + 1}`)];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [turn(node, "false")];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [turn(node, "true")];
  if (ts.isPropertyAccessExpression(node)) return changesOfAccess(node, swapped, turn);
  if (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "filter"
  ) {
    return [become(`drop filter(${node.arguments[0]?.getText() ?? ""})`, node.expression.expression.getText())];
  }
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 1) {
    return node.elements.map((element, index) =>
      become(
        `drop ${element.getText()} of the list`,
        `[${node.elements
          .filter((_, other) => other !== index)
          .map((one) => one.getText())
          .join(", ")}]`,
      ),
    );
  }
  return [];
}

/** A method may have an opposite; a field may be another. */
function changesOfAccess(
  node: ts.PropertyAccessExpression,
  swapped: (part: ts.Node) => Change[],
  turn: (part: ts.Node, text: string) => Change,
): Change[] {
  const called = ts.isCallExpression(node.parent) && node.parent.expression === node;
  return called ? swapped(node.name) : [turn(node.name, `${node.name.text}_`)];
}

/** Messages are sentences; names and paths have no spaces. */
function isMessage({ text }: ts.StringLiteral): boolean {
  return text.includes(" ");
}

function evaluated(source: string): unknown {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exports: Record<string, unknown> = {};
  const load = (id: string): unknown => loadModule(path.join(folder, id)) as unknown;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what it runs is a rule of this project with a change in it
  (new Function("exports", "require", outputText) as (...all: unknown[]) => void)(exports, load);
  const [rule] = Object.values(exports).filter((value) => typeof value === "object");
  if (rule === undefined) throw new TypeError("the file exports no rule");
  return rule;
}

import { appSchema } from "../../../components/app/definition/app";
import { type Kind, kinds } from "../../../components/app/definition/workload";
import { resolveApps } from "../../../components/app/model/resolve";
import { emptyRelease } from "../../../components/app/release";
import type { PetrichorError } from "../../../components/errors";
import { image } from "../apps";
import { type Cell, cellsOf } from "./cells";
import { schemaOf } from "./schema";

/** An app that is right but for one mistake. */
export interface Case extends Cell {
  /** Nothing for the app's own fields. */
  readonly kind?: Kind;
  readonly app: object;
}

/** Every field of the app file with every mistake that can be made in it, by what the field belongs to. */
export function everyCase(): readonly (readonly [of: string, cases: readonly Case[]])[] {
  return [["app", ownCases()], ...(Object.keys(kinds) as Kind[]).map((kind) => [kind, casesOf(kind)] as const)];
}

function casesOf(kind: Kind): Case[] {
  const needed = { kind, image, ...(kind === "cron" ? { schedule: "0 6 * * *" } : {}) };
  return cellsOf(schemaOf(kinds[kind]), [], (fields) => ({ ...needed, ...(fields as object) }))
    .filter(({ path: field }) => field.length > 0)
    .map((cell) => ({ ...cell, kind, app: { name: "shop", workloads: { web: without(cell) } } }));
}

function ownCases(): Case[] {
  const { workloads: _, ...properties } = schemaOf(appSchema).properties ?? {};
  const needed = { name: "shop", workloads: { web: { kind: "worker", image } } };
  return cellsOf({ type: "object", properties, required: ["name"] }, [], (fields) => ({
    ...needed,
    ...(fields as object),
  }))
    .filter(({ path: field }) => field.length > 0)
    .map((cell) => ({ ...cell, app: without(cell) }));
}

/** What is needed is there by itself, but where it is left out on purpose. */
function without({ errorClass, whole, path: field }: Cell): object {
  if (errorClass !== "missing" || field.length > 1) return whole as object;
  return Object.fromEntries(Object.entries(whole as object).filter(([name]) => name !== field[0]));
}

/** Resolves an app that stands in a file. */
export function resolveOne(file: string, definition: unknown): void {
  const stack = { environment: "dev", domain: "dev.example.com" };
  resolveApps({ definitions: [{ file, definition }], stack, release: emptyRelease });
}

/** What a person reads, without the place. */
export function textOf({ code, message, fix }: PetrichorError): string {
  return `${code} ${message} ${fix}`;
}

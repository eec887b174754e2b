import { writeFileSync } from "node:fs";
import path from "node:path";
import { PetrichorError } from "../../components/errors";
import { html } from "./html";
import { markdown } from "./markdown";
import type { ClusterReport } from "./report";
import { sarif } from "./sarif";

const forms: Readonly<Record<string, (reports: readonly ClusterReport[]) => string>> = {
  ".html": html,
  ".md": markdown,
  ".json": (reports) => `${JSON.stringify(reports, null, 2)}\n`,
  ".sarif": sarif,
};

/**
 * Checks that a report can be written in the form that a file's name asks for.
 * @throws PetrichorError REPORT_FORM_UNKNOWN
 */
export function requireForm(file: string): void {
  if (Object.hasOwn(forms, path.extname(file))) return;
  throw new PetrichorError(
    "REPORT_FORM_UNKNOWN",
    `a report can't be written to ${file}: its ending tells no form.`,
    `Give it one of ${Object.keys(forms).join(", ")}.`,
  );
}

/** Writes reports in the form that the file's name ends with. */
export function writeReports(file: string, reports: readonly ClusterReport[]): void {
  requireForm(file);
  writeFileSync(file, forms[path.extname(file)]?.(reports) ?? "");
}

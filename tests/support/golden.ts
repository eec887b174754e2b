import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";

/**
 * Compares text with the golden file of that path. `UPDATE_GOLDEN=1` writes it instead, to be reviewed like code; CI never does.
 */
export function expectGolden(path: string, text: string): void {
  if (process.env.UPDATE_GOLDEN === "1") {
    if (process.env.CI !== undefined) throw new Error("CI must not write golden files");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (!existsSync(path))
    throw new Error(`${relative(process.cwd(), path)} is missing: run the test with UPDATE_GOLDEN=1 and review it`);
  expect(text).toBe(readFileSync(path, "utf8"));
}

import type { Kind } from "./kinds";
import type { Scenario, Seen } from "./scenario";
import type { sources } from "./sources";

/** A row of the matrix: what an operation under a condition has to come to, for every kind that it concerns. */
export interface Case {
  readonly operation: string;
  readonly expectation: string;
  readonly source: keyof typeof sources;
  readonly only?: (kind: Kind) => boolean;
  readonly check: (seen: Seen, kind: Kind, scenario: Scenario) => void;
}

export const waits = ({ failure }: Kind): boolean => failure !== undefined;
export const rolls = ({ rolls }: Kind): boolean => rolls !== undefined;
export const alwaysReady = (kind: Kind): boolean => !waits(kind);
export const isDefinition = ({ kind }: Kind): boolean => kind === "CustomResourceDefinition";

/** The object is there, the state knows it, and nothing is wrong with it. */
export function expectHealthy({ after, state }: Seen): void {
  expect(after).toBeDefined();
  expect(state).toMatchObject({ id: expect.stringContaining(after?.metadata.name ?? "?") as string });
  expect(state?.initErrors ?? []).toEqual([]);
}

/** The object as it is belongs to the state, with all it says of itself as inputs. */
export function expectAdopted(seen: Seen): void {
  expectDone(seen, "import");
  expectHealthy(seen);
  expect(seen.state?.outputs).toMatchObject({ metadata: { uid: seen.after?.metadata.uid } });
  expect(seen.state?.inputs).toMatchObject({ metadata: { labels: seen.after?.metadata.labels } });
  expect(seen.state?.inputs).not.toHaveProperty("status");
  expect(seen.state?.inputs).not.toHaveProperty("metadata.managedFields");
}

/** Neither the object nor its entry in the state changed. */
export function expectUntouched({ before, after, state }: Seen): void {
  expect(after?.metadata.uid).toBe(before?.metadata.uid);
  expect(state).toBeDefined();
}

/** The engine took these steps, all of them to their end; a failure shows what was said. */
export function expectDone({ steps, message }: Seen, ...ops: readonly string[]): void {
  expect({ steps: steps.map(({ op, failed }) => `${op}${failed ? " failed" : ""}`), message }).toEqual({
    steps: ops.length > 0 ? ops : (expect.not.arrayContaining([expect.stringContaining("failed")]) as unknown),
    message: expect.any(String) as string,
  });
}

/** The engine took one step, which failed. */
export function expectFailed({ steps, message }: Seen, op: string): void {
  expect({ steps: steps.map(({ op, failed }) => `${op}${failed ? " failed" : ""}`), message }).toEqual({
    steps: [`${op} failed`],
    message: expect.any(String) as string,
  });
}

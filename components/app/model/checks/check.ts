import type { FieldPath } from "../../../input/path";
import type { ErrorCode } from "../../../error-codes";
import type { ResolveInput } from "../input";
import type { SettledApp } from "../resolve";
import type { Settled } from "../settle";

/** One workload and all that its fields may stand in relation to. */
export interface Checked {
  readonly app: SettledApp;
  readonly name: string;
  readonly workload: Settled;
  readonly apps: ReadonlyMap<string, SettledApp>;
  readonly input: ResolveInput;
  readonly report: (code: ErrorCode, path: FieldPath, message: string, fix: string) => void;
}

import type { FieldPath } from "../../../input/path";
import { countsRequests, type SettledScale } from "../scale";
import type { Settled } from "../settle";
import type { Checked } from "./check";

type Scaled = Extract<Settled, { kind: "service" | "worker" }>;

/** What a workload says of waking up must be carried out by something. */
export function checkColdStart({ app, name, report }: Checked, workload: Scaled, { min, max, on }: SettledScale): void {
  const coldStart = workload.scale?.coldStart;
  if (coldStart === undefined) return;
  const conflict = (path: FieldPath, message: string, fix: string): void => {
    report("FIELD_CONFLICT", ["scale", "coldStart", ...path], message, fix);
  };
  if (min > 0) {
    conflict(
      [],
      `scale.coldStart is given, and scale.min is ${min}: it never sleeps.`,
      "Take it out, or write min: 0.",
    );
    return;
  }
  const { budget, placeholder, fallback, minWarm } = coldStart;
  const ofRequests = budget !== undefined || placeholder !== undefined || fallback !== undefined;
  if (ofRequests && !on.some(countsRequests)) {
    const message = "scale.coldStart says what requests get, and no request wakes the workload.";
    conflict([], message, "Add { concurrency: … } to scale.on, or take it out.");
  }
  if (placeholder !== undefined && fallback !== undefined) {
    conflict(["fallback"], "scale.coldStart has a placeholder and a fallback.", "Keep one of them.");
  }
  if (minWarm !== undefined && minWarm > max) {
    const message = `scale.coldStart.minWarm (${minWarm}) is above scale.max (${max}).`;
    conflict(["minWarm"], message, "Raise max or lower minWarm.");
  }
  if (fallback === undefined) return;
  const target = app.settled.get(fallback);
  const path = ["scale", "coldStart", "fallback"];
  if (fallback === name) {
    conflict(["fallback"], "scale.coldStart.fallback is the workload itself.", "Name another one.");
  } else if (!app.names.has(fallback)) {
    const message = `scale.coldStart.fallback is "${fallback}", and the app has no such workload.`;
    report("LINK_UNKNOWN", path, message, "Name a service of the same app.");
  } else if (target !== undefined && (target.kind !== "service" || target.port === undefined)) {
    const message = `scale.coldStart.fallback is "${fallback}", a ${target.kind} that answers no requests.`;
    conflict(["fallback"], message, "Name a service with a port.");
  }
}

import type { Checked } from "./check";

/** The five fields of cron with the numbers they may hold; names are those that Kubernetes takes. */
const fields = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of the month", min: 1, max: 31, names: [] },
  {
    name: "month",
    min: 1,
    max: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  { name: "day of the week", min: 0, max: 7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
] as const;

const macros = new Set(["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]);

/** What is wrong with a cron schedule, as the clause that ends a sentence; nothing where Kubernetes takes it. */
export function scheduleProblem(schedule: string): string | undefined {
  if (macros.has(schedule)) return undefined;
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== fields.length)
    return `which has ${parts.length} ${parts.length === 1 ? "field" : "fields"} and not 5`;
  const wrong = fields.find((field, index) => !(parts[index] ?? "").split(",").every((part) => fits(part, field)));
  return wrong === undefined ? undefined : `whose ${wrong.name} is not within ${wrong.min} to ${wrong.max}`;
}

function fits(part: string, { min, max, names }: (typeof fields)[number]): boolean {
  const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  if (step !== undefined && (Number(step) < 1 || Number(step) > max)) return false;
  if (range === "*" || range === "?") return true;
  const [from, to, ...more] = range.split("-").map((text) => number(text, min, names));
  if (from === undefined || more.length > 0 || !inside(from, min, max)) return false;
  return to === undefined ? !range.includes("-") : inside(to, min, max) && from <= to;
}

function number(text: string, min: number, names: readonly string[]): number {
  const index = names.indexOf(text.toLowerCase());
  if (index !== -1) return index + min;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function inside(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}

/** Whether the machine's time zone data knows a name; Kubernetes refuses `Local` and needs IANA names. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name.includes("/") || name === "UTC";
  } catch {
    return false;
  }
}

/** Schedules and time zones that Kubernetes would refuse only when they are applied, or never run. */
export function checkSchedules({ workload, report }: Checked): void {
  if (workload.kind === "cron") {
    check(workload.schedule, ["schedule"], report);
    checkTimezone(workload.timezone, ["timezone"], report);
  }
  if ("scale" in workload) {
    workload.scale.on?.forEach((trigger, index) => {
      if (!("cron" in trigger)) return;
      const path = ["scale", "on", index, "cron"];
      check(trigger.cron.start, [...path, "start"], report);
      check(trigger.cron.end, [...path, "end"], report);
      checkTimezone(trigger.cron.timezone, [...path, "timezone"], report);
    });
  }
  for (const [name, volume] of Object.entries(workload.volumes)) {
    if ("backup" in volume) {
      check(volume.backup.schedule, ["volumes", name, "backup", "schedule"], report);
    }
  }
}

function check(schedule: string, path: (string | number)[], report: Checked["report"]): void {
  const wrong = scheduleProblem(schedule);
  if (wrong === undefined) return;
  const field = path.at(-1) ?? "";
  const fix = 'Write minute, hour, day, month and weekday, for example "0 6 * * 1-5".';
  report("FIELD_FORMAT", path, `${field} is "${schedule}", ${wrong}.`, fix);
}

function checkTimezone(timezone: string, path: (string | number)[], report: Checked["report"]): void {
  if (isTimezone(timezone)) return;
  const message = `${path.at(-1) ?? ""} is "${timezone}", which is no time zone.`;
  report("FIELD_VALUE", path, message, 'Write its IANA name, for example "Europe/Berlin".');
}

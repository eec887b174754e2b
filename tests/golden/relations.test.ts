import path from "node:path";
import { isTimezone, scheduleProblem } from "../../components/app/model/checks/schedule";
import { reservedName } from "../../components/app/model/checks/names";
import { resolveApps } from "../../components/app/model/resolve";
import { emptyRelease } from "../../components/app/release";
import { errorsOf } from "../support/apps";
import { expectGolden } from "../support/golden";
import { type Case, cases } from "../support/mistakes/relations";
import { routeCases } from "../support/mistakes/routes";

// What fields say together: what is refused is told in `mistakes/relations.txt`, word for word.

function told([, workloads, stack = {}, apps = {}]: Case): string[] {
  const errors = errorsOf(() =>
    resolveApps({
      definitions: [{ file: "apps/shop/app.ts", definition: { name: "shop", workloads } }],
      stack: { environment: "dev", domain: "dev.example.com", ...stack },
      release: { ...emptyRelease, apps },
    }),
  );
  return errors.map(
    ({ code, place, message, fix }) =>
      `${code} ${place.file ?? ""} ${place.app ?? ""}/${place.workload ?? ""} ${place.field ?? ""}: ${message} ${fix}`,
  );
}

test("what fields say together is refused in these words", () => {
  const text = [...cases, ...routeCases].map((one) => [`# ${one[0]}`, ...told(one)].join("\n"));
  expectGolden(path.join(__dirname, "mistakes/relations.txt"), `${text.join("\n\n")}\n`);
});

test.each([
  "* * * * *",
  "0 0 1 1 0",
  "59 23 31 12 7",
  "*/5 */23 ? JAN-dec sun-Sat",
  "0-59/59 0,12 1-1 feb,mar,apr,may,jun,jul,aug,sep,oct,nov mon,tue,wed,thu,fri",
  "  0 6 * * *  ",
  "0\t6 * * *",
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
])("%s is a schedule", (schedule) => {
  expect(scheduleProblem(schedule)).toBeUndefined();
});

test.each([
  ["@never", "which has 1 field and not 5"],
  ["", "which has 1 field and not 5"],
  ["0 6 * *", "which has 4 fields and not 5"],
  ["0 6 * * * *", "which has 6 fields and not 5"],
  ["60 6 * * *", "whose minute is not within 0 to 59"],
  ["-1 6 * * *", "whose minute is not within 0 to 59"],
  ["1- 6 * * *", "whose minute is not within 0 to 59"],
  ["1-2-3 6 * * *", "whose minute is not within 0 to 59"],
  ["1-60 6 * * *", "whose minute is not within 0 to 59"],
  ["5-4 6 * * *", "whose minute is not within 0 to 59"],
  ["1,x 6 * * *", "whose minute is not within 0 to 59"],
  ["1, 6 * * *", "whose minute is not within 0 to 59"],
  ["1.5 6 * * *", "whose minute is not within 0 to 59"],
  ["1x 6 * * *", "whose minute is not within 0 to 59"],
  ["x1 6 * * *", "whose minute is not within 0 to 59"],
  ["*/0 6 * * *", "whose minute is not within 0 to 59"],
  ["*/60 6 * * *", "whose minute is not within 0 to 59"],
  ["*/x 6 * * *", "whose minute is not within 0 to 59"],
  ["*/1/2 6 * * *", "whose minute is not within 0 to 59"],
  ["/5 6 * * *", "whose minute is not within 0 to 59"],
  ["0 24 * * *", "whose hour is not within 0 to 23"],
  ["0 6 0 * *", "whose day of the month is not within 1 to 31"],
  ["0 6 32 * *", "whose day of the month is not within 1 to 31"],
  ["0 6 * 0 *", "whose month is not within 1 to 12"],
  ["0 6 * 13 *", "whose month is not within 1 to 12"],
  ["0 6 * foo *", "whose month is not within 1 to 12"],
  ["0 6 * dec-jan *", "whose month is not within 1 to 12"],
  ["0 6 * * 8", "whose day of the week is not within 0 to 7"],
  ["0 6 * * tue-mon", "whose day of the week is not within 0 to 7"],
])("%s is no schedule", (schedule, problem) => {
  expect(scheduleProblem(schedule)).toBe(problem);
});

test.each([
  ["UTC", true],
  ["Europe/Berlin", true],
  ["Etc/UTC", true],
  ["Berlin", false],
  ["Local", false],
  ["EST", false],
  ["Mars/Olympus", false],
  ["", false],
])("%j is a time zone: %j", (name, known) => {
  expect(isTimezone(name)).toBe(known);
});

test.each([
  ["default", true],
  ["kube-system", true],
  ["kube-", true],
  ["petrichor-gateway", true],
  ["keda", true],
  ["cert-manager", true],
  ["external-dns", true],
  ["metallb-system", true],
  ["local-path-storage", true],
  ["kube", false],
  ["my-default", false],
  ["defaults", false],
  ["my-kube-system", false],
  ["kedas", false],
])("%s is reserved: %j", (name, is) => {
  expect(reservedName(name)).toBe(is);
});

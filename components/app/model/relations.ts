import { type Answering, checkCertificates } from "./checks/certificates";
import { checkHosts, type Taken } from "./checks/hosts";
import { checkImage } from "./checks/image";
import { checkCycles, checkLinks } from "./checks/links";
import { checkNames, reservedName } from "./checks/names";
import { checkPorts } from "./checks/ports";
import { checkRoutes } from "./checks/routes";
import { checkScale } from "./checks/scale";
import { checkSchedules } from "./checks/schedule";
import type { ResolveInput } from "./input";
import { problem, type Problems } from "./problems";
import type { SettledApp } from "./resolve";

const checks = [checkImage, checkPorts, checkRoutes, checkLinks, checkNames, checkScale, checkSchedules];

/** Checks what fields say together, within a workload, an app and the whole stack. */
export function checkRelations(apps: readonly SettledApp[], input: ResolveInput, problems: Problems): void {
  const taken: Taken = new Map();
  const answering: Answering = new Map();
  const byName = new Map(apps.map((app) => [app.app.name, app]));
  for (const app of apps) {
    const subject = { source: app.source, app: app.app.name };
    if (reservedName(app.app.name)) {
      const message = `name is "${app.app.name}", a namespace of Kubernetes or of the platform.`;
      problems.add(subject, problem("NAME_RESERVED", ["name"], message, "Take another name."));
    }
    for (const [name, workload] of app.settled) {
      const report = (...args: Parameters<typeof problem>): void => {
        problems.add({ ...subject, workload: name }, problem(...args));
      };
      const checked = { app, name, workload, apps: byName, input, report };
      for (const check of checks) check(checked);
      checkHosts(checked, taken);
      checkCertificates(checked, answering);
    }
  }
  checkCycles(apps, problems);
}

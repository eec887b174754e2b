import { closest } from "../../../input/suggest";
import { fullLink, targetKey } from "../links";
import { listens, portOf, settlePorts } from "../ports";
import type { Problems } from "../problems";
import type { SettledApp } from "../resolve";
import type { Settled } from "../settle";
import type { Checked } from "./check";

/** Links lead to a workload that is there, listens, and has the port that they name. */
export function checkLinks({ app, workload, apps, report }: Checked): void {
  for (const [prefix, written] of Object.entries(workload.links)) {
    const path = ["links", prefix];
    const shown = typeof written === "string" ? written : written.to;
    const { to, port } = fullLink(written, app.app.name);
    if (!isThere(apps, to)) {
      const own = targetKey(app.app.name, "");
      const meant = closest(to, namesOf(apps))?.replace(own, "");
      const fix = meant === undefined ? "Name a workload of this stack." : `Did you mean "${meant}"?`;
      report("LINK_UNKNOWN", path, `links.${prefix} leads to "${shown}", which is not there.`, fix);
      continue;
    }
    const target = settledAt(apps, to);
    // A target that is not well-formed is reported already.
    if (target === undefined) continue;
    const ports = listens(target) ? settlePorts(target) : [];
    if (ports.length === 0) {
      const message = `links.${prefix} leads to "${shown}", a ${target.kind} that listens on no port.`;
      report("PORT_UNKNOWN", path, message, "Give it a `port`, or take the link out.");
    } else if (portOf(ports, port) === undefined) {
      const message = `links.${prefix}.port is "${port ?? ""}", and "${shown}" has no such port.`;
      report("PORT_UNKNOWN", [...path, "port"], message, `Take one of ${ports.map(({ name }) => name).join(", ")}.`);
    }
  }
}

type Apps = Checked["apps"];

function namesOf(apps: Apps): string[] {
  return [...apps.values()].flatMap(({ app, names }) => [...names].map((name) => targetKey(app.name, name)));
}

function isThere(apps: Apps, key: string): boolean {
  const [app = "", workload = ""] = key.split("/");
  return apps.get(app)?.names.has(workload) === true;
}

function settledAt(apps: Apps, key: string): Settled | undefined {
  const [app = "", workload = ""] = key.split("/");
  return apps.get(app)?.settled.get(workload);
}

/** Reports each circle of workloads that wait for each other once: none of them would ever start. */
export function checkCycles(apps: readonly SettledApp[], problems: Problems): void {
  const waits = new Map<string, { app: SettledApp; name: string; to: { prefix: string; key: string }[] }>();
  for (const app of apps) {
    for (const [name, workload] of app.settled) {
      const to = Object.entries(workload.links).flatMap(([prefix, written]) => {
        const link = fullLink(written, app.app.name);
        return link.wait ? [{ prefix, key: link.to }] : [];
      });
      waits.set(targetKey(app.app.name, name), { app, name, to });
    }
  }
  const done = new Set<string>();
  const visit = (key: string, path: readonly string[]): void => {
    const node = waits.get(key);
    if (node === undefined || done.has(key)) return;
    for (const { prefix, key: next } of node.to) {
      const start = [...path, key].indexOf(next);
      if (start === -1) {
        visit(next, [...path, key]);
        continue;
      }
      const circle = [...[...path, key].slice(start), next].join(" → ");
      problems.add(
        { source: node.app.source, app: node.app.app.name, workload: node.name },
        {
          code: "LINK_CYCLE",
          path: ["links", prefix],
          message: `links.${prefix} closes a circle of workloads that wait for each other: ${circle}.`,
          fix: "Write wait: false in one of these links.",
        },
      );
    }
    done.add(key);
  };
  for (const key of waits.keys()) visit(key, []);
}

import { PetrichorError, type Place } from "../../components/errors";
import { keys } from "../../components/kube/labels";
import type { KubeObject } from "../../components/kube/object";
import type { Verdict } from "../../policies/judge";
import type { Project, RenderedApp } from "../../stacks/project";
import { stackFile } from "../../stacks/project/files";
import { located } from "../../stacks/project/located";

/** What keeps an environment that enforces from taking a project: verdicts on mandatory rules without leave. */
export function refused(verdicts: readonly Verdict[]): Verdict[] {
  return verdicts.filter(({ rule, exemption }) => rule.level === "mandatory" && exemption === undefined);
}

/** The other verdicts without leave: of advisory rules, and where the environment only looks, of all. */
export function reported(verdicts: readonly Verdict[], { enforcement }: { readonly enforcement: string }): Verdict[] {
  const denied = new Set(enforcement === "deny" ? refused(verdicts) : []);
  return verdicts.filter((verdict) => verdict.exemption === undefined && !denied.has(verdict));
}

/** A verdict as people are told it: where in their file, which rule, why, and what to do. */
export function violation(project: Project, root: string, verdict: Verdict): PetrichorError {
  const { rule, subject } = verdict;
  const message = `${subject} breaks the rule ${rule.name}: ${whatIsWrong(verdict)}. ${rule.why}`;
  const fix = `${rule.remedy}, or have it exempted in ${stackFile(root, project.name.environment)}.`;
  const error = new PetrichorError("POLICY_VIOLATED", message, fix, placeOf(project, root, verdict));
  try {
    return located(root, () => {
      throw error;
    });
  } catch (placed) {
    return placed as PetrichorError;
  }
}

/** What is wrong, without what to do about it. */
export function whatIsWrong({ rule, message }: Verdict): string {
  const remedy = `. ${rule.remedy}`;
  return message.endsWith(remedy) ? message.slice(0, -remedy.length) : message;
}

/** The app that an object belongs to, and the workload where it belongs to one. */
export function ownerOf(apps: readonly RenderedApp[], object: KubeObject): { app?: RenderedApp; workload?: string } {
  const app = apps.find(({ objects }) => objects.includes(object));
  const { labels = {} } = object.metadata;
  const name = labels[keys.workload] ?? labels["app.kubernetes.io/name"];
  const workload = app?.model.workloads.find((one) => one.name === name)?.name;
  return { ...(app === undefined ? {} : { app }), ...(workload === undefined ? {} : { workload }) };
}

/** The field that decides, in the file that has the last word on it: the stack's overrides, else the app's. */
function placeOf(project: Project, root: string, { rule, object }: Verdict): Place {
  const { app, workload } = ownerOf(project.apps, object);
  if (app === undefined) return { file: stackFile(root, project.name.environment), field: "policy" };
  const names = { app: app.model.name, ...(workload === undefined ? {} : { workload }) };
  if (workload === undefined) return { file: app.model.file, ...names, field: "name" };
  const settled = app.model.workloads.find(({ name }) => name === workload);
  const transformed = Object.keys(settled?.transform ?? {}).length > 0;
  const field = rule.field ?? (transformed ? "transform" : "kind");
  const [top = ""] = field.split(".");
  const overridden = Object.hasOwn(project.stack.overrides[names.app]?.[workload] ?? {}, top);
  return { file: overridden ? stackFile(root, project.name.environment) : app.model.file, ...names, field };
}

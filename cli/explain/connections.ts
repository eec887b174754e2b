import { connections } from "../../components/connectivity/connections";
import { connectionsText } from "../../components/connectivity/text";
import { PetrichorError } from "../../components/errors";
import { projectRoot, targets } from "../clusters";
import { colorsFor } from "../progress";
import { loadProject, requireApp } from "../../stacks/project";

/**
 * Prints who reaches whom of an app, or of one of its workloads, on each cluster of an environment.
 * @throws PetrichorError APP_UNKNOWN, WORKLOAD_UNKNOWN
 */
export function tellConnections(what: string, environment: string, json: boolean): void {
  const [app = "", workload] = what.split(".");
  const { bold } = colorsFor(process.stdout);
  const told = targets(environment).map(({ stackName }) => {
    const project = loadProject({ root: projectRoot, stack: stackName });
    const { model } = requireApp(project, app);
    if (workload !== undefined && !model.workloads.some(({ name }) => name === workload)) {
      const known = model.workloads.map(({ name }) => name).join(", ");
      throw new PetrichorError("WORKLOAD_UNKNOWN", `it has no workload "${workload}".`, `Take one of: ${known}.`, {
        app,
      });
    }
    const about = ({ name }: { readonly name: string }): boolean =>
      workload === undefined ? name.startsWith(`${app}/`) : name === `${app}/${workload}`;
    const all = connections(project.apps.flatMap(({ objects }) => objects));
    return { stack: stackName, all, about };
  });
  if (json) {
    const data = told.map(({ stack, all, about }) => ({
      stack,
      connections: all.filter(({ from, to }) => about(from) || about(to)),
    }));
    process.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
    return;
  }
  const texts = told.map(({ stack, all, about }) => {
    const text = connectionsText(all, about);
    return told.length === 1 ? text : `${bold(`In ${stack}:`)}\n${text}`;
  });
  process.stdout.write(texts.join("\n"));
}

import * as pulumi from "@pulumi/pulumi";
import { App } from "./components/app/app";
import { RollOuts } from "./components/app/roll-outs";
import { ClusterFoundation } from "./components/cluster/foundation";
import { SecretStore } from "./components/deploy/secrets";
import { Platform } from "./components/platform/platform";
import { Admission } from "./components/policy/admission";
import { admissionOf } from "./stacks/project/admission";
import { certificateOf } from "./stacks/project/certificate";
import { connect } from "./stacks/connect";
import { infrastructure } from "./stacks/infrastructure";
import { loadProject } from "./stacks/project";
import { parseStackName } from "./stacks/project/name";
import { isCloud } from "./stacks/stack";

/** From a stack's name to everything that belongs on its cluster. */
export = function program(): Record<string, unknown> | Promise<unknown> {
  const stack = pulumi.getStack();
  if (parseStackName(stack).layer === "infra") return infrastructure(__dirname, stack);
  const project = loadProject({ root: __dirname, stack });
  const cluster = connect(project);
  const { name, definition } = project.cluster;
  if (isCloud(definition)) new ClusterFoundation(name, { environment: project.stack.environment, cluster, definition });
  const secrets = new SecretStore(cluster.kubeconfig);
  const { engines, capabilities } = project.platform;
  const platform =
    engines.length === 0 ? undefined : new Platform("platform", { engines, cluster, secrets: certificateOf(project) });
  const gateway = platform === undefined ? {} : { gateway: platform.gateway };
  const common = { cluster, secrets, capabilities, rollOuts: new RollOuts(), ...gateway };
  const dependsOn = platform === undefined ? [] : [platform];
  const admission = new Admission("admission", { objects: admissionOf(project), cluster }, { dependsOn });
  const apps = project.apps.map(
    ({ model, objects }) => new App(model.name, { model, objects, ...common }, { dependsOn: admission }),
  );
  return { addresses: pulumi.all(apps.map((app) => app.addresses)).apply((addresses) => addresses.flat()) };
};

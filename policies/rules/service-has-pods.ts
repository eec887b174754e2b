import type { StackRule } from "../rule";
import { field, runningWorkloads, selects } from "../workloads";

export const serviceHasPods: StackRule = {
  scope: "stack",
  name: "service-has-pods",
  topic: "networking",
  title: "Services lead to pods of the same namespace",
  why: "A Service whose selector meets nothing takes connections and answers none of them.",
  remedy: "Let the selector name labels that the pods of a workload have",
  level: "mandatory",
  judge: (objects) => {
    const workloads = runningWorkloads(objects);
    return objects
      .filter(({ kind, spec }) => kind === "Service" && field(spec, "selector") !== undefined)
      .filter(
        ({ metadata, spec }) =>
          !workloads.some(
            ({ object, labels }) =>
              object.metadata.namespace === metadata.namespace &&
              selects({ matchLabels: field(spec, "selector") }, labels),
          ),
      )
      .map((object) => ({ object, message: "its selector meets no pods" }));
  },
};

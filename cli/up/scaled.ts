import type { ServiceModel, WorkerModel, WorkloadModel } from "../../components/app/model/types";
import type { Project } from "../../stacks/project";

type Replicated = ServiceModel | WorkerModel;

/** The workloads of a project whose number of replicas may change. */
export function replicatedWorkloads({ apps }: Pick<Project, "apps">): Replicated[] {
  return apps.flatMap(({ model }) => model.workloads.filter(isReplicated));
}

function isReplicated(workload: WorkloadModel): workload is Replicated {
  return workload.kind === "service" || workload.kind === "worker";
}

/** Whether an autoscaler of the stack owns the number of a workload's replicas. */
export function isScaled({ scale }: Replicated, { platform }: Pick<Project, "platform">): boolean {
  return platform.capabilities.autoscaling === true && scale.on.length > 0;
}

/** The parts of a Deployment that waking and handing over look at. */
export interface LiveDeployment {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly generation: number;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly {
      readonly manager?: string;
      readonly operation?: string;
      readonly fieldsV1?: { readonly "f:spec"?: Readonly<Record<string, unknown>> };
    }[];
  };
  readonly spec: { readonly replicas: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
  };
}

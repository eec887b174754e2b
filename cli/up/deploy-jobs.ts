import type { AppModel, HookModel, WorkloadModel } from "../../components/app/model/types";
import { PetrichorError } from "../../components/errors";

const phases = {
  preDeploy: "that must succeed before it rolls out failed, so what ran before still runs",
  postDeploy: "that must succeed after it has rolled out failed; the new version runs",
} as const;

/** Says of a crashed pod that it belongs to a deploy job, and what that means for the workload; other errors stay what they are. */
export function deployJobError(error: PetrichorError, models: readonly AppModel[]): PetrichorError {
  const { app, workload: pod } = error.place;
  if (error.code !== "APP_CRASHED" || pod === undefined) return error;
  const model = models.find(({ name }) => name === app);
  for (const workload of model?.workloads ?? []) {
    for (const phase of ["preDeploy", "postDeploy"] as const) {
      const hook = hooksOf(workload, phase).find(({ objectName }) => objectName === pod);
      if (hook === undefined) continue;
      return new PetrichorError(
        "DEPLOY_JOB_FAILED",
        `the job "${hook.name}" ${phases[phase]}: ${error.message}`,
        "Correct the job, then run the command again.",
        { app: workload.app, workload: workload.name },
        { cause: error },
      );
    }
  }
  return error;
}

function hooksOf(workload: WorkloadModel, phase: keyof typeof phases): readonly HookModel[] {
  return phase in workload ? (workload as Extract<WorkloadModel, Record<typeof phase, unknown>>)[phase] : [];
}

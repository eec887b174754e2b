import path from "node:path";
import { PetrichorError } from "../../../components/errors";
import { infrastructure } from "../../../stacks/infrastructure";
import { requireFrozen, type Project } from "../../../stacks/project";

const root = path.resolve(__dirname, "../../..");

async function refusal(work: () => Promise<unknown>): Promise<string> {
  const error: unknown = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PetrichorError) return String(error);
  throw new Error("nothing was refused");
}

test("a cluster that isn't ours to make has no infrastructure", async () => {
  expect(await refusal(() => infrastructure(root, "prod.datacenter.infra"))).toBe(
    'stack "prod.datacenter.infra": the cluster "datacenter" is existing: it has no infrastructure of ours. Work on its other stack, prod.datacenter. [INFRASTRUCTURE_NONE]',
  );
});

test("an unknown infrastructure stack is refused with the names there are", async () => {
  expect(await refusal(() => infrastructure(root, "prod.aws-us.infra"))).toContain("[STACK_UNKNOWN]");
});

test("frozen, nothing is decided that no file says", () => {
  const project = { stack: { environment: "prod" }, unrecorded: ["reports"], fresh: [] } as unknown as Project;
  expect(() => {
    requireFrozen(project);
  }).toThrow(expect.objectContaining({ code: "RELEASE_FROZEN" }) as Error);
  expect(() => {
    requireFrozen({ ...project, unrecorded: [] });
  }).not.toThrow();
});

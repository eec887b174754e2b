import { kubectlFor, type Target } from "../clusters";

/**
 * Checks that a cluster answers, before the engine waits for it.
 * @throws PetrichorError CLUSTER_UNREACHABLE
 */
export async function requireReachable(target: Target): Promise<void> {
  const kubectl = await kubectlFor(target);
  await kubectl.text("get", "--raw", "/readyz");
}

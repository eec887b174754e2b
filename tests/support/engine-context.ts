import { engines } from "../../components/platform/engines";
import type { EngineContext } from "../../components/platform/engine";
import { bundleFolder } from "../../components/platform/installed";
import { capabilitiesOf } from "../../components/platform/objects";
import { inNeedOrder } from "../../components/platform/order";
import { upstreamFrom } from "../../components/platform/upstream";
import { ensureManifests } from "../../toolchain/manifests";
import { factsWithWork, image } from "./apps";

/** Every engine, those that others need first. */
export const everyEngine = inNeedOrder(Object.values(engines));

/** A cluster that has work for every engine, all of which it runs. */
export const engineContext: EngineContext = {
  facts: factsWithWork,
  settings: {
    domain: "dev.example.com",
    owner: "dev",
    certificates: { email: "platform@example.com", directory: "staging" },
  },
  capabilities: capabilitiesOf(everyEngine),
  image: () => image,
  upstream: upstreamFrom(bundleFolder()),
};

/** Renders the manifests of every engine where the machine lacks them. */
export async function ensureEveryManifest(): Promise<void> {
  await ensureManifests(
    everyEngine.flatMap(({ upstream }) => upstream),
    { report: () => undefined },
  );
}

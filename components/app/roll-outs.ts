import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadName } from "./objects/sequence";

interface RollOut {
  readonly resources: Promise<readonly pulumi.Resource[]>;
  readonly tell: (resources: readonly pulumi.Resource[]) => void;
}

/**
 * What runs each workload of a program's apps: where an app finds the roll-outs in other apps that its own wait for, whichever of the apps
 * is made first. Circles of workloads that wait for each other are refused before (LINK_CYCLE).
 */
export class RollOuts {
  readonly #known = new Map<string, RollOut>();

  /** Tells what runs a workload. Every workload of every app has to be told once, or those who wait for it wait for ever. */
  tell(workload: WorkloadName, resources: readonly pulumi.Resource[]): void {
    this.#of(workload).tell(resources);
  }

  /** What runs some workloads, once their apps have been made. */
  async of(workloads: readonly WorkloadName[]): Promise<pulumi.Resource[]> {
    const found = await Promise.all(workloads.map((workload) => this.#of(workload).resources));
    return found.flat();
  }

  #of({ app, name }: WorkloadName): RollOut {
    const key = `${app}/${name}`;
    const known = this.#known.get(key) ?? rollOut();
    this.#known.set(key, known);
    return known;
  }
}

function rollOut(): RollOut {
  let tell: RollOut["tell"] = () => undefined;
  const resources = new Promise<readonly pulumi.Resource[]>((resolve) => {
    tell = resolve;
  });
  return { resources, tell };
}

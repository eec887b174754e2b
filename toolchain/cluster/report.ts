import type { BuildEvent } from "../build";

/** What a start is made of: `images` and `control plane` run side by side. */
export type ClusterStep = "configuration" | "images" | "control plane" | "system" | "node";

export type ClusterEvent =
  | { readonly type: "step started"; readonly step: ClusterStep }
  | { readonly type: "step finished"; readonly step: ClusterStep; readonly seconds: number }
  | { readonly type: "build"; readonly build: BuildEvent };

export type ClusterReport = (event: ClusterEvent) => void;

/** Tells a listener what is being done. */
export class Steps {
  constructor(private readonly report: ClusterReport = () => undefined) {}

  readonly build = (build: BuildEvent): void => {
    this.report({ type: "build", build });
  };

  async run<T>(step: ClusterStep, action: () => Promise<T>): Promise<T> {
    const began = performance.now();
    this.report({ type: "step started", step });
    const result = await action();
    this.report({ type: "step finished", step, seconds: Math.round((performance.now() - began) / 10) / 100 });
    return result;
  }
}

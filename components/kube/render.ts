import { type ApiObject, App, Chart, JsonPatch } from "cdk8s";
import type { KubeObject } from "./object";

/**
 * Renders constructs to plain objects, in the order in which they were made. Each call has a cdk8s App of its own, so that its cost
 * depends on this chart alone, and its labels and namespace are explicit.
 */
export function renderChart(build: (chart: Chart) => void): KubeObject[] {
  const chart = new Chart(new App(), "chart");
  build(chart);
  return chart.toJson() as KubeObject[];
}

/**
 * Changes an object after it is rendered. A patch of cdk8s's own (`addJsonPatch`) comes before the typed classes drop the fields that
 * they don't know, so it can't set a field that is younger than they are.
 */
export function patchRendered(object: ApiObject, ...operations: JsonPatch[]): void {
  const render = object.toJson.bind(object);
  object.toJson = () => JsonPatch.apply(render(), ...operations) as unknown;
}

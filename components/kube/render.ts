import { App, Chart } from "cdk8s";
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

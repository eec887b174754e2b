import { stringify } from "yaml";
import { gatewayNamespace } from "../envoy-gateway/names";
import { kedaNamespace } from "../keda/names";
import { scrapeSeconds } from "./names";

/** Meta labels that the search for pods gives each of their ports. */
const pod = {
  port: "__meta_kubernetes_pod_container_port_name",
  phase: "__meta_kubernetes_pod_phase",
  component: "__meta_kubernetes_pod_label_app_kubernetes_io_component",
  managedBy: "__meta_kubernetes_pod_label_app_kubernetes_io_managed_by",
} as const;

const running = { action: "drop", source_labels: [pod.phase], regex: "Pending|Succeeded|Failed|Completed" };

const named = [
  { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
  { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
  { source_labels: ["__meta_kubernetes_pod_label_app_kubernetes_io_name"], target_label: "workload" },
];

/** Of the thousands of series of a proxy, those that tell how its backends answer. */
const ofBackends = "envoy_cluster_upstream_(rq_time_(bucket|sum|count)|rq_xx|rq_total|rq_active|cx_active)";
/** Of an engine's series, those that tell what was decided and why; the rest is about its own machinery. */
const ofScaling = "(interceptor|keda|http_scaler|scaler)_.*";

/** What is measured: the gateway's proxies, the autoscaler, and every workload with a port named `metrics`. */
export function configuration(): string {
  return stringify({
    global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: "4s" },
    scrape_configs: [
      {
        job_name: "gateway",
        metrics_path: "/stats/prometheus",
        kubernetes_sd_configs: [pods(gatewayNamespace)],
        relabel_configs: [
          running,
          { action: "keep", source_labels: [pod.component], regex: "proxy" },
          { action: "keep", source_labels: [pod.port], regex: "metrics" },
          ...named,
        ],
        metric_relabel_configs: [keep(ofBackends)],
      },
      {
        job_name: "autoscaler",
        kubernetes_sd_configs: [pods(kedaNamespace)],
        relabel_configs: [
          running,
          // KEDA itself calls the port `http`.
          { action: "keep", source_labels: [pod.port], regex: "metrics|http" },
          ...named,
        ],
        metric_relabel_configs: [keep(ofScaling)],
      },
      {
        job_name: "workloads",
        kubernetes_sd_configs: [pods()],
        relabel_configs: [
          running,
          { action: "keep", source_labels: [pod.managedBy], regex: "petrichor" },
          { action: "keep", source_labels: [pod.port], regex: "metrics" },
          ...named,
        ],
        // A workload that tells more than this is a mistake, and would take the memory of all others.
        sample_limit: 5000,
      },
    ],
  });
}

function pods(namespace?: string): object {
  return { role: "pod", ...(namespace === undefined ? {} : { namespaces: { names: [namespace] } }) };
}

function keep(names: string): object {
  return { action: "keep", source_labels: ["__name__"], regex: names };
}

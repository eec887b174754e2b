/** Namespace of what keeps measurements; its role opens the way to the ports that workloads are measured at. */
export const telemetryNamespace = "petrichor-telemetry";
/** Name of the Service, the Deployment and everything else of it. */
export const prometheusName = "prometheus";
export const prometheusPort = 9090;
/** Where queries are answered, for pods of the cluster. */
export const prometheusAddress = `http://${prometheusName}.${telemetryNamespace}:${prometheusPort}`;
/** Seconds between two readings of each target: several fall into the shortest window that a query looks at. */
export const scrapeSeconds = 5;

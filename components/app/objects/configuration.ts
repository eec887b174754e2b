import { ApiObject } from "cdk8s";
import { k8s } from "../../kube/k8s";
import { keys } from "../../kube/labels";
import { joinName } from "../../kube/names";
import { connectionSecret } from "../model/links";
import type { SecretOrigin, WorkloadModel } from "../model/types";
import { labelsOf, type RenderContext } from "./context";
import { fileTexts, filesName } from "./pod";

/** What a workload's pods need before they start: its account, files and secrets. */
export function configurationObjects(context: RenderContext, workload: WorkloadModel): void {
  serviceAccount(context, workload);
  files(context, workload);
  madeSecret(context, workload, joinName([workload.objectName, "secrets"]), workload.secrets);
  if ("connection" in workload)
    madeSecret(context, workload, connectionSecret(workload.objectName), workload.connection);
  fetchedSecret(context, workload);
}

function serviceAccount({ app, chart }: RenderContext, workload: WorkloadModel): void {
  if (!workload.serviceAccount.own) return;
  const { azure, aws } = workload.identity;
  const annotations = {
    ...(azure === undefined ? {} : { "azure.workload.identity/client-id": azure }),
    ...(aws === undefined ? {} : { "eks.amazonaws.com/role-arn": aws }),
  };
  new k8s.KubeServiceAccount(chart, `${workload.name}/account`, {
    metadata: {
      name: workload.serviceAccount.name,
      namespace: workload.namespace,
      labels: labelsOf(app, workload),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    automountServiceAccountToken: false,
  });
}

function files({ app, chart }: RenderContext, workload: WorkloadModel): void {
  const data = fileTexts(workload.files);
  if (Object.keys(data).length === 0) return;
  new k8s.KubeConfigMap(chart, `${workload.name}/files`, {
    metadata: { name: filesName(workload), namespace: workload.namespace, labels: labelsOf(app, workload) },
    immutable: true,
    data,
  });
}

/** A Secret without data: `deploy` makes the values, so that none is ever part of what is rendered. */
function madeSecret(
  { app, chart }: RenderContext,
  workload: WorkloadModel,
  name: string,
  origins: Readonly<Record<string, SecretOrigin>>,
): void {
  if (Object.keys(origins).length === 0) return;
  new k8s.KubeSecret(chart, `${workload.name}/secret/${name}`, {
    metadata: {
      name,
      namespace: workload.namespace,
      labels: labelsOf(app, workload),
      annotations: { [keys.secret]: JSON.stringify(origins) },
    },
    type: "Opaque",
  });
}

/** Secrets of stores, which the External Secrets operator brings over; one object for each store. */
function fetchedSecret({ app, chart }: RenderContext, workload: WorkloadModel): void {
  const entries = Object.entries(workload.external);
  if (entries.length === 0) return;
  const name = joinName([workload.objectName, "fetched"]);
  new ApiObject(chart, `${workload.name}/fetched`, {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name, namespace: workload.namespace, labels: labelsOf(app, workload) },
    spec: {
      refreshInterval: "1h",
      target: { name },
      data: entries.map(([secretKey, { store, path, property }]) => ({
        secretKey,
        sourceRef: { storeRef: { kind: "ClusterSecretStore", name: store } },
        remoteRef: { key: path, ...(property === undefined ? {} : { property }) },
      })),
    },
  });
}

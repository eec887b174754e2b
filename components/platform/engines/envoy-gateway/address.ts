import type { AppModel, ExposeModel, WorkloadModel } from "../../../app/model/types";
import { standardLabels } from "../../../kube/labels";
import { joinName } from "../../../kube/names";
import type { KubeObject } from "../../../kube/object";
import type { EngineContext } from "../../engine";

export type Route = Extract<ExposeModel, { type: "route" }>;
export type Passthrough = Extract<ExposeModel, { type: "passthrough" }>;
export type Layer4 = Extract<ExposeModel, { type: "layer4" }>;

/** One address of a workload, and everything that its objects are made from. */
export interface AddressOf<Expose extends ExposeModel> {
  readonly app: AppModel;
  readonly workload: WorkloadModel;
  readonly expose: Expose;
  /** Name of its route. */
  readonly name: string;
  readonly context: EngineContext;
}

export const gatewayApiVersion = "gateway.networking.k8s.io/v1";
export const envoyApiVersion = "gateway.envoyproxy.io/v1alpha1";

/** The metadata of an object of an address; `more` tells several of one kind apart. */
export function metadataOf({ app, workload, name }: AddressOf<ExposeModel>, ...more: string[]): KubeObject["metadata"] {
  return {
    name: joinName([name, ...more]),
    namespace: workload.namespace,
    labels: standardLabels(app.name, workload.name),
  };
}

/** A policy's way of naming the object of the same namespace that it is for. */
export function targetRefs(kind: string, name: string): readonly Record<string, string>[] {
  return [{ group: "gateway.networking.k8s.io", kind, name }];
}

/** Whether an address is for gRPC. */
export function isGrpc({ expose }: AddressOf<Route>): boolean {
  return expose.port.protocol === "grpc";
}

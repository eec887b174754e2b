/** The parts of a ScaledObject or HorizontalPodAutoscaler that the commands look at. */
export interface Scaler {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly scaleTargetRef: { readonly name: string };
    readonly idleReplicaCount?: number;
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
  };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
  };
}

/** The parts of an event that the commands look at. */
export interface KubeEvent {
  readonly metadata: { readonly namespace: string; readonly creationTimestamp: string };
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly reason: string;
  readonly message: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

/** Something that an autoscaler decided. */
export interface Decision {
  /** RFC 3339. */
  readonly at: string;
  /** What it did and why, for people. */
  readonly text: string;
}

/** Reasons of events that change the number of replicas, or say why it could not be changed. */
const decisive = new Set([
  ...["SuccessfulRescale", "FailedRescale"],
  ...["KEDAScaleTargetActivated", "KEDAScaleTargetDeactivated"],
  ...["KEDAScaleTargetActivationFailed", "KEDAScaleTargetDeactivationFailed"],
]);

/** What the scalers of a workload decided, the last first. */
export function decisionsOf(scalers: readonly Scaler[], events: readonly KubeEvent[]): Decision[] {
  return events
    .filter(({ reason }) => decisive.has(reason))
    .filter(({ metadata, involvedObject }) =>
      scalers.some(
        (scaler) =>
          scaler.kind === involvedObject.kind &&
          scaler.metadata.name === involvedObject.name &&
          scaler.metadata.namespace === metadata.namespace,
      ),
    )
    .map((event) => ({ at: timeOf(event), text: inWords(event.message) }))
    .sort((left, right) => Date.parse(right.at) - Date.parse(left.at));
}

function timeOf({ lastTimestamp, eventTime, metadata }: KubeEvent): string {
  return lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
}

/** An event's message without the selectors and types that say nothing to people. */
function inWords(message: string): string {
  return message
    .replace(/\(&LabelSelector\{.*\}\)/, "")
    .replace(/^New size: (\d+); reason: /, "to $1: ")
    .replace(/^(Scaled|Deactivated) \S+ \S+ from (\d+) to (\d+)(, )?/, "$2 to $3: ")
    .replace(/: $/, ": no load");
}

/** What keeps the scalers of a workload from what they want; nothing where all is well. */
export function stateOf(scalers: readonly Scaler[]): string | undefined {
  const has = (type: string, status: string, reason?: string): boolean =>
    scalers.some(({ status: reported }) =>
      (reported?.conditions ?? []).some(
        (one) => one.type === type && one.status === status && (reason === undefined || one.reason === reason),
      ),
    );
  if (has("Fallback", "True")) return "fallback: a measurement is missing";
  if (has("ScalingLimited", "True", "TooManyReplicas")) return "at its most, and wants more";
  if (has("ScalingActive", "False", "FailedGetExternalMetric")) return "holds: a measurement is missing";
  return undefined;
}

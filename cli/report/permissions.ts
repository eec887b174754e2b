import type { KubeObject } from "../../components/kube/object";
import { podOf } from "../../policies/pods";
import { field } from "../../policies/workloads";
import type { Difference } from "./differences";

/** What becomes allowed that was not, and what is no longer: in the API, between pods, and to the internet. Pure. */
export function permissions(before: readonly KubeObject[], after: readonly KubeObject[]): Difference[] {
  const [old, now] = [before, after].map((objects) => new Set(objects.flatMap((object) => allowed(object))));
  const widened = [...(now ?? [])].filter((one) => old?.has(one) !== true);
  const narrowed = [...(old ?? [])].filter((one) => now?.has(one) !== true);
  return [
    ...widened.map((subject) => ({
      aspect: "permissions" as const,
      subject,
      after: "allowed",
      risk: "permissions are widened",
    })),
    ...narrowed.map((subject) => ({ aspect: "permissions" as const, subject, before: "taken back" })),
  ];
}

interface RoleRule {
  readonly verbs?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

function allowed(object: KubeObject): string[] {
  const { kind, metadata } = object;
  const { name } = metadata;
  if (kind === "Role" || kind === "ClusterRole") {
    const rules = (object.rules ?? []) as RoleRule[];
    return rules.flatMap(({ verbs = [], resources = [], nonResourceURLs = [] }) =>
      [...resources, ...nonResourceURLs].map((target) => `${kind} ${name}: ${verbs.join(", ")} ${target}`),
    );
  }
  if (kind === "RoleBinding" || kind === "ClusterRoleBinding") {
    const subjects = (object.subjects ?? []) as { readonly kind: string; readonly name: string }[];
    const role = String(field(object, "roleRef.name"));
    return subjects.map((subject) => `${subject.kind} ${subject.name} has the role ${role}`);
  }
  if (kind === "NetworkPolicy") return ways(object);
  const token = podOf(object)?.automountServiceAccountToken;
  return token === true ? [`${kind} ${name} reaches the Kubernetes API`] : [];
}

interface NetworkRule {
  readonly from?: readonly object[];
  readonly to?: readonly { readonly ipBlock?: { readonly cidr: string } }[];
}

/** Ways that a policy opens to everyone: from anywhere, or to the whole internet. */
function ways({ metadata, spec }: KubeObject): string[] {
  const ingress = (field(spec, "ingress") ?? []) as NetworkRule[];
  const egress = (field(spec, "egress") ?? []) as NetworkRule[];
  const open = ingress.some(({ from = [] }) => from.length === 0);
  const out = egress.some(({ to = [] }) => to.length === 0 || to.some(({ ipBlock }) => ipBlock?.cidr === "0.0.0.0/0"));
  return [
    ...(open ? [`everyone reaches ${metadata.name}`] : []),
    ...(out ? [`${metadata.name} reaches the internet`] : []),
  ];
}

import type { KubeObject } from "../../../components/kube/object";
import { clients, kubeletClient } from "../certificates";
import { clusterRole, clusterRoleBinding, user } from "./parts";

/** What the parts of the node may do that Kubernetes' own default roles don't give them. */
export function access(): KubeObject[] {
  const loadBalancer = "petrichor:load-balancer";
  const networkPolicies = "petrichor:network-policies";
  return [
    clusterRoleBinding(kubeletClient, "system:kubelet-api-admin", [user(kubeletClient)]),
    clusterRoleBinding("petrichor:kube-proxy", "system:node-proxier", [user(clients["kube-proxy"].commonName)]),
    clusterRole(loadBalancer, [
      { apiGroups: [""], resources: ["services"], verbs: ["list", "watch"] },
      { apiGroups: [""], resources: ["services/status"], verbs: ["update"] },
      { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    ]),
    clusterRoleBinding(loadBalancer, loadBalancer, [user(clients["load-balancer"].commonName)]),
    clusterRole(networkPolicies, [
      { apiGroups: [""], resources: ["pods", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list", "watch"] },
    ]),
    clusterRoleBinding(networkPolicies, networkPolicies, [user(clients["network-policies"].commonName)]),
  ];
}

import { stringify } from "yaml";
import type { KubeObject } from "../../../components/kube/object";
import {
  clusterRole,
  clusterRoleBinding,
  clusterWide,
  inNamespace,
  namespace,
  restrictedContainer,
  restrictedPod,
  role,
  roleBinding,
} from "./parts";

/** The StorageClass of volumes that name none. */
export const storageClass = "standard";

/** Folder in the node that holds the volumes. */
const volumesFolder = "/var/lib/volumes";
const program = "/volume-folder";

/** The local-path provisioner: a volume is a folder of the node. */
export function storage(image: string): KubeObject[] {
  const name = "local-path-provisioner";
  const account = { name, namespace: "local-path-storage" };
  const subjects = [{ kind: "ServiceAccount", ...account }] as const;
  const labels = { "app.kubernetes.io/name": name };
  return [
    // Its short-lived pods that make and remove folders have a path of the node mounted.
    namespace(account.namespace, "privileged"),
    inNamespace("v1", "ServiceAccount", account, { automountServiceAccountToken: false }),
    clusterRole(name, [
      { apiGroups: [""], resources: ["nodes", "persistentvolumeclaims"], verbs: ["get", "list", "watch"] },
      {
        apiGroups: [""],
        resources: ["persistentvolumes"],
        verbs: ["get", "list", "watch", "create", "patch", "update", "delete"],
      },
      { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
      { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get", "list", "watch"] },
    ]),
    clusterRoleBinding(name, name, subjects),
    role(account, [
      { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "create", "delete"] },
      { apiGroups: [""], resources: ["pods/log", "configmaps"], verbs: ["get", "list", "watch"] },
    ]),
    roleBinding(account, subjects),
    inNamespace("v1", "ConfigMap", account, {
      data: { "config.json": JSON.stringify(settings), "helperPod.yaml": stringify(helperPod(image)) },
    }),
    inNamespace("apps/v1", "Deployment", account, {
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        strategy: { type: "Recreate" },
        template: {
          metadata: { labels },
          spec: {
            ...restrictedPod,
            serviceAccountName: name,
            automountServiceAccountToken: true,
            priorityClassName: "system-cluster-critical",
            containers: [
              {
                ...restrictedContainer,
                name,
                image,
                args: [
                  "start",
                  "--config=/etc/config/config.json",
                  "--helper-pod-file=/etc/config/helperPod.yaml",
                  `--helper-image=${image}`,
                  `--namespace=${account.namespace}`,
                  `--service-account-name=${name}`,
                  `--configmap-name=${name}`,
                ],
                env: [
                  { name: "POD_NAMESPACE", value: account.namespace },
                  { name: "GOMEMLIMIT", value: "48MiB" },
                ],
                resources: { requests: { cpu: "10m", memory: "24Mi" }, limits: { memory: "96Mi" } },
                volumeMounts: [{ name: "config", mountPath: "/etc/config", readOnly: true }],
              },
            ],
            volumes: [{ name: "config", configMap: { name } }],
          },
        },
      },
    }),
    {
      ...clusterWide("storage.k8s.io/v1", "StorageClass", storageClass, {
        provisioner: "rancher.io/local-path",
        reclaimPolicy: "Delete",
        // A folder is made on the node that the pod is placed on.
        volumeBindingMode: "WaitForFirstConsumer",
      }),
      metadata: {
        name: storageClass,
        annotations: {
          "storageclass.kubernetes.io/is-default-class": "true",
          // A "local" volume is mounted by the kubelet, and a container that is started again before that writes beside it.
          defaultVolumeType: "hostPath",
        },
      },
    },
  ];
}

const settings = {
  nodePathMap: [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [volumesFolder] }],
  setupCommand: program,
  teardownCommand: program,
} as const;

/** Only root may write to the folder of all volumes, and deleting a volume means deleting files of any owner. */
function helperPod(image: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "volume-folder" },
    spec: {
      automountServiceAccountToken: false,
      priorityClassName: "system-node-critical",
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "volume-folder",
          image,
          imagePullPolicy: "Never",
          securityContext: {
            runAsUser: 0,
            runAsGroup: 0,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"], add: ["DAC_OVERRIDE", "FOWNER"] },
          },
        },
      ],
    },
  };
}

// Package diff compares a resource's recorded state with new inputs and says which changes need a replacement.
package diff

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// Mutability says whether ConfigMaps and Secrets are updated in place. By default they are replaced (autonamed ones
// under a new name, so that pods that mount them roll), as the official plugin does.
type Mutability struct {
	ConfigMaps bool
	Secrets    bool
}

// identity is what makes another object of an object.
var identity = []string{"metadata.name", "metadata.namespace"}

// ReplacingPaths lists the fields of an object whose change needs a replacement. `[*]` stands for every list element.
func ReplacingPaths(obj *unstructured.Unstructured, patch bool, mutable Mutability) []string {
	paths := append([]string{}, identity...)
	if patch {
		// A patch owns a few fields of somebody else's object; replacing that is not its business.
		return paths
	}
	gvk := objects.GroupVersionKind(obj)
	immutable, _, _ := unstructured.NestedBool(obj.Object, "immutable")
	switch (schema.GroupKind{Group: gvk.Group, Kind: gvk.Kind}) {
	case schema.GroupKind{Kind: "ConfigMap"}:
		if !mutable.ConfigMaps || immutable {
			paths = append(paths, "data", "binaryData")
		}
	case schema.GroupKind{Kind: "Secret"}:
		paths = append(paths, "type")
		if !mutable.Secrets || immutable {
			paths = append(paths, "data", "stringData")
		}
	}
	return append(paths, immutableFields[gvk.GroupKind()]...)
}

// immutableFields are those the API server refuses to change, per kind.
var immutableFields = map[schema.GroupKind][]string{
	{Group: "apps", Kind: "DaemonSet"}:  {"spec.selector"},
	{Group: "apps", Kind: "Deployment"}: {"spec.selector"},
	{Group: "apps", Kind: "StatefulSet"}: {
		"spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector", "spec.serviceName",
		"spec.volumeClaimTemplates",
	},
	{Group: "batch", Kind: "Job"}: {
		"spec.completions", "spec.parallelism", "spec.selector", "spec.template",
	},
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}: {"roleRef"},
	{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}:        {"roleRef"},
	{Group: "storage.k8s.io", Kind: "StorageClass"}:                  {"parameters", "provisioner"},
	{Kind: "PersistentVolumeClaim"}: {
		"spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName",
	},
	{Kind: "PersistentVolume"}: {
		"spec.awsElasticBlockStore", "spec.azureDisk", "spec.azureFile", "spec.cephfs", "spec.cinder", "spec.csi",
		"spec.fc", "spec.flexVolume", "spec.flocker", "spec.gcePersistentDisk", "spec.glusterfs", "spec.hostPath",
		"spec.iscsi", "spec.local", "spec.nfs", "spec.photonPersistentDisk", "spec.portworxVolume", "spec.quobyte",
		"spec.rbd", "spec.scaleIO", "spec.storageos", "spec.vsphereVolume",
	},
	{Kind: "Pod"}:           podFields,
	{Kind: "ResourceQuota"}: {"spec.scopes"},
	{Kind: "Service"}:       {"spec.clusterIP"},
}

var podFields = append([]string{
	"spec.affinity", "spec.automountServiceAccountToken", "spec.dnsConfig", "spec.dnsPolicy", "spec.enableServiceLinks",
	"spec.hostAliases", "spec.hostIPC", "spec.hostNetwork", "spec.hostPID", "spec.hostname", "spec.imagePullSecrets",
	"spec.nodeName", "spec.nodeSelector", "spec.overhead", "spec.preemptionPolicy", "spec.priority",
	"spec.priorityClassName", "spec.readinessGates", "spec.restartPolicy", "spec.runtimeClassName",
	"spec.schedulerName", "spec.securityContext", "spec.serviceAccount", "spec.serviceAccountName",
	"spec.shareProcessNamespace", "spec.subdomain", "spec.terminationGracePeriodSeconds", "spec.volumes",
}, append(containerFields("spec.containers[*]"), containerFields("spec.initContainers[*]")...)...)

func containerFields(prefix string) []string {
	fields := []string{
		"args", "command", "env", "image", "imagePullPolicy", "lifecycle", "livenessProbe", "ports", "readinessProbe",
		"resources", "securityContext", "stdin", "stdinOnce", "terminationMessagePath", "terminationMessagePolicy",
		"tty", "volumeDevices", "volumeMounts", "workingDir",
	}
	paths := make([]string, 0, len(fields))
	for _, field := range fields {
		paths = append(paths, prefix+"."+field)
	}
	return paths
}

package objects

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

const (
	packageName = "kubernetes"
	patchSuffix = "Patch"
	listSuffix  = "List"
)

// clusterScoped are the built-in kinds without a namespace. Asked only while no server can be.
var clusterScoped = map[string]bool{
	"APIService": true, "CertificateSigningRequest": true, "ClusterRole": true, "ClusterRoleBinding": true,
	"ClusterTrustBundle": true, "CSIDriver": true, "CSINode": true, "CustomResourceDefinition": true,
	"DeviceClass": true, "FlowSchema": true, "IngressClass": true, "IPAddress": true,
	"MutatingAdmissionPolicy": true, "MutatingAdmissionPolicyBinding": true, "MutatingWebhookConfiguration": true,
	"Namespace": true, "Node": true, "PersistentVolume": true, "PriorityClass": true,
	"PriorityLevelConfiguration": true, "ResourceSlice": true, "RuntimeClass": true, "SelfSubjectAccessReview": true,
	"SelfSubjectRulesReview": true, "ServiceCIDR": true, "StorageClass": true, "StorageVersionMigration": true,
	"SubjectAccessReview": true, "TokenReview": true, "ValidatingAdmissionPolicy": true,
	"ValidatingAdmissionPolicyBinding": true, "ValidatingWebhookConfiguration": true, "VolumeAttachment": true,
	"VolumeAttributesClass": true,
}

// KindOf reads group, version and kind out of a resource type such as `kubernetes:apps/v1:Deployment`. The core group
// is written `core/v1`; plain `v1`, as generic custom resources write it, means the same.
func KindOf(urn resource.URN) (schema.GroupVersionKind, error) {
	typ := urn.Type()
	if string(typ.Package()) != packageName {
		return schema.GroupVersionKind{}, fmt.Errorf("type %q does not belong to package %q", typ, packageName)
	}
	group, version, found := strings.Cut(string(typ.Module().Name()), "/")
	if !found {
		group, version = "", group
	}
	if group == "core" {
		group = ""
	}
	return schema.GroupVersionKind{Group: group, Version: version, Kind: string(typ.Name())}, nil
}

// GroupVersionKind reads the kind from the object itself, where the group "core" is an alias of the empty one.
func GroupVersionKind(obj *unstructured.Unstructured) schema.GroupVersionKind {
	apiVersion, _ := obj.Object["apiVersion"].(string)
	kind, _ := obj.Object["kind"].(string)
	apiVersion = strings.TrimPrefix(apiVersion, "core/")
	gv, err := schema.ParseGroupVersion(apiVersion)
	if err != nil {
		return schema.GroupVersionKind{}
	}
	return gv.WithKind(kind)
}

// IsPatch tells resources such as `DeploymentPatch`, which own a few fields of an object made elsewhere: the type ends
// in Patch while the object's kind does not. A custom resource whose own kind ends in Patch is not one.
func IsPatch(urn resource.URN, kind string) bool {
	name := string(urn.Type().Name())
	return strings.HasSuffix(name, patchSuffix) && name != kind && (kind == "" || name == kind+patchSuffix)
}

// IsList tells the built-in List kinds, which exist for manifests and can't be created.
func IsList(urn resource.URN) bool {
	gvk, err := KindOf(urn)
	if err != nil || !strings.HasSuffix(gvk.Kind, listSuffix) {
		return false
	}
	return gvk.Kind == listSuffix || scheme.Scheme.Recognizes(gvk) || IsBuiltIn(gvk.GroupVersion())
}

// IsBuiltIn tells groups that Kubernetes itself serves from those that custom resource definitions bring.
func IsBuiltIn(gv schema.GroupVersion) bool {
	switch gv.Group {
	case "apiextensions.k8s.io", "apiregistration.k8s.io":
		return true
	}
	return scheme.Scheme.IsVersionRegistered(gv)
}

// GuessNamespaced says whether a kind lives in a namespace, without asking a server. Custom kinds are taken for
// namespaced: most are, and creating the object corrects it.
func GuessNamespaced(gvk schema.GroupVersionKind) bool {
	return !(IsBuiltIn(gvk.GroupVersion()) && clusterScoped[strings.TrimSuffix(gvk.Kind, patchSuffix)])
}

// IsCRD tells CustomResourceDefinitions.
func IsCRD(obj *unstructured.Unstructured) bool {
	gvk := GroupVersionKind(obj)
	return gvk.Group == "apiextensions.k8s.io" && gvk.Kind == "CustomResourceDefinition"
}

// IsSecret tells core Secrets.
func IsSecret(obj *unstructured.Unstructured) bool {
	gvk := GroupVersionKind(obj)
	return gvk.Group == "" && gvk.Kind == "Secret"
}

// ID is the resource's ID in Pulumi: `namespace/name`, or the name alone for cluster-scoped objects.
func ID(obj *unstructured.Unstructured) string {
	if obj.GetNamespace() == "" {
		return obj.GetName()
	}
	return obj.GetNamespace() + "/" + obj.GetName()
}

// ParseID splits an ID into namespace (may be empty) and name.
func ParseID(id string) (namespace, name string) {
	if namespace, name, found := strings.Cut(id, "/"); found {
		return namespace, name
	}
	return "", id
}

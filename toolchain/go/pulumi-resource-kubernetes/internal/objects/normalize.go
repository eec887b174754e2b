package objects

import (
	"encoding/base64"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
)

// serverFields of metadata are written by the API server alone.
var serverFields = []string{
	"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields",
	"resourceVersion", "uid",
}

// Normalize brings inputs into the form in which the API server returns them, so that two ways to write one thing
// (`cpu: 1` and `cpu: "1000m"`, stringData and data) don't show as a difference. Objects with values that are not
// known yet, and kinds that this plugin has no Go type for, are only rid of fields that belong to the server.
func Normalize(obj *unstructured.Unstructured) *unstructured.Unstructured {
	normalized := obj
	if !HasUnknowns(obj) && IsBuiltIn(GroupVersionKind(obj).GroupVersion()) {
		normalized = normalizeBuiltIn(obj)
	}
	for _, field := range serverFields {
		unstructured.RemoveNestedField(normalized.Object, "metadata", field)
	}
	return normalized
}

func normalizeBuiltIn(obj *unstructured.Unstructured) *unstructured.Unstructured {
	switch {
	case IsCRD(obj):
		return normalizeCRD(obj.DeepCopy())
	case IsSecret(obj):
		return normalizeSecret(obj.DeepCopy())
	}
	typed, err := scheme.Scheme.New(GroupVersionKind(obj))
	if err != nil {
		return obj
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(obj.Object, typed); err != nil {
		// The API server words what is wrong with it better than a Go converter.
		return obj
	}
	object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		return obj
	}
	return Prune(&unstructured.Unstructured{Object: object}, obj)
}

// normalizeSecret does to stringData what the API server does to it: it overwrites data, key by key.
func normalizeSecret(obj *unstructured.Unstructured) *unstructured.Unstructured {
	stringData, found, err := unstructured.NestedStringMap(obj.Object, "stringData")
	if err != nil || !found {
		return obj
	}
	data, found, err := unstructured.NestedMap(obj.Object, "data")
	if err != nil {
		return obj
	}
	if !found {
		data = map[string]any{}
	}
	for key, value := range stringData {
		data[key] = base64.StdEncoding.EncodeToString([]byte(value))
	}
	obj.Object["data"] = data
	delete(obj.Object, "stringData")
	return obj
}

// normalizeCRD drops what the API server drops: a deprecated field at its default, and status.
func normalizeCRD(obj *unstructured.Unstructured) *unstructured.Unstructured {
	if preserve, found, err := unstructured.NestedBool(obj.Object, "spec", "preserveUnknownFields"); err == nil &&
		found && !preserve {
		unstructured.RemoveNestedField(obj.Object, "spec", "preserveUnknownFields")
	}
	delete(obj.Object, "status")
	return obj
}

// InputsFromLive derives inputs for an object that Pulumi meets for the first time (import, `get`): all it says of
// itself, without status and without what the server and controllers wrote.
func InputsFromLive(live *unstructured.Unstructured) *unstructured.Unstructured {
	inputs := live.DeepCopy()
	delete(inputs.Object, "status")
	for _, field := range serverFields {
		unstructured.RemoveNestedField(inputs.Object, "metadata", field)
	}
	for _, annotation := range []string{annotationDeploymentRevision, AnnotationLastApplied} {
		unstructured.RemoveNestedField(inputs.Object, "metadata", "annotations", annotation)
	}
	return inputs
}

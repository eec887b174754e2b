package objects

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// AssignName gives an object without a name one made from the resource's name and eight characters that follow from
// the engine's seed, and marks it as autonamed, so that a replacement may get a new name.
func AssignName(
	obj *unstructured.Unstructured, urn resource.URN, seed []byte, options *pulumirpc.CheckRequest_AutonamingOptions,
) error {
	if HasName(obj) || UsesGenerateName(obj) {
		return nil
	}
	metadata, ok := metadataOf(obj)
	if !ok {
		return nil
	}
	name, err := resource.NewUniqueName(seed, urn.Name()+"-", 0, 0, nil)
	if err != nil {
		return fmt.Errorf("make a name for %s: %w", urn.Name(), err)
	}
	if options != nil {
		switch options.GetMode() {
		case pulumirpc.CheckRequest_AutonamingOptions_DISABLE:
			return errors.New("autonaming is disabled, resource requires the .metadata.name field to be set")
		case pulumirpc.CheckRequest_AutonamingOptions_ENFORCE, pulumirpc.CheckRequest_AutonamingOptions_PROPOSE:
			name = options.GetProposedName()
		}
	}
	metadata["name"] = name
	SetAnnotation(obj, AnnotationAutonamed, "true")
	return nil
}

// AdoptName keeps the name that was made for the resource earlier.
func AdoptName(obj, old *unstructured.Unstructured) {
	if HasName(obj) || UsesGenerateName(obj) || !IsAutonamed(old) || old.GetName() == "" {
		return
	}
	if metadata, ok := metadataOf(obj); ok {
		metadata["name"] = old.GetName()
		SetAnnotation(obj, AnnotationAutonamed, "true")
	}
}

// IsAutonamed reports whether the provider made the object's name.
func IsAutonamed(obj *unstructured.Unstructured) bool {
	return IsAnnotationTrue(obj, AnnotationAutonamed)
}

// HasName reports whether metadata.name is given, even if its value is not known yet.
func HasName(obj *unstructured.Unstructured) bool { return hasMetadata(obj, "name") }

// UsesGenerateName reports whether the API server is asked to make the name.
func UsesGenerateName(obj *unstructured.Unstructured) bool {
	return !HasName(obj) && hasMetadata(obj, "generateName")
}

func hasMetadata(obj *unstructured.Unstructured, field string) bool {
	metadata, ok := obj.Object["metadata"].(map[string]any)
	if !ok {
		// The whole of metadata is still unknown: a name may be in it.
		return obj.Object["metadata"] != nil
	}
	switch value := metadata[field].(type) {
	case nil:
		return false
	case string:
		return value != ""
	default:
		return true
	}
}

// metadataOf returns the metadata to write to, making it where it is missing, and false where it is not known yet.
func metadataOf(obj *unstructured.Unstructured) (map[string]any, bool) {
	if obj.Object["metadata"] == nil {
		obj.Object["metadata"] = map[string]any{}
	}
	metadata, ok := obj.Object["metadata"].(map[string]any)
	return metadata, ok
}

// DefaultNamespace sets the namespace of an object that names none.
func DefaultNamespace(obj *unstructured.Unstructured, namespace string) {
	if metadata, ok := metadataOf(obj); ok && !hasMetadata(obj, "namespace") {
		metadata["namespace"] = namespace
	}
}

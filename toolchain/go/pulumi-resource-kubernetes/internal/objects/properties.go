package objects

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// The SDKs can't name a property with dashes, so the schema of a CustomResourceDefinition writes these with
// underscores; the API server wants the dashes.
var dashedKeys = map[string]string{
	"x_kubernetes_embedded_resource":       "x-kubernetes-embedded-resource",
	"x_kubernetes_int_or_string":           "x-kubernetes-int-or-string",
	"x_kubernetes_list_map_keys":           "x-kubernetes-list-map-keys",
	"x_kubernetes_list_type":               "x-kubernetes-list-type",
	"x_kubernetes_map_type":                "x-kubernetes-map-type",
	"x_kubernetes_preserve_unknown_fields": "x-kubernetes-preserve-unknown-fields",
	"x_kubernetes_validations":             "x-kubernetes-validations",
}

var underscoredKeys = func() map[string]resource.PropertyKey {
	reversed := make(map[string]resource.PropertyKey, len(dashedKeys))
	for underscored, dashed := range dashedKeys {
		reversed[dashed] = resource.PropertyKey(underscored)
	}
	return reversed
}()

// FromProperties turns Pulumi properties into an object as the API server knows it: no secrets' wrapping, dashed keys.
// Values that are not known yet stay in it as resource.Computed.
func FromProperties(properties resource.PropertyMap) *unstructured.Unstructured {
	object := properties.MapRepl(
		underscoresToDashes,
		unwrap,
	)
	if object == nil {
		object = map[string]any{}
	}
	return &unstructured.Unstructured{Object: object}
}

// ToProperties is the way back. Secrets have to be marked again, see MarkSecrets.
func ToProperties(obj *unstructured.Unstructured) resource.PropertyMap {
	return resource.NewPropertyMapFromMapRepl(obj.Object,
		func(key string) (resource.PropertyKey, bool) {
			underscored, ok := underscoredKeys[key]
			return underscored, ok
		},
		nil,
	)
}

// HasUnknowns reports whether any value of the object is not known yet.
func HasUnknowns(obj *unstructured.Unstructured) bool { return hasUnknowns(obj.Object) }

func hasUnknowns(value any) bool {
	switch value := value.(type) {
	case resource.Computed, resource.Output:
		return true
	case map[string]any:
		for _, v := range value {
			if hasUnknowns(v) {
				return true
			}
		}
	case []any:
		for _, v := range value {
			if hasUnknowns(v) {
				return true
			}
		}
	}
	return false
}

// unwrap strips what Pulumi adds around a value. Whole numbers become int64, which is how client-go writes them.
func unwrap(value resource.PropertyValue) (any, bool) {
	switch {
	case value.IsSecret():
		return value.SecretValue().Element.MapRepl(underscoresToDashes, unwrap), true
	case value.IsOutput():
		output := value.OutputValue()
		if !output.Known {
			return resource.Computed{Element: output.Element}, true
		}
		return output.Element.MapRepl(underscoresToDashes, unwrap), true
	case value.IsNumber():
		if number := value.NumberValue(); number == float64(int64(number)) {
			return int64(number), true
		}
	}
	return nil, false
}

func underscoresToDashes(key string) (string, bool) {
	dashed, ok := dashedKeys[key]
	return dashed, ok
}

package main

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	utiljson "sigs.k8s.io/json"

	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/certificates/install"
	_ "k8s.io/kubernetes/pkg/apis/coordination/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/discovery/install"
	_ "k8s.io/kubernetes/pkg/apis/events/install"
	_ "k8s.io/kubernetes/pkg/apis/flowcontrol/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/resource/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
)

// form says in which of its two shapes an object is judged.
type form string

const (
	// raw is the object as it is written, before any server has seen it.
	raw form = "raw"
	// admitted is the object as the API server hands it to admission policies: decoded into its type, defaults filled in,
	// through the internal version and back. Kinds that are not built in stay as they are.
	admitted form = "admitted"
)

// parse reads an object in the given form.
func parse(data json.RawMessage, as form) (runtime.Object, error) {
	object := &unstructured.Unstructured{}
	if err := utiljson.UnmarshalCaseSensitivePreserveInts(data, &object.Object); err != nil {
		return nil, fmt.Errorf("the object is not valid JSON: %w", err)
	}
	dropNulls(object.Object)
	if as == raw || !legacyscheme.Scheme.Recognizes(object.GroupVersionKind()) {
		return object, nil
	}
	return fromScheme(data, object.GroupVersionKind())
}

// dropNulls takes fields away that are null: the API server takes them for absent.
func dropNulls(fields map[string]any) {
	for key, value := range fields {
		if value == nil {
			delete(fields, key)
			continue
		}
		dropNullsWithin(value)
	}
}

func dropNullsWithin(value any) {
	switch value := value.(type) {
	case map[string]any:
		dropNulls(value)
	case []any:
		for _, item := range value {
			dropNullsWithin(item)
		}
	}
}

func fromScheme(data json.RawMessage, kind schema.GroupVersionKind) (runtime.Object, error) {
	decoded, _, err := legacyscheme.Codecs.UniversalDeserializer().Decode(data, &kind, nil)
	if err != nil {
		return nil, err
	}
	legacyscheme.Scheme.Default(decoded)
	internal, err := legacyscheme.Scheme.ConvertToVersion(decoded, runtime.InternalGroupVersioner)
	if err != nil {
		return nil, err
	}
	object, err := legacyscheme.Scheme.ConvertToVersion(internal, kind.GroupVersion())
	if err != nil {
		return nil, err
	}
	object.GetObjectKind().SetGroupVersionKind(kind)
	return object, nil
}

type admitRequest struct {
	Objects []json.RawMessage `json:"objects"`
}

type admitResult struct {
	Object runtime.Object `json:"object,omitempty"`
	// Error says why the API server could not read the object.
	Error string `json:"error,omitempty"`
}

// admit shows objects as the API server hands them to admission policies.
func admit(r *admitRequest) ([]admitResult, error) {
	results := make([]admitResult, len(r.Objects))
	for i, data := range r.Objects {
		object, err := parse(data, admitted)
		if err != nil {
			results[i].Error = err.Error()
			continue
		}
		results[i].Object = object
	}
	return results, nil
}

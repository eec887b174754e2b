package objects

import (
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Prune keeps of a live object what the shape (the inputs it came from) also has. What the server filled in by default
// and what others added falls away, so that comparing it with new inputs shows the program's own changes only.
func Prune(live, shape *unstructured.Unstructured) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: pruneMap(live.Object, shape.Object)}
}

func pruneMap(live, shape map[string]any) map[string]any {
	pruned := make(map[string]any, len(shape))
	for key, wanted := range shape {
		if value, ok := live[key]; ok {
			pruned[key] = pruneValue(value, wanted)
		}
	}
	return pruned
}

func pruneValue(live, shape any) any {
	switch live := live.(type) {
	case map[string]any:
		if shape, ok := shape.(map[string]any); ok {
			return pruneMap(live, shape)
		}
	case []any:
		if shape, ok := shape.([]any); ok {
			return pruneList(live, shape)
		}
	}
	return live
}

// pruneList compares by position and drops what is beyond the shape's end: containers and volumes that admission
// webhooks append are theirs.
func pruneList(live, shape []any) []any {
	pruned := make([]any, 0, len(shape))
	for i := range min(len(live), len(shape)) {
		if live[i] == nil || shape[i] == nil || reflect.TypeOf(live[i]) != reflect.TypeOf(shape[i]) {
			pruned = append(pruned, live[i])
			continue
		}
		pruned = append(pruned, pruneValue(live[i], shape[i]))
	}
	return pruned
}

package await

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

type objectCondition struct{ kind, status, reason, message string }

func conditionsOf(obj *unstructured.Unstructured) []objectCondition {
	items, _, _ := unstructured.NestedSlice(obj.Object, "status", "conditions")
	conditions := make([]objectCondition, 0, len(items))
	for _, item := range items {
		fields, _ := item.(map[string]any)
		text := func(name string) string { value, _ := fields[name].(string); return value }
		conditions = append(conditions, objectCondition{
			kind: text("type"), status: text("status"), reason: text("reason"), message: text("message"),
		})
	}
	return conditions
}

func textAt(obj *unstructured.Unstructured, path ...string) string {
	text, _, _ := unstructured.NestedString(obj.Object, path...)
	return text
}

func numberAt(obj *unstructured.Unstructured, path ...string) int64 {
	number, _, _ := unstructured.NestedInt64(obj.Object, path...)
	return number
}

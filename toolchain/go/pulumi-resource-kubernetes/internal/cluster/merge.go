package cluster

import (
	"context"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes/scheme"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// merge is the update without server-side apply: a three-way merge of the old inputs, the new ones and the live object,
// as `kubectl apply` did it before. Built-in kinds merge lists by key, custom ones replace them.
func merge(
	ctx context.Context, client dynamic.ResourceInterface, live *unstructured.Unstructured, change Change, write Write,
) (merged *unstructured.Unstructured, err error) {
	err = retryTemporary(ctx, func() error {
		patch, kind, err := threeWay(change.Old, change.New, live)
		if err != nil {
			return err
		}
		merged, err = client.Patch(ctx, change.Name, kind, patch, metav1.PatchOptions{
			FieldManager: write.FieldManager, DryRun: write.dryRun(),
		})
		return err
	})
	return merged, err
}

func threeWay(old, new, live *unstructured.Unstructured) ([]byte, types.PatchType, error) {
	documents := make([][]byte, 0, 3)
	for _, obj := range []*unstructured.Unstructured{old, new, live} {
		document, err := json.Marshal(obj.Object)
		if err != nil {
			return nil, "", fmt.Errorf("encode %s: %w", live.GetName(), err)
		}
		documents = append(documents, document)
	}
	typed, err := scheme.Scheme.New(objects.GroupVersionKind(new))
	if err != nil {
		patch, err := jsonmergepatch.CreateThreeWayJSONMergePatch(documents[0], documents[1], documents[2])
		return patch, types.MergePatchType, err
	}
	lookup, err := strategicpatch.NewPatchMetaFromStruct(typed)
	if err != nil {
		return nil, "", err
	}
	patch, err := strategicpatch.CreateThreeWayMergePatch(documents[0], documents[1], documents[2], lookup, true)
	return patch, types.StrategicMergePatchType, err
}

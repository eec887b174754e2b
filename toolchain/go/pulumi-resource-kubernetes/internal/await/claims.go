package await

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
)

const annotationDefaultClass = "storageclass.kubernetes.io/is-default-class"

var storageClassKind = schema.GroupVersionKind{Group: "storage.k8s.io", Version: "v1", Kind: "StorageClass"}

// claim is ready when it is bound, or, where its class binds only when a pod wants it, as soon as it exists: the pod
// may be a resource that waits for this one.
func claim(bindsLate bool) Condition {
	return Condition{
		Timeout: defaultVolumeTimeout,
		Evaluate: func(obj *unstructured.Unstructured, _ *look) Verdict {
			phase := textAt(obj, "status", "phase")
			return Verdict{
				Ready:   phase == "Bound" || bindsLate && phase != "Lost",
				Failed:  phase == "Lost",
				Message: "claim is " + phase,
			}
		},
	}
}

func bindsLate(ctx context.Context, c *cluster.Cluster, obj *unstructured.Unstructured) bool {
	like := &unstructured.Unstructured{}
	like.SetGroupVersionKind(storageClassKind)
	if name := textAt(obj, "spec", "storageClassName"); name != "" {
		class, err := c.Get(ctx, like, name)
		return err == nil && textAt(class, "volumeBindingMode") == "WaitForFirstConsumer"
	}
	classes, err := c.List(ctx, like, "", "")
	if err != nil {
		return false
	}
	for _, class := range classes {
		if class.GetAnnotations()[annotationDefaultClass] == "true" {
			return textAt(class, "volumeBindingMode") == "WaitForFirstConsumer"
		}
	}
	return false
}

package await

import (
	"context"
	"fmt"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// The longest waits where neither the program nor an annotation says otherwise, as the official plugin documents them.
const (
	DefaultTimeout       = 10 * time.Minute
	defaultVolumeTimeout = 5 * time.Minute
)

// Condition says when an object of a kind is ready.
type Condition struct {
	Kind     schema.GroupVersionKind
	Timeout  time.Duration
	Evaluate func(obj *unstructured.Unstructured, look *look) Verdict
	// Related are further kinds in the object's namespace that Evaluate looks at.
	Related []schema.GroupVersionKind
	// Pods selects the pods that explain why it isn't ready; nil where there are none.
	Pods func(obj *unstructured.Unstructured) func(pod *unstructured.Unstructured) bool
}

// atOnce answers without a look around where the object alone decides.
func (c Condition) atOnce(obj *unstructured.Unstructured) (Verdict, bool) {
	if len(c.Related) > 0 {
		return Verdict{}, false
	}
	return c.Evaluate(obj, nil), true
}

// For chooses the condition for an object: none with skipAwait, the program's own with waitFor, else that of its kind.
// Kinds without one of their own are ready at once, or, if all is set, when kstatus says so.
func For(
	ctx context.Context, c *cluster.Cluster, inputs, obj *unstructured.Unstructured, all bool,
) (Condition, bool, error) {
	if objects.IsAnnotationTrue(inputs, objects.AnnotationSkipAwait) {
		return Condition{}, false, nil
	}
	gvk := objects.GroupVersionKind(obj)
	if expression := objects.Annotation(inputs, objects.AnnotationWaitFor); expression != "" {
		condition, err := waitFor(expression)
		condition.Kind = gvk
		return condition, true, err
	}
	condition, known := ofKind(gvk.GroupKind())
	switch {
	case gvk.GroupKind() == (schema.GroupKind{Kind: "PersistentVolumeClaim"}):
		condition, known = claim(bindsLate(ctx, c, obj)), true
	case !known && all:
		condition, known = Condition{Evaluate: byKStatus}, true
	}
	condition.Kind = gvk
	if condition.Timeout == 0 {
		condition.Timeout = DefaultTimeout
	}
	return condition, known, nil
}

// byKStatus follows the conventions of kstatus. A failure that kstatus sees in a pod's crash loop may yet heal, so only
// kinds that say so for good fail at once.
func byKStatus(obj *unstructured.Unstructured, _ *look) Verdict {
	result, err := status.Compute(obj)
	if err != nil {
		return Verdict{Message: err.Error()}
	}
	return Verdict{Ready: result.Status == status.CurrentStatus, Message: result.Message}
}

// orFailed lets a kind fail when kstatus says so.
func orFailed(obj *unstructured.Unstructured, _ *look) Verdict {
	result, err := status.Compute(obj)
	if err != nil {
		return Verdict{Message: err.Error()}
	}
	return Verdict{
		Ready:   result.Status == status.CurrentStatus,
		Failed:  result.Status == status.FailedStatus,
		Message: result.Message,
	}
}

func ofKind(kind schema.GroupKind) (Condition, bool) {
	switch kind {
	case schema.GroupKind{Group: "apps", Kind: "Deployment"}:
		return Condition{Evaluate: orFailed, Pods: bySelector("spec", "selector")}, true
	case schema.GroupKind{Group: "apps", Kind: "StatefulSet"}, schema.GroupKind{Group: "apps", Kind: "DaemonSet"}:
		return Condition{Evaluate: byKStatus, Pods: bySelector("spec", "selector")}, true
	case schema.GroupKind{Kind: "ReplicationController"}:
		return Condition{Evaluate: replicationController, Pods: bySelector("spec", "selector")}, true
	case schema.GroupKind{Group: "batch", Kind: "Job"}:
		return Condition{Evaluate: job, Pods: bySelector("spec", "selector")}, true
	case schema.GroupKind{Kind: "Pod"}:
		return Condition{Evaluate: pod, Pods: itself}, true
	case schema.GroupKind{Kind: "Service"}:
		return Condition{Evaluate: service, Related: []schema.GroupVersionKind{endpointSliceKind}}, true
	case schema.GroupKind{Group: "networking.k8s.io", Kind: "Ingress"}:
		return Condition{
			Evaluate: ingress, Related: []schema.GroupVersionKind{serviceKind, endpointSliceKind},
		}, true
	case schema.GroupKind{Kind: "PersistentVolume"}:
		return Condition{Evaluate: volume, Timeout: defaultVolumeTimeout}, true
	case schema.GroupKind{Kind: "ResourceQuota"}:
		return Condition{Evaluate: quota}, true
	case schema.GroupKind{Kind: "Secret"}:
		return Condition{Evaluate: secret}, true
	case schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}:
		return Condition{Evaluate: orFailed}, true
	}
	return Condition{}, false
}

func itself(obj *unstructured.Unstructured) func(*unstructured.Unstructured) bool {
	return func(pod *unstructured.Unstructured) bool { return pod.GetUID() == obj.GetUID() }
}

// pod is ready when kstatus says so, which also takes one for current that ran to its end in failure.
func pod(obj *unstructured.Unstructured, look *look) Verdict {
	if textAt(obj, "status", "phase") == "Failed" {
		return Verdict{Failed: true, Message: fmt.Sprintf("pod %s failed", obj.GetName())}
	}
	return byKStatus(obj, look)
}

// job is ready when it is complete; kstatus already takes a job that has started for current.
func job(obj *unstructured.Unstructured, _ *look) Verdict {
	for _, condition := range conditionsOf(obj) {
		switch {
		case condition.status != "True":
		case condition.kind == "Complete":
			return Verdict{Ready: true}
		case condition.kind == "Failed":
			return Verdict{Failed: true, Message: "job failed: " + condition.reason + ": " + condition.message}
		case condition.kind == "Suspended":
			return Verdict{Message: "job is suspended"}
		}
	}
	if textAt(obj, "status", "startTime") == "" {
		return Verdict{Message: "waiting for the job to start"}
	}
	return Verdict{Message: fmt.Sprintf("job is running: %d active, %d succeeded, %d failed",
		numberAt(obj, "status", "active"), numberAt(obj, "status", "succeeded"), numberAt(obj, "status", "failed"))}
}

func replicationController(obj *unstructured.Unstructured, _ *look) Verdict {
	want, ready := numberAt(obj, "spec", "replicas"), numberAt(obj, "status", "readyReplicas")
	return Verdict{Ready: ready >= want, Message: fmt.Sprintf("%d of %d replicas are ready", ready, want)}
}

func volume(obj *unstructured.Unstructured, _ *look) Verdict {
	phase := textAt(obj, "status", "phase")
	return Verdict{
		Ready: phase == "Available" || phase == "Bound", Failed: phase == "Failed",
		Message: "volume is " + phase + ": " + textAt(obj, "status", "message"),
	}
}

func quota(obj *unstructured.Unstructured, _ *look) Verdict {
	wanted, _, _ := unstructured.NestedMap(obj.Object, "spec", "hard")
	for key, value := range wanted {
		if textAt(obj, "status", "hard", key) != fmt.Sprint(value) {
			return Verdict{Message: "waiting for the quota to be counted"}
		}
	}
	return Verdict{Ready: true}
}

// secret of a service account's token is ready once the token is in it; every other one at once.
func secret(obj *unstructured.Unstructured, _ *look) Verdict {
	data, _, _ := unstructured.NestedMap(obj.Object, "data")
	if textAt(obj, "type") == "kubernetes.io/service-account-token" && len(data) == 0 {
		return Verdict{Message: "waiting for the service account's token"}
	}
	return Verdict{Ready: true}
}

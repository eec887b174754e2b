// Package objects knows Kubernetes objects as Pulumi sees them: annotations, names, secrets, and how inputs and live
// state are kept in one checkpoint. It talks to nobody.
package objects

import (
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// The annotations by which a program steers the provider, as the official plugin documents them.
const (
	AnnotationAutonamed           = "pulumi.com/autonamed"
	AnnotationSkipAwait           = "pulumi.com/skipAwait"
	AnnotationWaitFor             = "pulumi.com/waitFor"
	AnnotationTimeoutSeconds      = "pulumi.com/timeoutSeconds"
	AnnotationReplaceUnready      = "pulumi.com/replaceUnready"
	AnnotationPatchForce          = "pulumi.com/patchForce"
	AnnotationPatchFieldManager   = "pulumi.com/patchFieldManager"
	AnnotationDeletionPropagation = "pulumi.com/deletionPropagationPolicy"

	AnnotationLastApplied        = "kubectl.kubernetes.io/last-applied-configuration"
	annotationDeploymentRevision = "deployment.kubernetes.io/revision"
)

// Annotation returns the value of an annotation, or "" where it is absent or not known yet. Unlike
// Unstructured.GetAnnotations it survives a map in which other annotations are still unknown.
func Annotation(obj *unstructured.Unstructured, key string) string {
	metadata, _ := obj.Object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	value, _ := annotations[key].(string)
	return value
}

// IsAnnotationTrue reports whether the annotation is exactly "true".
func IsAnnotationTrue(obj *unstructured.Unstructured, key string) bool {
	return Annotation(obj, key) == "true"
}

// SetAnnotation sets an annotation, unless the place where it belongs is not known yet.
func SetAnnotation(obj *unstructured.Unstructured, key, value string) {
	metadata, ok := obj.Object["metadata"].(map[string]any)
	if !ok {
		return
	}
	if metadata["annotations"] == nil {
		metadata["annotations"] = map[string]any{}
	}
	if annotations, ok := metadata["annotations"].(map[string]any); ok {
		annotations[key] = value
	}
}

// Timeout is how long an operation may wait: the engine's customTimeouts first, then the annotation, then the default.
func Timeout(customSeconds float64, obj *unstructured.Unstructured, otherwise time.Duration) time.Duration {
	if customSeconds > 0 {
		return time.Duration(customSeconds * float64(time.Second))
	}
	if seconds, err := strconv.Atoi(Annotation(obj, AnnotationTimeoutSeconds)); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	return otherwise
}

// DeletionPropagation is the policy a delete asks for: foreground unless the annotation says otherwise.
func DeletionPropagation(obj *unstructured.Unstructured) metav1.DeletionPropagation {
	switch strings.ToLower(Annotation(obj, AnnotationDeletionPropagation)) {
	case "orphan":
		return metav1.DeletePropagationOrphan
	case "background":
		return metav1.DeletePropagationBackground
	default:
		return metav1.DeletePropagationForeground
	}
}

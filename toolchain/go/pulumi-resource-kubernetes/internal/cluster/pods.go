package cluster

import (
	"context"
	"io"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	logTimeout  = 5 * time.Second
	maxLogBytes = int64(16 << 10)
	maxListed   = 500
)

// LastLogLines returns the end of a container's log, of its previous run if asked. "" where there is none to be had:
// a missing log must not hide the failure it was to explain.
func (c *Cluster) LastLogLines(ctx context.Context, namespace, pod, container string, lines int64, previous bool) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), logTimeout)
	defer cancel()
	stream, err := c.pods.Pods(namespace).GetLogs(pod, &corev1.PodLogOptions{
		Container: container, TailLines: &lines, Previous: previous,
	}).Stream(ctx)
	if err != nil {
		return ""
	}
	defer func() { _ = stream.Close() }()
	text, err := io.ReadAll(io.LimitReader(stream, maxLogBytes))
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(text), "\n")
}

// List reads the objects of a kind in the namespace of obj. Selectors may be empty.
func (c *Cluster) List(
	ctx context.Context, obj *unstructured.Unstructured, labelSelector, fieldSelector string,
) ([]*unstructured.Unstructured, error) {
	client, _, err := c.resource(obj)
	if err != nil {
		return nil, err
	}
	list, err := client.List(ctx, metav1.ListOptions{
		LabelSelector: labelSelector, FieldSelector: fieldSelector, Limit: maxListed,
	})
	if err != nil {
		return nil, err
	}
	items := make([]*unstructured.Unstructured, 0, len(list.Items))
	for i := range list.Items {
		items = append(items, &list.Items[i])
	}
	return items, nil
}

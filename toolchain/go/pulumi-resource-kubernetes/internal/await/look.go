package await

import (
	"context"
	"slices"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
)

var podKind = schema.GroupVersionKind{Version: "v1", Kind: "Pod"}

// look is the window through which a condition sees the cluster: the object itself, the kinds it depends on, and, once
// it takes long, its pods.
type look struct {
	cluster   *cluster.Cluster
	namespace string
	name      string
	uid       string
	condition Condition
	changed   chan struct{}

	own     *cluster.View
	related map[schema.GroupVersionKind]*cluster.View
	done    context.Context
	stop    context.CancelFunc
	mu      sync.Mutex
	pods    *cluster.View
}

func newLook(
	ctx context.Context, c *cluster.Cluster, obj *unstructured.Unstructured, condition Condition,
) (*look, error) {
	done, stop := context.WithCancel(ctx)
	l := &look{
		cluster: c, namespace: obj.GetNamespace(), name: obj.GetName(), uid: string(obj.GetUID()),
		condition: condition, changed: make(chan struct{}, 1), done: done, stop: stop,
		related: map[schema.GroupVersionKind]*cluster.View{},
	}
	own, err := l.watch(obj)
	if err != nil {
		l.close()
		return nil, err
	}
	l.own = own
	for _, kind := range condition.Related {
		view, err := l.watch(l.like(kind))
		if err != nil {
			l.close()
			return nil, err
		}
		l.related[kind] = view
	}
	return l, nil
}

func (l *look) like(kind schema.GroupVersionKind) *unstructured.Unstructured {
	obj := &unstructured.Unstructured{}
	obj.SetGroupVersionKind(kind)
	obj.SetNamespace(l.namespace)
	return obj
}

func (l *look) watch(obj *unstructured.Unstructured) (*cluster.View, error) {
	view, err := l.cluster.Watch(l.done, obj)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			select {
			case <-l.done.Done():
				return
			case <-view.Changed:
				select {
				case l.changed <- struct{}{}:
				default:
				}
			}
		}
	}()
	return view, nil
}

// object is the latest state of the object. The watch may not have caught up with the write that came before it: then
// the object is read.
func (l *look) object() (*unstructured.Unstructured, bool) {
	if live, found := l.own.Get(l.namespace, l.name); found && string(live.GetUID()) == l.uid {
		return live, true
	}
	live, err := l.cluster.Get(l.done, l.prototype(), l.name)
	if err != nil {
		// No answer is no proof that it is gone.
		return l.prototype(), !isNotFound(err)
	}
	return live, string(live.GetUID()) == l.uid
}

func (l *look) prototype() *unstructured.Unstructured {
	obj := l.like(l.condition.Kind)
	obj.SetName(l.name)
	return obj
}

// List returns the objects of a related kind that match.
func (l *look) List(
	kind schema.GroupVersionKind, match func(*unstructured.Unstructured) bool,
) []*unstructured.Unstructured {
	view, ok := l.related[kind]
	if !ok {
		return nil
	}
	return view.List(match)
}

// watchPods starts looking at the pods of a workload that takes long. A kind without pods, or a person who may not
// see them, goes without.
func (l *look) watchPods(ctx context.Context) {
	if l.condition.Pods == nil || ctx.Err() != nil {
		return
	}
	go func() {
		view, err := l.watch(l.like(podKind))
		if err != nil {
			return
		}
		l.mu.Lock()
		l.pods = view
		l.mu.Unlock()
		select {
		case l.changed <- struct{}{}:
		default:
		}
	}()
}

// unreadyPods are the workload's pods that have something to tell, the newest first.
func (l *look) unreadyPods() []*unstructured.Unstructured {
	l.mu.Lock()
	view := l.pods
	l.mu.Unlock()
	live, found := l.own.Get(l.namespace, l.name)
	if view == nil || !found {
		return nil
	}
	pods := view.List(l.condition.Pods(live))
	slices.SortFunc(pods, func(a, b *unstructured.Unstructured) int {
		aTime, bTime := a.GetCreationTimestamp(), b.GetCreationTimestamp()
		return bTime.Compare(aTime.Time)
	})
	return pods
}

func (l *look) podReasons() []string {
	var reasons []string
	for _, pod := range l.unreadyPods() {
		for _, problem := range podProblems(pod) {
			reasons = append(reasons, problem.text)
		}
	}
	return reasons
}

// reasons explains a failure: what the pods say, their last log lines, and the warnings that controllers recorded.
func (l *look) reasons(ctx context.Context) []string {
	pods := l.unreadyPods()
	if l.pods == nil && l.condition.Pods != nil {
		pods = l.readPods(ctx)
	}
	return append(l.explainPods(ctx, pods), l.warnings(ctx, pods)...)
}

func (l *look) close() {
	l.stop()
	if l.own != nil {
		l.own.Close()
	}
	for _, view := range l.related {
		view.Close()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pods != nil {
		l.pods.Close()
	}
}

// bySelector matches what a label selector of the object's spec selects.
func bySelector(path ...string) func(*unstructured.Unstructured) func(*unstructured.Unstructured) bool {
	return func(obj *unstructured.Unstructured) func(*unstructured.Unstructured) bool {
		selector := selectorAt(obj, path...)
		return func(pod *unstructured.Unstructured) bool { return selector.Matches(labels.Set(pod.GetLabels())) }
	}
}

func selectorAt(obj *unstructured.Unstructured, path ...string) labels.Selector {
	raw, found, err := unstructured.NestedMap(obj.Object, path...)
	if err != nil || !found {
		return labels.Nothing()
	}
	if _, isLabelSelector := raw["matchLabels"]; !isLabelSelector && raw["matchExpressions"] == nil {
		set := labels.Set{}
		for key, value := range raw {
			set[key], _ = value.(string)
		}
		return set.AsSelector()
	}
	var selector metav1.LabelSelector
	if err := convert(raw, &selector); err != nil {
		return labels.Nothing()
	}
	parsed, err := metav1.LabelSelectorAsSelector(&selector)
	if err != nil {
		return labels.Nothing()
	}
	return parsed
}

func isNotFound(err error) bool { return apierrors.IsNotFound(err) }

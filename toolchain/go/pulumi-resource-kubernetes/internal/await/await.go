// Package await waits until objects are ready or gone, tells what it is waiting for, and explains why it gave up.
package await

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
)

const (
	// settle gathers a burst of changes into one look.
	settle = 100 * time.Millisecond
	// diagnoseAfter is when a workload that isn't ready yet gets its pods looked at.
	diagnoseAfter = 2 * time.Second
)

// Verdict is what one look at an object says.
type Verdict struct {
	Ready bool
	// Failed says that waiting longer won't help.
	Failed bool
	// Message says what is missing, in words for the person who waits.
	Message string
}

// Error says why an object that exists did not become ready, or did not go. Live is its last known state.
type Error struct {
	Cause   error
	Reasons []string
	Live    *unstructured.Unstructured
}

func (e *Error) Error() string {
	text := e.Cause.Error()
	if len(e.Reasons) > 0 {
		text += ":\n  - " + strings.Join(e.Reasons, "\n  - ")
	}
	return text
}

func (e *Error) Unwrap() error { return e.Cause }

// The causes of an Error beside the object's own failure.
var (
	ErrTimeout   = errors.New("timed out")
	ErrCancelled = errors.New("canceled")
	ErrNotReady  = errors.New("not ready")
	ErrDeleted   = errors.New("the object was deleted while it was waited for")
)

// Waiter waits for objects of one cluster.
type Waiter struct {
	Cluster *cluster.Cluster
	// Status shows what is being waited for.
	Status func(message string)
}

// Ready waits until the condition holds for the object and returns its latest state.
func (w Waiter) Ready(
	ctx context.Context, obj *unstructured.Unstructured, condition Condition, timeout time.Duration,
) (*unstructured.Unstructured, error) {
	if verdict, decided := condition.atOnce(obj); decided && verdict.Ready {
		return obj, nil
	}
	watching, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	look, err := newLook(watching, w.Cluster, obj, condition)
	if err != nil {
		return nil, w.giveUp(ctx, err, obj, nil)
	}
	defer look.close()

	var verdict Verdict
	var said string
	diagnose := time.NewTimer(diagnoseAfter)
	defer diagnose.Stop()
	for {
		live, found := look.object()
		if !found {
			return nil, &Error{Cause: ErrDeleted, Live: obj}
		}
		verdict = condition.Evaluate(live, look)
		switch {
		case verdict.Ready:
			return w.latest(ctx, live), nil
		case verdict.Failed:
			return nil, w.giveUp(ctx, errors.New(verdict.Message), live, look.reasons(ctx))
		}
		if message := verdict.Message; message != said && message != "" {
			w.Status(message)
			said = message
		}
		select {
		case <-watching.Done():
			cause := fmt.Errorf("%w after %s: %s", ErrTimeout, timeout, verdict.Message)
			if ctx.Err() != nil {
				cause = ErrCancelled
			}
			return nil, w.giveUp(ctx, cause, live, look.reasons(ctx))
		case <-diagnose.C:
			look.watchPods(watching)
		case <-look.changed:
			pause(watching, settle)
		}
		if reasons := look.podReasons(); len(reasons) > 0 && reasons[0] != said {
			w.Status(reasons[0])
			said = reasons[0]
		}
	}
}

// Check looks once, without waiting, and fails where the object isn't ready.
func (w Waiter) Check(ctx context.Context, obj *unstructured.Unstructured, condition Condition) error {
	verdict, decided := condition.atOnce(obj)
	if decided && verdict.Ready {
		return nil
	}
	look, err := newLook(ctx, w.Cluster, obj, condition)
	if err != nil {
		return err
	}
	defer look.close()
	if verdict = condition.Evaluate(obj, look); verdict.Ready {
		return nil
	}
	return &Error{Cause: fmt.Errorf("%w: %s", ErrNotReady, verdict.Message), Reasons: look.reasons(ctx), Live: obj}
}

// latest reads the object once more: the shared watches keep only a part of it.
func (w Waiter) latest(ctx context.Context, seen *unstructured.Unstructured) *unstructured.Unstructured {
	live, err := w.Cluster.Get(ctx, seen, seen.GetName())
	if err != nil {
		return seen
	}
	return live
}

func (w Waiter) giveUp(ctx context.Context, cause error, live *unstructured.Unstructured, reasons []string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), diagnoseAfter)
	defer cancel()
	return &Error{Cause: cause, Reasons: reasons, Live: w.latest(ctx, live)}
}

// Gone waits until the object does not exist any more, or another one has taken its name.
func (w Waiter) Gone(ctx context.Context, obj *unstructured.Unstructured, name string, timeout time.Duration) error {
	watching, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	live, err := w.Cluster.Get(watching, obj, name)
	if isGone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	view, err := w.Cluster.Watch(watching, live)
	if err != nil {
		return w.giveUp(ctx, err, live, nil)
	}
	defer view.Close()
	uid := live.GetUID()
	said := ""
	for {
		current, found := view.Get(live.GetNamespace(), name)
		if !found || current.GetUID() != uid {
			// The watch may lag behind the read above.
			fresh, err := w.Cluster.Get(watching, live, name)
			if isGone(err) || err == nil && fresh.GetUID() != uid {
				return nil
			}
			current = live
		}
		if message := blockers(current); message != said {
			w.Status(message)
			said = message
		}
		select {
		case <-watching.Done():
			cause := fmt.Errorf("%w after %s: %s", ErrTimeout, timeout, blockers(current))
			if ctx.Err() != nil {
				cause = ErrCancelled
			}
			return w.giveUp(ctx, cause, current, nil)
		case <-view.Changed:
		}
	}
}

// blockers says what keeps an object that is being deleted: its finalizers, and a namespace's own conditions.
func blockers(obj *unstructured.Unstructured) string {
	message := "waiting for deletion"
	if finalizers := obj.GetFinalizers(); len(finalizers) > 0 {
		message += ", held by " + strings.Join(finalizers, ", ")
	}
	conditions, _, _ := unstructured.NestedSlice(obj.Object, "status", "conditions")
	if obj.GetKind() != "Namespace" {
		return message
	}
	for _, item := range conditions {
		condition, _ := item.(map[string]any)
		if text, _ := condition["message"].(string); condition["status"] == "True" && text != "" {
			message += "; " + text
		}
	}
	return message
}

func isGone(err error) bool { return isNotFound(err) || meta.IsNoMatchError(err) }

func pause(ctx context.Context, duration time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}

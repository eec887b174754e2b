package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// orderPatience is how long creating waits for what it needs: the namespace or the CRD may be made by a resource that
// the program didn't declare a dependency on.
const orderPatience = 30 * time.Second

// Write says how an object is written.
type Write struct {
	// FieldManager owns the fields that are written.
	FieldManager string
	// Apply writes by server-side apply, also where the object exists; otherwise creating an object that exists fails.
	Apply bool
	// Force takes fields over that belong to another manager.
	Force bool
	// DryRun lets the server answer what the object would be, and keeps nothing.
	DryRun bool
	// OnRetry is told why creating has to wait. May be nil.
	OnRetry func(err error)
}

func (w Write) dryRun() []string {
	if w.DryRun {
		return []string{metav1.DryRunAll}
	}
	return nil
}

// Create makes an object and returns it as the server has it. It waits a while for a missing namespace or kind, unless
// it is a dry run.
func (c *Cluster) Create(
	ctx context.Context, obj *unstructured.Unstructured, write Write,
) (created *unstructured.Unstructured, err error) {
	inOrder := func(err error) bool {
		missing := !write.DryRun && (meta.IsNoMatchError(err) || apierrors.IsNotFound(err))
		if missing && write.OnRetry != nil {
			write.OnRetry(err)
		}
		return missing
	}
	err = retry(ctx, orderPatience, inOrder, func() error {
		client, _, err := c.resource(obj)
		if err != nil {
			return err
		}
		if write.Apply {
			created, err = apply(ctx, client, obj, write)
		} else {
			created, err = create(ctx, client, obj, write)
		}
		return err
	})
	return created, err
}

// finishWithin is how long a write under way may still take when its operation is cancelled.
const finishWithin = 10 * time.Second

// toItsEnd lets a write that was begun come to its end when its operation is cancelled: the server may have done what it
// was asked, and an object that the state doesn't know is lost. Nothing is begun once the operation is cancelled.
func toItsEnd(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() != nil {
		return ctx, func() {}
	}
	finishing, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(finishWithin, cancel) })
	return finishing, func() {
		stop()
		cancel()
	}
}

// create posts the object. When the connection breaks in between nobody knows whether it exists; the field manager's
// name is unique to this resource, so an object that carries it is the one that was posted.
func create(
	ctx context.Context, client dynamic.ResourceInterface, obj *unstructured.Unstructured, write Write,
) (created *unstructured.Unstructured, err error) {
	uncertain := false
	err = retryTemporary(ctx, func() error {
		ctx, done := toItsEnd(ctx)
		defer done()
		created, err = client.Create(ctx, obj, metav1.CreateOptions{
			FieldManager: write.FieldManager, DryRun: write.dryRun(), FieldValidation: metav1.FieldValidationWarn,
		})
		if uncertain && apierrors.IsAlreadyExists(err) {
			live, getErr := client.Get(ctx, obj.GetName(), metav1.GetOptions{})
			if getErr == nil && manages(live, write.FieldManager) {
				created = live
				return nil
			}
		}
		uncertain = uncertain || isConnectionError(err) || apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err) ||
			apierrors.IsInternalError(err)
		return err
	})
	return created, err
}

// apply sends a server-side apply, which may be repeated as often as needed.
func apply(
	ctx context.Context, client dynamic.ResourceInterface, obj *unstructured.Unstructured, write Write,
) (applied *unstructured.Unstructured, err error) {
	body, err := json.Marshal(obj.Object)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", obj.GetName(), err)
	}
	err = retryTemporary(ctx, func() error {
		ctx, done := toItsEnd(ctx)
		defer done()
		applied, err = client.Patch(ctx, obj.GetName(), types.ApplyPatchType, body, metav1.PatchOptions{
			FieldManager: write.FieldManager, Force: &write.Force, DryRun: write.dryRun(),
			FieldValidation: metav1.FieldValidationWarn,
		})
		return err
	})
	return applied, explainConflict(err, write.FieldManager)
}

// Change is an update of one object.
type Change struct {
	// Name of the object, which the program may have left to the provider.
	Name string
	Old  *unstructured.Unstructured
	New  *unstructured.Unstructured
	// Ignored are the property paths that stay as they are on the server.
	Ignored []string
	// Patch says that the object is somebody else's and only some of its fields are changed.
	Patch bool
}

// Update changes an existing object to the new inputs. CustomResourceDefinitions are replaced as a whole, as
// `kubectl replace` does, so that a version taken out of the list is gone.
func (c *Cluster) Update(ctx context.Context, change Change, write Write) (*unstructured.Unstructured, error) {
	client, _, err := c.resource(change.New)
	if err != nil {
		return nil, err
	}
	live, err := get(ctx, client, change.Name)
	if err != nil {
		return nil, err
	}
	change.New = change.New.DeepCopy()
	change.New.SetName(change.Name)
	switch {
	case objects.IsCRD(change.New):
		return replace(ctx, client, change.New, write)
	case !write.Apply:
		if err := keepLive(change.New, live, change.Ignored); err != nil {
			return nil, err
		}
		return merge(ctx, client, live, change, write)
	}
	if !change.Patch && write.DryRun {
		return preview(ctx, client, live, change, write)
	}
	if !change.Patch {
		if live, err = takeOver(ctx, client, live, write.FieldManager); err != nil {
			return nil, err
		}
	}
	if err := keepIgnored(change.New, live, write.FieldManager, change.Ignored); err != nil {
		return nil, err
	}
	return apply(ctx, client, change.New, write)
}

// preview is the dry run of a server-side apply. Where fields are still a predecessor's, which only a write could change, the server would
// keep those that the program no longer has; a three-way merge says what becomes of the object.
func preview(
	ctx context.Context, client dynamic.ResourceInterface, live *unstructured.Unstructured, change Change, write Write,
) (*unstructured.Unstructured, error) {
	if err := keepIgnored(change.New, live, write.FieldManager, change.Ignored); err != nil {
		return nil, err
	}
	applied, err := apply(ctx, client, change.New, write)
	predecessors := predecessorsOf(live, write.FieldManager)
	if len(predecessors) == 0 || conflictsWithOthers(err, predecessors) {
		return applied, err
	}
	return merge(ctx, client, live, change, write)
}

func replace(
	ctx context.Context, client dynamic.ResourceInterface, inputs *unstructured.Unstructured, write Write,
) (replaced *unstructured.Unstructured, err error) {
	err = retryTemporary(ctx, func() error {
		live, err := client.Get(ctx, inputs.GetName(), metav1.GetOptions{})
		if err != nil {
			return err
		}
		desired := inputs.DeepCopy()
		desired.SetResourceVersion(live.GetResourceVersion())
		replaced, err = client.Update(ctx, desired, metav1.UpdateOptions{
			FieldManager: write.FieldManager, DryRun: write.dryRun(),
		})
		return err
	})
	return replaced, err
}

// Get reads an object by kind and namespace of obj.
func (c *Cluster) Get(ctx context.Context, obj *unstructured.Unstructured, name string) (*unstructured.Unstructured, error) {
	client, _, err := c.resource(obj)
	if err != nil {
		return nil, err
	}
	return get(ctx, client, name)
}

func get(ctx context.Context, client dynamic.ResourceInterface, name string) (live *unstructured.Unstructured, err error) {
	err = retryTemporary(ctx, func() error {
		live, err = client.Get(ctx, name, metav1.GetOptions{})
		return err
	})
	return live, err
}

// Delete asks for the object's deletion; it may live on until its finalizers are done. An object that is gone already
// is no error.
func (c *Cluster) Delete(ctx context.Context, obj *unstructured.Unstructured, name string) error {
	client, _, err := c.resource(obj)
	if err != nil {
		return err
	}
	policy := objects.DeletionPropagation(obj)
	err = retryTemporary(ctx, func() error {
		return client.Delete(ctx, name, metav1.DeleteOptions{PropagationPolicy: &policy})
	})
	if objects.IsCRD(obj) {
		defer c.withdrawn(obj)
	}
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// Relinquish gives up all fields of a manager: those that nobody else owns fall back to their defaults or go.
func (c *Cluster) Relinquish(ctx context.Context, obj *unstructured.Unstructured, name, manager string) error {
	client, _, err := c.resource(obj)
	if err != nil {
		return err
	}
	nothing := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": obj.GetAPIVersion(), "kind": obj.GetKind(), "metadata": map[string]any{"name": name},
	}}
	_, err = apply(ctx, client, nothing, Write{FieldManager: manager, Apply: true})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// IsProtected tells that the API server keeps this object for ever, such as the namespace "default".
func IsProtected(err error) bool {
	return apierrors.IsForbidden(err) && strings.Contains(err.Error(), "may not be deleted")
}

func explainConflict(err error, manager string) error {
	if !IsFieldConflict(err) {
		return err
	}
	return fmt.Errorf("%w\nThe fields named belong to the field manager in quotes, not to %q. Remove them from the "+
		"program, let the other side give them up, or take them over with the annotation %s: \"true\"",
		err, manager, objects.AnnotationPatchForce)
}

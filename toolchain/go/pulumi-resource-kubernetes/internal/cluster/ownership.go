package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// predecessors are the managers whose fields a resource takes over when it is updated by server-side apply: its own
// name where the object was created by a plain POST, and kubectl where the object was imported. Matched by prefix, as
// kubectl names its managers after the command.
var predecessors = []string{"pulumi-kubernetes", "pulumi-resource-kubernetes", "kubectl", "before-first-apply"}

func manages(live *unstructured.Unstructured, manager string) bool {
	return slices.ContainsFunc(live.GetManagedFields(), func(entry metav1.ManagedFieldsEntry) bool {
		return entry.Manager == manager
	})
}

// takeOver moves the fields of the predecessors to the manager. Without it every update of a field that a POST
// created would be a conflict, and a field taken out of the program would stay on the object for ever.
func takeOver(
	ctx context.Context, client dynamic.ResourceInterface, live *unstructured.Unstructured, manager string,
) (*unstructured.Unstructured, error) {
	entries, changed, err := takenOver(live.GetManagedFields(), manager)
	if err != nil || !changed {
		return live, err
	}
	patch, err := json.Marshal([]map[string]any{
		{"op": "replace", "path": "/metadata/managedFields", "value": entries},
		{"op": "replace", "path": "/metadata/resourceVersion", "value": live.GetResourceVersion()},
	})
	if err != nil {
		return nil, err
	}
	patched, err := client.Patch(ctx, live.GetName(), types.JSONPatchType, patch, metav1.PatchOptions{})
	if isWriteConflict(err) || isConnectionError(err) || isTemporary(err) {
		fresh, getErr := get(ctx, client, live.GetName())
		if getErr != nil {
			return nil, getErr
		}
		return takeOver(ctx, client, fresh, manager)
	}
	return patched, err
}

func takenOver(entries []metav1.ManagedFieldsEntry, manager string) ([]metav1.ManagedFieldsEntry, bool, error) {
	owned := &fieldpath.Set{}
	kept := make([]metav1.ManagedFieldsEntry, 0, len(entries)+1)
	var own *metav1.ManagedFieldsEntry
	changed := false
	for _, entry := range entries {
		isOwn, inherited := appliedBy(entry, manager), isInherited(entry, manager)
		if !isOwn && !inherited {
			kept = append(kept, entry)
			continue
		}
		set, err := fieldsOf(entry)
		if err != nil {
			return nil, false, err
		}
		owned = owned.Union(set)
		changed = changed || inherited
		if own == nil || isOwn {
			own = entry.DeepCopy()
		}
	}
	if !changed {
		return entries, false, nil
	}
	fields, err := owned.ToJSON()
	if err != nil {
		return nil, false, err
	}
	own.Manager, own.Operation = manager, metav1.ManagedFieldsOperationApply
	own.FieldsV1 = &metav1.FieldsV1{Raw: fields}
	return append(kept, *own), true, nil
}

// appliedBy tells the fields of an object that a manager owns by server-side apply.
func appliedBy(entry metav1.ManagedFieldsEntry, manager string) bool {
	return entry.Subresource == "" && entry.Manager == manager && entry.Operation == metav1.ManagedFieldsOperationApply
}

// isInherited tells the fields of an object that a manager takes over from a predecessor.
func isInherited(entry metav1.ManagedFieldsEntry, manager string) bool {
	return entry.Subresource == "" && !appliedBy(entry, manager) && isPredecessor(entry)
}

func isPredecessor(entry metav1.ManagedFieldsEntry) bool {
	if entry.Operation == metav1.ManagedFieldsOperationApply {
		return strings.HasPrefix(entry.Manager, "kubectl")
	}
	return slices.ContainsFunc(predecessors, func(name string) bool { return strings.HasPrefix(entry.Manager, name) })
}

// predecessorsOf names the managers whose fields an update of the object would take over.
func predecessorsOf(live *unstructured.Unstructured, manager string) (names []string) {
	for _, entry := range live.GetManagedFields() {
		if isInherited(entry, manager) {
			names = append(names, entry.Manager)
		}
	}
	return names
}

// conflictWith reads whose a field is from the server's words, the only place that says it.
var conflictWith = regexp.MustCompile(`^conflict with "([^"]+)"`)

// conflictsWithOthers tells a conflict with managers that are not among those whose fields are taken over.
func conflictsWithOthers(err error, takenOver []string) bool {
	var status apierrors.APIStatus
	if !IsFieldConflict(err) || !errors.As(err, &status) {
		return false
	}
	return slices.ContainsFunc(status.Status().Details.Causes, func(cause metav1.StatusCause) bool {
		named := conflictWith.FindStringSubmatch(cause.Message)
		return cause.Type == metav1.CauseTypeFieldManagerConflict && (named == nil || !slices.Contains(takenOver, named[1]))
	})
}

func fieldsOf(entry metav1.ManagedFieldsEntry) (*fieldpath.Set, error) {
	set := &fieldpath.Set{}
	if entry.FieldsV1 == nil {
		return set, nil
	}
	if err := set.FromJSON(bytes.NewReader(entry.FieldsV1.Raw)); err != nil {
		return nil, fmt.Errorf("managed fields of %s: %w", entry.Manager, err)
	}
	return set, nil
}

// keepIgnored leaves fields under ignoreChanges as the server has them: out of the request where another manager owns
// them, at their live value where this one does (leaving them out would delete them).
func keepIgnored(desired, live *unstructured.Unstructured, manager string, ignored []string) error {
	if len(ignored) == 0 {
		return nil
	}
	remaining := make([]string, 0, len(ignored))
	ours, theirs := &fieldpath.Set{}, &fieldpath.Set{}
	for _, entry := range live.GetManagedFields() {
		set, err := fieldsOf(entry)
		if err != nil {
			return err
		}
		if entry.Manager == manager {
			ours = ours.Union(set)
		} else {
			theirs = theirs.Union(set)
		}
	}
	for _, text := range ignored {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			return fmt.Errorf("ignoreChanges path %q: %w", text, err)
		}
		fields, ok := fieldNames(path)
		if !ok {
			// An element of a list can't be given back alone; the engine already replaced it by its old value.
			continue
		}
		if owns(theirs, fields) && !owns(ours, fields) {
			unstructured.RemoveNestedField(desired.Object, fields...)
			continue
		}
		remaining = append(remaining, text)
	}
	return keepLive(desired, live, remaining)
}

// keepLive sets fields to the value they have on the server.
func keepLive(desired, live *unstructured.Unstructured, ignored []string) error {
	for _, text := range ignored {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			return fmt.Errorf("ignoreChanges path %q: %w", text, err)
		}
		fields, ok := fieldNames(path)
		if !ok {
			continue
		}
		if value, found, err := unstructured.NestedFieldCopy(live.Object, fields...); err == nil && found {
			if err := unstructured.SetNestedField(desired.Object, value, fields...); err != nil {
				return fmt.Errorf("ignoreChanges path %q: %w", text, err)
			}
		}
	}
	return nil
}

func fieldNames(path resource.PropertyPath) ([]string, bool) {
	names := make([]string, 0, len(path))
	for _, key := range path {
		name, ok := key.(string)
		if !ok || name == "*" {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

// owns reports whether the set has the field itself or anything below it.
func owns(set *fieldpath.Set, fields []string) bool {
	for _, name := range fields[:len(fields)-1] {
		child, ok := set.Children.Get(fieldpath.PathElement{FieldName: &name})
		if !ok {
			return false
		}
		set = child
	}
	last := fieldpath.PathElement{FieldName: &fields[len(fields)-1]}
	_, below := set.Children.Get(last)
	return below || set.Members.Has(last)
}

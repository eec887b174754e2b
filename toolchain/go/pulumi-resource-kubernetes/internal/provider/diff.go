package provider

import (
	"context"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/await"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/diff"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// Diff compares the recorded live state, cut to the shape of the old inputs, with the new inputs. It asks no server, so
// that a thousand unchanged resources cost next to nothing; what others changed on the server shows after a refresh.
func (p *Provider) Diff(ctx context.Context, request *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	ctx, done := p.operation(ctx)
	defer done()
	urn := resource.URN(request.GetUrn())
	state, err := decode(request.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := decode(request.GetNews())
	if err != nil {
		return nil, err
	}
	recorded := objects.ParseCheckpoint(state)
	inputs := objects.Normalize(objects.FromProperties(news))
	old := objects.Prune(recorded.Live, objects.Normalize(recorded.Inputs))
	p.align(ctx, old, inputs, recorded.Live)

	replacing := diff.ReplacingPaths(inputs, objects.IsPatch(urn, inputs.GetKind()), p.mutability())
	changes, err := diff.Compare(old, inputs, replacing, request.GetIgnoreChanges())
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.DiffResponse{
		Changes: pulumirpc.DiffResponse_DIFF_NONE, HasDetailedDiff: true,
		DetailedDiff: map[string]*pulumirpc.PropertyDiff{},
	}
	for path, change := range changes {
		response.Changes = pulumirpc.DiffResponse_DIFF_SOME
		response.Diffs = append(response.Diffs, path)
		response.DetailedDiff[path] = &pulumirpc.PropertyDiff{
			Kind: wireKind(change), InputDiff: change.Kind == plugin.DiffDelete,
		}
		if change.Replace {
			response.Replaces = append(response.Replaces, path)
		}
	}
	if p.isUnready(ctx, urn, inputs, recorded.Live) {
		response.Changes = pulumirpc.DiffResponse_DIFF_SOME
		response.Replaces = append(response.Replaces, `metadata.annotations["`+objects.AnnotationReplaceUnready+`"]`)
	}
	slices.Sort(response.Diffs)
	slices.Sort(response.Replaces)

	// The new object can't stand beside the old one where both bear the same name, which only the program can change.
	response.DeleteBeforeReplace = len(response.Replaces) > 0 && objects.HasName(inputs) &&
		!objects.IsAutonamed(inputs) && inputs.GetName() == recorded.Live.GetName() &&
		inputs.GetNamespace() == recorded.Live.GetNamespace()
	return response, nil
}

// align evens out differences of form: a namespace left out, a name that was made for the object.
func (p *Provider) align(ctx context.Context, old, inputs, live *unstructured.Unstructured) {
	if p.isNamespaced(ctx, inputs) {
		objects.DefaultNamespace(old, "default")
		objects.DefaultNamespace(inputs, "default")
	} else {
		unstructured.RemoveNestedField(old.Object, "metadata", "namespace")
		unstructured.RemoveNestedField(inputs.Object, "metadata", "namespace")
	}
	for _, field := range []string{"apiVersion", "kind"} {
		if old.Object[field] == nil {
			old.Object[field] = inputs.Object[field]
		}
	}
	unstructured.RemoveNestedField(old.Object, "metadata", "resourceVersion")
	if inputs.GetName() != "" && live.GetName() != "" {
		_ = unstructured.SetNestedField(old.Object, live.GetName(), "metadata", "name")
	}
}

// isUnready answers the annotation replaceUnready, which exists for Jobs.
func (p *Provider) isUnready(ctx context.Context, urn resource.URN, inputs, live *unstructured.Unstructured) bool {
	if !objects.IsAnnotationTrue(inputs, objects.AnnotationReplaceUnready) {
		return false
	}
	if p.reachable(ctx) != nil {
		p.engine.Warning(ctx, string(urn), "Cluster is unreachable, skipping replaceUnready check")
		return false
	}
	if inputs.GetKind() != "Job" {
		p.engine.Warning(ctx, string(urn), "replaceUnready annotation is not supported for this resource")
		return false
	}
	current, err := p.cluster.Get(ctx, live, live.GetName())
	if err != nil {
		return false
	}
	condition, found, err := await.For(ctx, p.cluster, current, current, false)
	return err == nil && found && !condition.Evaluate(current, nil).Ready
}

func wireKind(change diff.Change) pulumirpc.PropertyDiff_Kind {
	switch change.Kind {
	case plugin.DiffAdd, plugin.DiffAddReplace:
		if change.Replace {
			return pulumirpc.PropertyDiff_ADD_REPLACE
		}
		return pulumirpc.PropertyDiff_ADD
	case plugin.DiffDelete, plugin.DiffDeleteReplace:
		if change.Replace {
			return pulumirpc.PropertyDiff_DELETE_REPLACE
		}
		return pulumirpc.PropertyDiff_DELETE
	}
	if change.Replace {
		return pulumirpc.PropertyDiff_UPDATE_REPLACE
	}
	return pulumirpc.PropertyDiff_UPDATE
}

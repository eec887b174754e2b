package provider

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// Update changes an object to its new inputs and waits until it is ready.
func (p *Provider) Update(
	ctx context.Context, request *pulumirpc.UpdateRequest,
) (*pulumirpc.UpdateResponse, error) {
	ctx, done := p.operation(ctx)
	defer done()
	urn := resource.URN(request.GetUrn())
	state, err := decode(request.GetOlds())
	if err != nil {
		return nil, err
	}
	properties, err := decode(request.GetNews())
	if err != nil {
		return nil, err
	}
	recorded := objects.ParseCheckpoint(state)
	inputs := objects.Normalize(objects.FromProperties(properties))
	if p.options.renderDirectory != "" {
		return p.renderUpdate(ctx, urn, inputs, properties, recorded, request.GetPreview())
	}
	if request.GetPreview() {
		if objects.HasUnknowns(inputs) || !p.serves(ctx, inputs) {
			return &pulumirpc.UpdateResponse{Properties: request.GetNews()}, nil
		}
	} else if err := p.reachable(ctx); err != nil {
		return nil, fmt.Errorf("configured Kubernetes cluster is unreachable: %w", err)
	}

	manager, err := p.fieldManager(inputs, recorded.FieldManager)
	if err != nil {
		return nil, err
	}
	patch := objects.IsPatch(urn, inputs.GetKind())
	write := cluster.Write{
		FieldManager: manager, Apply: p.options.serverSideApply, Force: p.force(inputs), DryRun: request.GetPreview(),
	}
	updated, err := p.cluster.Update(ctx, cluster.Change{
		Name: recorded.Live.GetName(), Old: recorded.Inputs, New: inputs,
		Ignored: request.GetIgnoreChanges(), Patch: patch,
	}, write)
	if err != nil {
		if request.GetPreview() && (apierrors.IsForbidden(err) || apierrors.IsConflict(err) && write.Force) {
			return &pulumirpc.UpdateResponse{Properties: request.GetNews()}, nil
		}
		return nil, p.updateFailed(ctx, recorded, err, properties, request.GetPreview())
	}
	checkpoint := objects.Checkpoint{
		Inputs: inputs, Live: updated, InitialAPIVersion: recorded.InitialAPIVersion, FieldManager: manager,
	}
	if request.GetPreview() {
		encoded, err := encode(checkpoint.Properties(properties))
		return &pulumirpc.UpdateResponse{Properties: encoded}, err
	}
	if recorded.FieldManager != "" && recorded.FieldManager != manager {
		if err := p.cluster.Relinquish(ctx, updated, updated.GetName(), recorded.FieldManager); err != nil {
			return nil, fmt.Errorf("give up the fields of the former field manager %q: %w", recorded.FieldManager, err)
		}
	}
	ready, waitErr := p.awaitReady(ctx, urn, inputs, updated, request.GetTimeout(), patch)
	checkpoint.Live = ready
	encoded, err := encode(checkpoint.Properties(properties))
	if err != nil {
		return nil, err
	}
	if waitErr != nil {
		return nil, initFailed(objects.ID(updated), fmt.Errorf("the Kubernetes API server reported that %q failed to "+
			"fully initialize or become live: %w", objects.ID(updated), redact(waitErr, properties)), encoded, nil)
	}
	return &pulumirpc.UpdateResponse{Properties: encoded}, nil
}

// updateFailed says that the object is as it was. Nothing is recorded then, so that the next update tries again.
func (p *Provider) updateFailed(
	ctx context.Context, recorded objects.Checkpoint, err error, properties resource.PropertyMap, preview bool,
) error {
	id := objects.ID(recorded.Live)
	if apierrors.IsNotFound(err) && !preview && p.isGone(ctx, recorded.Live) {
		return fmt.Errorf("update of resource %q failed: it does not exist any more. Run `pulumi refresh` so that the "+
			"next update makes it anew: %w", id, err)
	}
	return redact(fmt.Errorf("update of resource %q failed: %w", id, err), properties)
}

func (p *Provider) isGone(ctx context.Context, live *unstructured.Unstructured) bool {
	_, err := p.cluster.Get(ctx, live, live.GetName())
	return apierrors.IsNotFound(err)
}

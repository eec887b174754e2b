package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/await"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// Create makes an object and waits until it is ready. In a preview the server answers what it would be.
func (p *Provider) Create(
	ctx context.Context, request *pulumirpc.CreateRequest,
) (*pulumirpc.CreateResponse, error) {
	ctx, done := p.operation(ctx)
	defer done()
	urn := resource.URN(request.GetUrn())
	properties, err := decode(request.GetProperties())
	if err != nil {
		return nil, err
	}
	inputs := objects.FromProperties(properties)
	if p.options.renderDirectory != "" {
		return p.renderCreate(ctx, urn, inputs, properties, request.GetPreview())
	}
	patch := objects.IsPatch(urn, inputs.GetKind())
	asGiven := &pulumirpc.CreateResponse{Properties: request.GetProperties()}
	if request.GetPreview() {
		if patch || !p.options.serverSideApply || objects.HasUnknowns(inputs) || !p.serves(ctx, inputs) {
			return asGiven, nil
		}
	} else if err := p.reachable(ctx); err != nil {
		return nil, fmt.Errorf("configured Kubernetes cluster is unreachable: %w", err)
	}

	manager, err := p.fieldManager(inputs, "")
	if err != nil {
		return nil, err
	}
	created, err := p.cluster.Create(ctx, inputs, cluster.Write{
		FieldManager: manager,
		Apply:        p.options.serverSideApply && (patch || p.options.upsertExisting),
		Force:        p.force(inputs),
		DryRun:       request.GetPreview(),
		OnRetry: func(err error) {
			p.engine.Status(ctx, string(urn), fmt.Sprintf("waiting for what this needs: %v", err))
		},
	})
	if err != nil {
		if request.GetPreview() && cannotPreview(err) {
			return asGiven, nil
		}
		return nil, redact(explainCreate(urn, inputs, err), properties)
	}
	checkpoint := objects.Checkpoint{
		Inputs: inputs, Live: created, InitialAPIVersion: inputs.GetAPIVersion(), FieldManager: manager,
	}
	if request.GetPreview() {
		// What a dry run says of status was observed on nothing.
		delete(created.Object, "status")
		state, err := encode(checkpoint.Properties(properties))
		return &pulumirpc.CreateResponse{Properties: state}, err
	}
	ready, waitErr := p.awaitReady(ctx, urn, inputs, created, request.GetTimeout(), patch)
	checkpoint.Live = ready
	state, err := encode(checkpoint.Properties(properties))
	if err != nil {
		return nil, err
	}
	if waitErr != nil {
		return nil, initFailed(objects.ID(created), fmt.Errorf("resource %q was successfully created, but the "+
			"Kubernetes API server reported that it failed to fully initialize or become live: %w",
			objects.ID(created), redact(waitErr, properties)), state, nil)
	}
	return &pulumirpc.CreateResponse{Id: objects.ID(created), Properties: state}, nil
}

// awaitReady waits as the kind and the annotations demand, and always returns the last known state.
func (p *Provider) awaitReady(
	ctx context.Context, urn resource.URN, inputs, obj *unstructured.Unstructured, seconds float64, patch bool,
) (*unstructured.Unstructured, error) {
	condition, found, err := await.For(ctx, p.cluster, inputs, obj, p.options.awaitAll)
	if err != nil || !found || patch {
		return obj, err
	}
	timeout := objects.Timeout(seconds, inputs, condition.Timeout)
	ready, err := p.waiter(ctx, urn).Ready(ctx, obj, condition, timeout)
	if err == nil {
		if objects.IsCRD(ready) {
			p.cluster.Established(ready)
		}
		return ready, nil
	}
	if waited := (*await.Error)(nil); errors.As(err, &waited) && waited.Live != nil {
		return waited.Live, err
	}
	return obj, err
}

// cannotPreview tells refusals that say nothing about the real update: rights to write that a preview's user may lack,
// a namespace that the same update makes, an object that a replacement deletes first.
func cannotPreview(err error) bool {
	return apierrors.IsForbidden(err) || apierrors.IsAlreadyExists(err) || apierrors.IsNotFound(err) ||
		meta.IsNoMatchError(err) || strings.Contains(err.Error(), "does not support dry run") ||
		apierrors.IsInvalid(err) && strings.Contains(err.Error(), "field is immutable")
}

func explainCreate(urn resource.URN, inputs *unstructured.Unstructured, err error) error {
	if meta.IsNoMatchError(err) {
		return fmt.Errorf("creation of resource %q with kind %s/%s failed because the Kubernetes API server reported "+
			"that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: %w",
			urn.Name(), inputs.GetAPIVersion(), inputs.GetKind(), err)
	}
	if apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("resource %q was not successfully created by the Kubernetes API server: %w. To manage an "+
			"object that exists, import it; if its resource was renamed, give the new one an alias; to change some of "+
			"its fields only, use a Patch resource; to adopt it, set upsertExistingObjects on the provider",
			objects.ID(inputs), err)
	}
	return fmt.Errorf("resource %q was not successfully created by the Kubernetes API server: %w", objects.ID(inputs), err)
}

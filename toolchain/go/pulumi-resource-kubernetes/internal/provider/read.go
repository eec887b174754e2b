package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/await"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

const adviceUnreachable = "If the cluster was deleted, you can remove this resource from Pulumi state by rerunning " +
	"the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to \"true\""

// Read answers refresh (inputs are known), import and get (they are not). An object that doesn't exist answers with an
// empty ID; no answer from the cluster is an error, never "it doesn't exist".
func (p *Provider) Read(ctx context.Context, request *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	ctx, done := p.operation(ctx)
	defer done()
	urn := resource.URN(request.GetUrn())
	if err := p.reachable(ctx); err != nil && p.options.renderDirectory == "" {
		return p.readUnreachable(ctx, urn, request, err)
	}
	state, err := decode(request.GetProperties())
	if err != nil {
		return nil, err
	}
	oldInputs, err := decode(request.GetInputs())
	if err != nil {
		return nil, err
	}
	recorded := objects.ParseCheckpoint(state)
	inputs := objects.Normalize(objects.FromProperties(oldInputs))
	first, err := identify(urn, request.GetId(), inputs, recorded.Live)
	if err != nil {
		return nil, err
	}
	if p.options.renderDirectory != "" {
		return &pulumirpc.ReadResponse{
			Id: request.GetId(), Properties: request.GetProperties(), Inputs: request.GetInputs(),
		}, nil
	}

	_, name := objects.ParseID(request.GetId())
	live, err := p.cluster.Get(ctx, inputs, name)
	if apierrors.IsNotFound(err) || meta.IsNoMatchError(err) {
		return &pulumirpc.ReadResponse{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", request.GetId(), err)
	}
	liveInputs := objects.Prune(live, inputs)
	if first {
		liveInputs = objects.InputsFromLive(live)
	}
	manager, err := p.fieldManager(liveInputs, recorded.FieldManager)
	if err != nil {
		return nil, err
	}
	checkpoint := objects.Checkpoint{
		Inputs: liveInputs, Live: live, InitialAPIVersion: recorded.InitialAPIVersion, FieldManager: manager,
	}
	if checkpoint.InitialAPIVersion == "" {
		checkpoint.InitialAPIVersion = live.GetAPIVersion()
	}
	encodedState, err := encode(checkpoint.Properties(oldInputs))
	if err != nil {
		return nil, err
	}
	readInputs := objects.ToProperties(liveInputs)
	objects.MarkSecrets(readInputs, oldInputs)
	encodedInputs, err := encode(readInputs)
	if err != nil {
		return nil, err
	}
	if !first {
		if err := p.checkReady(ctx, inputs, live); err != nil {
			return nil, initFailed(request.GetId(), redact(err, oldInputs), encodedState, encodedInputs)
		}
	}
	return &pulumirpc.ReadResponse{Id: request.GetId(), Properties: encodedState, Inputs: encodedInputs}, nil
}

// identify completes inputs that say too little to find the object by, and reports whether Pulumi meets it for the
// first time.
func identify(urn resource.URN, id string, inputs, live *unstructured.Unstructured) (bool, error) {
	namespace, name := objects.ParseID(id)
	if name == "" {
		return false, fmt.Errorf("failed to read resource because of a failure to parse resource name from request ID: %s", id)
	}
	if !objects.GroupVersionKind(inputs).Empty() {
		return false, nil
	}
	first := objects.GroupVersionKind(live).Empty()
	gvk := objects.GroupVersionKind(live)
	if first {
		var err error
		if gvk, err = objects.KindOf(urn); err != nil {
			return false, err
		}
	}
	inputs.SetGroupVersionKind(gvk)
	if inputs.GetName() == "" {
		inputs.SetName(name)
	}
	if inputs.GetNamespace() == "" && namespace != "" {
		inputs.SetNamespace(namespace)
	}
	return first, nil
}

func (p *Provider) readUnreachable(
	ctx context.Context, urn resource.URN, request *pulumirpc.ReadRequest, cause error,
) (*pulumirpc.ReadResponse, error) {
	p.engine.Warning(ctx, string(urn), fmt.Sprintf("configured Kubernetes cluster is unreachable: %v", cause))
	switch {
	case p.options.deleteUnreachable:
		p.engine.Info(ctx, string(urn), "configured Kubernetes cluster is unreachable and the `deleteUnreachable` "+
			"option is enabled. Deleting the unreachable resource from Pulumi state")
		return &pulumirpc.ReadResponse{}, nil
	case p.options.skipUpdateUnreachable:
		p.engine.Info(ctx, string(urn), "configured Kubernetes cluster is unreachable and the `skipUnreachable` "+
			"option is enabled. Returned data could not reflect the actual cluster configuration.")
		return &pulumirpc.ReadResponse{
			Id: request.GetId(), Properties: request.GetProperties(), Inputs: request.GetInputs(),
		}, nil
	}
	return nil, errors.New("failed to read resource state due to unreachable cluster. " + adviceUnreachable)
}

// checkReady looks once whether the object is as ready as creating it would have waited for.
func (p *Provider) checkReady(ctx context.Context, inputs, live *unstructured.Unstructured) error {
	condition, found, err := await.For(ctx, p.cluster, inputs, live, p.options.awaitAll)
	if err != nil || !found {
		return err
	}
	return await.Waiter{Cluster: p.cluster}.Check(ctx, live, condition)
}

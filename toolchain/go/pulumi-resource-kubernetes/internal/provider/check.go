package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// Check completes a resource's inputs: normal form, name, default namespace.
func (p *Provider) Check(
	ctx context.Context, request *pulumirpc.CheckRequest,
) (*pulumirpc.CheckResponse, error) {
	ctx, done := p.operation(ctx)
	defer done()
	urn := resource.URN(request.GetUrn())
	if p.options.skipUpdateUnreachable && p.reachable(ctx) != nil {
		p.engine.Warning(ctx, string(urn),
			"Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...")
		return &pulumirpc.CheckResponse{Inputs: request.GetOlds()}, nil
	}
	if objects.IsList(urn) {
		return nil, errors.New("list resources exist for compatibility with YAML manifests and Helm charts, " +
			"and cannot be created directly. Use the underlying resource type instead")
	}
	olds, err := decode(request.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := decode(request.GetNews())
	if err != nil {
		return nil, err
	}
	old := objects.FromProperties(olds)
	inputs := objects.Normalize(objects.FromProperties(news))
	if inputs.Object["apiVersion"] == nil || inputs.Object["kind"] == nil {
		return failure("apiVersion", fmt.Sprintf("apiVersion and kind have to be set for %s", urn.Name())), nil
	}
	if objects.IsPatch(urn, inputs.GetKind()) {
		if !p.options.serverSideApply {
			return nil, errors.New("patch resources require Server-Side Apply mode, which is enabled using the " +
				"`enableServerSideApply` Provider config")
		}
		if !objects.HasName(inputs) {
			return nil, errors.New("patch resources require the `.metadata.name` field to be set")
		}
	}

	objects.AdoptName(inputs, old)
	if len(old.Object) == 0 {
		if err := objects.AssignName(inputs, urn, request.GetRandomSeed(), request.GetAutonaming()); err != nil {
			return nil, err
		}
	}
	if objects.UsesGenerateName(inputs) && p.options.serverSideApply {
		return nil, errors.New("the `.metadata.generateName` field is not supported in Server-Side Apply mode")
	}
	if namespace := p.namespace(); namespace != "" && p.isNamespaced(ctx, inputs) {
		objects.DefaultNamespace(inputs, namespace)
	}

	if p.cluster != nil && objects.IsCRD(inputs) {
		p.cluster.Declare(inputs)
	}

	checked := objects.ToProperties(inputs)
	objects.MarkSecrets(checked, news)
	encoded, err := encode(checked)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.CheckResponse{Inputs: encoded}, nil
}

func failure(property, reason string) *pulumirpc.CheckResponse {
	return &pulumirpc.CheckResponse{Failures: []*pulumirpc.CheckFailure{{Property: property, Reason: reason}}}
}

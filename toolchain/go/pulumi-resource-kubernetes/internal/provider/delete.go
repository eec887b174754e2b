package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/await"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// Delete deletes an object and waits until it is gone. A Patch resource gives up its fields instead.
func (p *Provider) Delete(ctx context.Context, request *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	ctx, done := p.operation(ctx)
	defer done()
	urn := resource.URN(request.GetUrn())
	state, err := decode(request.GetProperties())
	if err != nil {
		return nil, err
	}
	recorded := objects.ParseCheckpoint(state)
	if p.options.renderDirectory != "" {
		return p.renderDelete(ctx, urn, recorded)
	}
	if err := p.reachable(ctx); err != nil {
		return p.deleteUnreachable(ctx, urn, err)
	}
	_, name := objects.ParseID(request.GetId())
	if objects.IsPatch(urn, recorded.Live.GetKind()) {
		return &emptypb.Empty{}, explainRelinquish(p.cluster.Relinquish(ctx, recorded.Live, name, recorded.FieldManager))
	}

	// The annotations of the program's inputs decide, not those that somebody put on the object.
	target := recorded.Live
	policy := objects.Annotation(recorded.Inputs, objects.AnnotationDeletionPropagation)
	objects.SetAnnotation(target, objects.AnnotationDeletionPropagation, policy)
	err = p.cluster.Delete(ctx, target, name)
	switch {
	case meta.IsNoMatchError(err):
		// With its definition gone, the custom resource is gone, too.
		return &emptypb.Empty{}, nil
	case cluster.IsProtected(err):
		p.engine.Warning(ctx, string(urn), fmt.Sprintf("%v; giving up its fields instead", err))
		return &emptypb.Empty{}, p.cluster.Relinquish(ctx, recorded.Live, name, recorded.FieldManager)
	case err != nil:
		return nil, fmt.Errorf("delete %q: %w", request.GetId(), err)
	}
	if objects.IsAnnotationTrue(recorded.Inputs, objects.AnnotationSkipAwait) &&
		skipsAwaitOnDelete[objects.GroupVersionKind(recorded.Inputs).GroupKind()] {
		return &emptypb.Empty{}, nil
	}
	timeout := objects.Timeout(request.GetTimeout(), recorded.Inputs, await.DefaultTimeout)
	if err := p.waiter(ctx, urn).Gone(ctx, target, name, timeout); err != nil {
		return nil, p.deleteFailed(request, recorded, state, err)
	}
	return &emptypb.Empty{}, nil
}

// skipsAwaitOnDelete are the kinds for which skipAwait has always meant deletion, too (pulumi-kubernetes#1232, #3154).
var skipsAwaitOnDelete = map[schema.GroupKind]bool{
	{Kind: "Namespace"}: true, {Kind: "Pod"}: true, {Kind: "ReplicationController"}: true,
	{Group: "apps", Kind: "DaemonSet"}: true, {Group: "apps", Kind: "Deployment"}: true,
	{Group: "apps", Kind: "StatefulSet"}: true, {Group: "batch", Kind: "Job"}: true,
}

func (p *Provider) deleteFailed(
	request *pulumirpc.DeleteRequest, recorded objects.Checkpoint, state resource.PropertyMap, cause error,
) error {
	if waited := (*await.Error)(nil); errors.As(cause, &waited) && waited.Live != nil {
		recorded.Live = waited.Live
	}
	encoded, err := encode(recorded.Properties(state))
	if err != nil {
		return err
	}
	return initFailed(request.GetId(), fmt.Errorf("delete %q: %w", request.GetId(), cause), encoded, nil)
}

func (p *Provider) deleteUnreachable(ctx context.Context, urn resource.URN, cause error) (*emptypb.Empty, error) {
	p.engine.Warning(ctx, string(urn), fmt.Sprintf("configured Kubernetes cluster is unreachable: %v", cause))
	if p.options.deleteUnreachable {
		p.engine.Info(ctx, string(urn), "configured Kubernetes cluster is unreachable and the `deleteUnreachable` "+
			"option is enabled. Deleting the unreachable resource from Pulumi state")
		return &emptypb.Empty{}, nil
	}
	return nil, errors.New("configured Kubernetes cluster is unreachable. " + adviceUnreachable)
}

func explainRelinquish(err error) error {
	if cause, ok := apierrors.StatusCause(err, metav1.CauseTypeFieldValueRequired); ok {
		return fmt.Errorf("this Patch resource is currently managing a required field, so it can't be deleted directly. "+
			"Either set the `retainOnDelete` resource option, or transfer ownership of the field before deleting: %s",
			cause.Field)
	}
	return err
}

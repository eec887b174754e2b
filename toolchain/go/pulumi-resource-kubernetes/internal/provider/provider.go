// Package provider serves the Pulumi ResourceProvider protocol for Kubernetes objects of any kind. What it promises is
// what the official plugin documents in its SDK and its issues; where this one differs, the comment says why.
package provider

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/await"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/diff"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/engine"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// Provider is one configured instance of the plugin. The engine starts a process for each provider resource.
type Provider struct {
	pulumirpc.UnimplementedResourceProviderServer

	version  string
	engine   engine.Client
	options  options
	cluster  *cluster.Cluster
	stopping context.Context
	stop     context.CancelFunc
	// unusable is why the kubeconfig could not be used; operations that need the cluster fail with it.
	unusable error
}

// New makes a provider that reports the given version.
func New(version string) *Provider {
	stopping, stop := context.WithCancel(context.Background())
	return &Provider{version: version, stopping: stopping, stop: stop}
}

// Connect tells the provider where the engine listens.
func (p *Provider) Connect(address string) error { return p.engine.Connect(address) }

// Stop ends all operations under way; what they know by then becomes part of the state.
func (p *Provider) Stop() { p.stop() }

// Attach is Connect for an engine that finds the plugin already running.
func (p *Provider) Attach(_ context.Context, request *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, p.engine.Connect(request.GetAddress())
}

// Cancel makes operations under way return soon, with what they reached.
func (p *Provider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	p.stop()
	return &emptypb.Empty{}, nil
}

// GetPluginInfo reports the version of the SDK this plugin serves.
func (p *Provider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: p.version}, nil
}

// operation joins the request's context with the provider's own: either ends the work.
func (p *Provider) operation(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	detach := context.AfterFunc(p.stopping, cancel)
	return ctx, func() { detach(); cancel() }
}

// reachable says why the cluster can't be worked with, or nil.
func (p *Provider) reachable(ctx context.Context) error {
	if p.unusable != nil {
		return p.unusable
	}
	return p.cluster.Reachable(ctx)
}

func (p *Provider) isNamespaced(ctx context.Context, obj *unstructured.Unstructured) bool {
	gvk := objects.GroupVersionKind(obj)
	if p.reachable(ctx) != nil {
		return objects.GuessNamespaced(gvk)
	}
	return p.cluster.IsNamespaced(gvk)
}

// serves reports whether the cluster is there and knows the kind of the object.
func (p *Provider) serves(ctx context.Context, obj *unstructured.Unstructured) bool {
	return p.reachable(ctx) == nil && p.cluster.Serves(objects.GroupVersionKind(obj))
}

func (p *Provider) waiter(ctx context.Context, urn resource.URN) await.Waiter {
	return await.Waiter{
		Cluster: p.cluster,
		Status:  func(message string) { p.engine.Status(ctx, string(urn), message) },
	}
}

func (p *Provider) mutability() diff.Mutability {
	return diff.Mutability{ConfigMaps: p.options.mutableConfigMaps, Secrets: p.options.mutableSecrets}
}

// fieldManager names who owns the fields that a resource writes: the program's choice, else the name it got before,
// else a new one. Every resource has its own, so that two resources never take one object's fields from each other
// unnoticed.
func (p *Provider) fieldManager(inputs *unstructured.Unstructured, recorded string) (string, error) {
	switch chosen := objects.Annotation(inputs, objects.AnnotationPatchFieldManager); {
	case !p.options.serverSideApply:
		return "pulumi-kubernetes", nil
	case chosen != "":
		return chosen, nil
	case recorded != "":
		return recorded, nil
	}
	return resource.NewUniqueName(nil, "pulumi-kubernetes-", 0, 0, nil)
}

// force says whether a write takes fields over from other managers.
func (p *Provider) force(inputs *unstructured.Unstructured) bool {
	switch objects.Annotation(inputs, objects.AnnotationPatchForce) {
	case "true":
		return true
	case "false":
		return false
	}
	return p.options.patchForce
}

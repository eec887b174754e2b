package provider

import (
	"context"
	"reflect"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
)

// The options that decide which cluster is meant.
var clusterOptions = []string{"kubeconfig", "context", "cluster"}

const (
	optionClusterIdentifier = "clusterIdentifier"
	optionRenderDirectory   = "renderYamlToDirectory"
)

// CheckConfig refuses options that contradict each other.
func (p *Provider) CheckConfig(
	_ context.Context, request *pulumirpc.CheckRequest,
) (*pulumirpc.CheckResponse, error) {
	response := &pulumirpc.CheckResponse{Inputs: request.GetNews()}
	inputs, err := decode(request.GetNews())
	if err != nil {
		return nil, err
	}
	if !isSet(inputs, optionRenderDirectory) {
		return response, nil
	}
	for _, option := range clusterOptions {
		if isSet(inputs, option) {
			response.Failures = append(response.Failures, &pulumirpc.CheckFailure{
				Property: option, Reason: `"` + option + `" arg is not compatible with "renderYamlToDirectory" arg`,
			})
		}
	}
	return response, nil
}

func isSet(inputs resource.PropertyMap, option string) bool {
	value := inputs[resource.PropertyKey(option)]
	for value.IsSecret() {
		value = value.SecretValue().Element
	}
	return value.IsString() && value.StringValue() != "" || value.IsBool() && value.BoolValue()
}

// DiffConfig says when another cluster is meant, so that everything on it has to be made anew: when the active cluster
// of the kubeconfig is another one, or, where clusterIdentifier is given, when that changes and only then.
func (p *Provider) DiffConfig(
	_ context.Context, request *pulumirpc.DiffRequest,
) (*pulumirpc.DiffResponse, error) {
	olds, err := decode(request.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := decode(request.GetNews())
	if err != nil {
		return nil, err
	}
	changes := olds.Diff(news)
	if changes == nil {
		return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
	}
	response := &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_SOME}
	for _, key := range changes.ChangedKeys() {
		response.Diffs = append(response.Diffs, string(key))
	}
	if news.HasValue(optionClusterIdentifier) && changes.Same(optionClusterIdentifier) {
		return response, nil
	}
	if changes.Updated(optionClusterIdentifier) {
		response.Replaces = append(response.Replaces, optionClusterIdentifier)
	}
	if slices.Contains(response.Diffs, optionRenderDirectory) {
		response.Replaces = append(response.Replaces, optionRenderDirectory)
	}
	moved := otherCluster(olds, news)
	for _, option := range clusterOptions {
		unknown := news[resource.PropertyKey(option)].ContainsUnknowns()
		if unknown || moved && slices.Contains(response.Diffs, option) {
			response.Replaces = append(response.Replaces, option)
		}
	}
	return response, nil
}

// otherCluster compares the active clusters' settings; Kubernetes knows no better identity. A kubeconfig that is not
// known yet or can't be read proves nothing.
func otherCluster(olds, news resource.PropertyMap) bool {
	before, after := activeCluster(olds), activeCluster(news)
	return before != nil && after != nil && !reflect.DeepEqual(before, after)
}

func activeCluster(options resource.PropertyMap) *clientcmdapi.Cluster {
	text := func(key resource.PropertyKey) string {
		value := options[key]
		for value.IsSecret() {
			value = value.SecretValue().Element
		}
		if value.IsString() {
			return value.StringValue()
		}
		return ""
	}
	if text("kubeconfig") == "" {
		return nil
	}
	kubeconfig, err := cluster.ParseKubeconfig(text("kubeconfig"))
	if err != nil {
		return nil
	}
	name := text("cluster")
	if name == "" {
		current := text("context")
		if current == "" {
			current = kubeconfig.CurrentContext
		}
		chosen, ok := kubeconfig.Contexts[current]
		if !ok {
			return nil
		}
		name = chosen.Cluster
	}
	found := kubeconfig.Clusters[name]
	if found != nil {
		found.LocationOfOrigin = ""
	}
	return found
}

// Configure prepares the connection. A kubeconfig that can't be used is no failure yet: rendering to a directory and
// deleting what an unreachable cluster had need none.
func (p *Provider) Configure(
	_ context.Context, request *pulumirpc.ConfigureRequest,
) (*pulumirpc.ConfigureResponse, error) {
	config := configuration(request.GetVariables()) //nolint:staticcheck // the engine sends both forms
	p.options = config.options()
	settings, err := config.settings("pulumi-kubernetes/" + p.version)
	if err != nil {
		return nil, err
	}
	p.cluster, p.unusable = cluster.Connect(settings)
	if p.unusable == nil {
		// Ask while the engine is still busy with the program; whoever needs the answer waits for this one.
		go func() { _ = p.cluster.Reachable(p.stopping) }()
	}
	return &pulumirpc.ConfigureResponse{
		AcceptSecrets: true, SupportsPreview: true, SupportsAutonamingConfiguration: true,
	}, nil
}

// namespace is the default for objects that name none.
func (p *Provider) namespace() string {
	if p.cluster == nil {
		return ""
	}
	return p.cluster.Namespace
}

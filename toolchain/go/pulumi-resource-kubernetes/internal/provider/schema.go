package provider

import (
	"context"
	"encoding/json"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

type property struct {
	Type        string `json:"type"`
	Description string `json:"description,omitempty"`
}

// GetSchema describes the package and its configuration. The resource types are described by the SDK that a program
// uses; their schema, 20 MB of it, is not part of this plugin, so `pulumi package gen-sdk` needs the official one.
func (p *Provider) GetSchema(
	_ context.Context, request *pulumirpc.GetSchemaRequest,
) (*pulumirpc.GetSchemaResponse, error) {
	if version := request.GetVersion(); version != 0 {
		return nil, fmt.Errorf("unsupported schema version %d", version)
	}
	config := map[string]property{
		"kubeconfig":             {"string", "The contents of a kubeconfig file or the path to one."},
		"context":                {"string", "The name of the kubeconfig context to use."},
		"cluster":                {"string", "The name of the kubeconfig cluster to use."},
		"clusterIdentifier":      {"string", "If set, only its change replaces the provider."},
		"namespace":              {"string", "The default namespace."},
		"enableServerSideApply":  {"boolean", "Default true."},
		"enablePatchForce":       {"boolean", "Take fields over from other field managers. Default false."},
		"upsertExistingObjects":  {"boolean", "Adopt objects that exist. Default false."},
		"deleteUnreachable":      {"boolean", "Forget resources of an unreachable cluster. Default false."},
		"skipUpdateUnreachable":  {"boolean", "Leave resources of an unreachable cluster alone. Default false."},
		"enableConfigMapMutable": {"boolean", "Update ConfigMaps in place. Default false."},
		"enableSecretMutable":    {"boolean", "Update Secrets in place. Default false."},
		"renderYamlToDirectory":  {"string", "Write manifests to this directory instead of to a cluster."},
		"kubeClientSettings":     {"object", "qps, burst and timeout (seconds) of the client."},
	}
	schema, err := json.Marshal(map[string]any{
		"name": "kubernetes", "version": p.version,
		"config":    map[string]any{"variables": config},
		"provider":  map[string]any{"inputProperties": config},
		"resources": map[string]any{},
	})
	return &pulumirpc.GetSchemaResponse{Schema: string(schema)}, err
}

// GetMapping has nothing to say about programs of other tools.
func (p *Provider) GetMapping(
	context.Context, *pulumirpc.GetMappingRequest,
) (*pulumirpc.GetMappingResponse, error) {
	return &pulumirpc.GetMappingResponse{}, nil
}

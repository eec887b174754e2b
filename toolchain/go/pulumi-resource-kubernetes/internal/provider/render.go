package provider

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// With renderYamlToDirectory objects become files instead: definitions in 0-crd, all else in 1-manifest, so that
// applying the folders in order works.

func (p *Provider) renderCreate(
	ctx context.Context, urn resource.URN, inputs *unstructured.Unstructured, properties resource.PropertyMap, preview bool,
) (*pulumirpc.CreateResponse, error) {
	state, err := p.render(ctx, urn, inputs, properties, inputs.GetAPIVersion(), preview)
	if err != nil {
		return nil, err
	}
	encoded, err := encode(state)
	response := &pulumirpc.CreateResponse{Properties: encoded}
	if !preview {
		response.Id = objects.ID(inputs)
	}
	return response, err
}

func (p *Provider) renderUpdate(
	ctx context.Context, urn resource.URN, inputs *unstructured.Unstructured, properties resource.PropertyMap,
	recorded objects.Checkpoint, preview bool,
) (*pulumirpc.UpdateResponse, error) {
	state, err := p.render(ctx, urn, inputs, properties, recorded.InitialAPIVersion, preview)
	if err != nil {
		return nil, err
	}
	encoded, err := encode(state)
	return &pulumirpc.UpdateResponse{Properties: encoded}, err
}

func (p *Provider) render(
	ctx context.Context, urn resource.URN, inputs *unstructured.Unstructured, properties resource.PropertyMap,
	initialAPIVersion string, preview bool,
) (resource.PropertyMap, error) {
	checkpoint := objects.Checkpoint{Inputs: inputs, Live: inputs, InitialAPIVersion: initialAPIVersion}
	if preview {
		return checkpoint.Properties(properties), nil
	}
	path := renderPath(p.options.renderDirectory, inputs)
	if properties.ContainsSecrets() {
		p.engine.Warning(ctx, string(urn), fmt.Sprintf("rendered file %s contains a secret value in plaintext", path))
	}
	text, err := yaml.Marshal(inputs.Object)
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", objects.ID(inputs), err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("render %s: %w", objects.ID(inputs), err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, fmt.Errorf("render %s: %w", objects.ID(inputs), err)
	}
	return checkpoint.Properties(properties), nil
}

func (p *Provider) renderDelete(
	_ context.Context, _ resource.URN, recorded objects.Checkpoint,
) (*emptypb.Empty, error) {
	err := os.Remove(renderPath(p.options.renderDirectory, recorded.Live))
	if err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("delete the rendered file of %s: %w", objects.ID(recorded.Live), err)
	}
	return &emptypb.Empty{}, nil
}

func renderPath(directory string, obj *unstructured.Unstructured) string {
	folder := "1-manifest"
	if objects.IsCRD(obj) {
		folder = "0-crd"
	}
	namespace := obj.GetNamespace()
	if namespace == "" {
		namespace = "default"
	}
	clean := strings.NewReplacer("/", "_", ":", "_")
	file := fmt.Sprintf("%s-%s-%s-%s.yaml", clean.Replace(obj.GetAPIVersion()), strings.ToLower(obj.GetKind()),
		namespace, clean.Replace(obj.GetName()))
	return filepath.Join(directory, folder, file)
}

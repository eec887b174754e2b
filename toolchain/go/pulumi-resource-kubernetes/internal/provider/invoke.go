package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

const (
	invokeDecodeYAML = "kubernetes:yaml:decode"
	decodeBuffer     = 4096
)

// Invoke serves the function behind the SDK's yaml.ConfigFile and yaml.ConfigGroup. Those behind Helm charts and
// kustomize need the official plugin.
func (p *Provider) Invoke(
	_ context.Context, request *pulumirpc.InvokeRequest,
) (*pulumirpc.InvokeResponse, error) {
	if request.GetTok() != invokeDecodeYAML {
		return nil, status.Errorf(codes.Unimplemented, "function %q is not served by this plugin, which stands in for "+
			"the official one where that can't be downloaded", request.GetTok())
	}
	arguments, err := decode(request.GetArgs())
	if err != nil {
		return nil, err
	}
	text := arguments["text"]
	if !text.IsString() {
		return nil, errors.New("missing required field 'text' of type string")
	}
	namespace := ""
	if value := arguments["defaultNamespace"]; value.IsString() {
		namespace = value.StringValue()
	}
	documents, err := decodeYAML(text.StringValue(), namespace)
	if err != nil {
		return nil, err
	}
	result := make([]any, 0, len(documents))
	for _, document := range documents {
		result = append(result, document.Object)
	}
	encoded, err := encode(resource.NewPropertyMapFromMap(map[string]any{"result": result}))
	return &pulumirpc.InvokeResponse{Return: encoded}, err
}

// decodeYAML reads the objects of a manifest, those inside lists included.
func decodeYAML(text, namespace string) ([]*unstructured.Unstructured, error) {
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), decodeBuffer)
	var found []*unstructured.Unstructured
	for {
		obj := &unstructured.Unstructured{}
		if err := decoder.Decode(&obj.Object); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, fmt.Errorf("manifest is not valid YAML: %w", err)
		}
		items, isList := obj.Object["items"].([]any)
		if !isList || !strings.HasSuffix(obj.GetKind(), "List") {
			items = []any{obj.Object}
		}
		for _, item := range items {
			object, ok := item.(map[string]any)
			if !ok || len(object) == 0 {
				continue
			}
			one := &unstructured.Unstructured{Object: object}
			if namespace != "" && objects.GuessNamespaced(objects.GroupVersionKind(one)) {
				objects.DefaultNamespace(one, namespace)
			}
			found = append(found, one)
		}
	}
}

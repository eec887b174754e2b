package provider

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/structpb"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/await"
)

var wireOptions = plugin.MarshalOptions{KeepUnknowns: true, SkipNulls: true, KeepSecrets: true}

func decode(properties *structpb.Struct) (resource.PropertyMap, error) {
	decoded, err := plugin.UnmarshalProperties(properties, wireOptions)
	if err != nil {
		return nil, fmt.Errorf("malformed resource properties: %w", err)
	}
	return decoded, nil
}

func encode(properties resource.PropertyMap) (*structpb.Struct, error) {
	return plugin.MarshalProperties(properties, wireOptions)
}

// initFailed reports an object that exists but isn't as it should be. The engine records its state and goes on from
// there in the next update.
func initFailed(id string, cause error, state, inputs *structpb.Struct) error {
	reasons := []string{cause.Error()}
	if waited := (*await.Error)(nil); errors.As(cause, &waited) {
		head := strings.TrimSuffix(cause.Error(), waited.Error()) + waited.Cause.Error()
		reasons = append([]string{head}, waited.Reasons...)
	}
	return rpcerror.WithDetails(rpcerror.New(codes.Unknown, cause.Error()), &pulumirpc.ErrorResourceInitFailed{
		Id: id, Properties: state, Reasons: reasons, Inputs: inputs,
	})
}

const (
	redacted = "[secret]"
	// minRedacted keeps single letters and digits from being struck out of every message.
	minRedacted = 4
)

// redact strikes the secrets of a resource out of an error: API servers repeat the value they refuse.
func redact(err error, properties resource.PropertyMap) error {
	if err == nil || !properties.ContainsSecrets() {
		return err
	}
	text := err.Error()
	for _, secret := range secretTexts(resource.NewObjectProperty(properties), false) {
		if len(secret) < minRedacted {
			continue
		}
		text = strings.ReplaceAll(text, secret, redacted)
		text = strings.ReplaceAll(text, base64.StdEncoding.EncodeToString([]byte(secret)), redacted)
	}
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}

func secretTexts(value resource.PropertyValue, inSecret bool) []string {
	var texts []string
	switch {
	case value.IsSecret():
		return secretTexts(value.SecretValue().Element, true)
	case value.IsString() && inSecret:
		texts = append(texts, value.StringValue())
		if decoded, err := base64.StdEncoding.DecodeString(value.StringValue()); err == nil {
			texts = append(texts, string(decoded))
		}
	case value.IsObject():
		for _, element := range value.ObjectValue() {
			texts = append(texts, secretTexts(element, inSecret)...)
		}
	case value.IsArray():
		for _, element := range value.ArrayValue() {
			texts = append(texts, secretTexts(element, inSecret)...)
		}
	}
	return texts
}

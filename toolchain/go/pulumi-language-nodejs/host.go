package main

import (
	"context"
	"fmt"
	"sync/atomic"

	sdk "github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// languageHost serves LanguageRuntime. It keeps nothing between calls but the engine's address.
type languageHost struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	tracing      string
	otelEndpoint string
	engine       atomic.Pointer[engine]

	// lifetime ends with the host itself: on a signal, or when the engine is gone.
	lifetime context.Context
	end      context.CancelFunc

	// operations ends with lifetime and, earlier, when the engine calls Cancel.
	operations       context.Context
	cancelOperations context.CancelFunc
}

func newLanguageHost(
	lifetime context.Context, end context.CancelFunc, tracing, otelEndpoint string,
) *languageHost {
	operations, cancelOperations := context.WithCancel(lifetime)
	return &languageHost{
		tracing:          tracing,
		otelEndpoint:     otelEndpoint,
		lifetime:         lifetime,
		end:              end,
		operations:       operations,
		cancelOperations: cancelOperations,
	}
}

// hostVersion is the version set by the linker or else that of the Pulumi SDK built in.
func hostVersion() string {
	if version.Version != "" {
		return version.Version
	}
	return "v" + sdk.Version.String()
}

// attach connects the host to the engine at address; the host ends when that engine is gone.
func (host *languageHost) attach(address string) error {
	engine, err := connectEngine(address)
	if err != nil {
		return fmt.Errorf("the language host can't reach the engine at %s: %w", address, err)
	}
	if former := host.engine.Swap(engine); former != nil {
		former.close()
	}
	go engine.watch(host.lifetime, host.end)
	return nil
}

func (host *languageHost) attachedEngine() (*engine, error) {
	engine := host.engine.Load()
	if engine == nil {
		return nil, status.Error(codes.FailedPrecondition,
			"the language host knows no engine: start it with the engine's address or call Handshake first")
	}
	return engine, nil
}

// Handshake tells a host that was started by hand which engine it works for.
func (host *languageHost) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	if err := host.attach(request.GetEngineAddress()); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo reports the version of the Pulumi SDK that the host was built from.
func (host *languageHost) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: hostVersion()}, nil
}

// Cancel ends running programs and installations, and those that are still to come. Plugins go on: the engine cancels each
// of them by itself.
func (host *languageHost) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	host.cancelOperations()
	return &emptypb.Empty{}, nil
}

// RuntimeOptionsPrompts asks, when a project is made, which package manager it uses.
func (host *languageHost) RuntimeOptionsPrompts(
	_ context.Context, request *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	if _, chosen := request.GetInfo().GetOptions().AsMap()["packagemanager"]; chosen {
		return &pulumirpc.RuntimeOptionsResponse{}, nil
	}
	return &pulumirpc.RuntimeOptionsResponse{Prompts: []*pulumirpc.RuntimeOptionPrompt{{
		Key:         "packagemanager",
		Description: "The package manager to use for installing dependencies",
		PromptType:  pulumirpc.RuntimeOptionPrompt_STRING,
		Choices:     plugin.MakeExecutablePromptChoices("npm", "pnpm", "yarn", "bun"),
		Default: &pulumirpc.RuntimeOptionPrompt_RuntimeOptionValue{
			PromptType:  pulumirpc.RuntimeOptionPrompt_STRING,
			StringValue: "npm",
		},
	}}}, nil
}

// Template has nothing to add: templates for Node.js are complete as they are.
func (host *languageHost) Template(
	context.Context, *pulumirpc.TemplateRequest,
) (*pulumirpc.TemplateResponse, error) {
	return &pulumirpc.TemplateResponse{}, nil
}

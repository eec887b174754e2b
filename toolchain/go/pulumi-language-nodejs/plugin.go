package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"

	sdk "github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

const (
	runPluginModule     = "@pulumi/pulumi/cmd/run-plugin"
	runPolicyPackModule = "@pulumi/pulumi/cmd/run-policy-pack"
)

// RunPlugin runs a policy pack or a provider written for Node.js and streams its output. It ends when the engine ends the
// call, and then no process of the plugin is left.
func (host *languageHost) RunPlugin(
	request *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	engine, err := host.attachedEngine()
	if err != nil {
		return err
	}
	ctx, cancel := endWith(stream.Context(), host.lifetime)
	defer cancel()
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(&serialPluginStream{LanguageRuntime_RunPluginServer: stream}, false)
	if err != nil {
		return err
	}
	defer func() { _ = closer.Close() }()

	if request.GetKind() == string(apitype.AnalyzerPlugin) {
		err = host.runPolicyPack(ctx, engine, request, stdout, stderr)
	} else {
		err = host.runProvider(ctx, engine, request, stdout, stderr)
	}
	return pluginError(err)
}

func pluginError(err error) error {
	var failed *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed):
		return exitError{failed}
	default:
		return fmt.Errorf("the plugin could not be run: %w", err)
	}
}

func (host *languageHost) runProvider(
	ctx context.Context, engine *engine, request *pulumirpc.RunPluginRequest, stdout, stderr io.Writer,
) error {
	module := os.Getenv(runModuleVariable)
	if module == "" {
		module = runPluginModule
	}
	plugin, err := newPluginProcess(ctx, request, module, func(nodeArgs []string) []string {
		return append(append(nodeArgs, request.GetInfo().GetProgramDirectory()), request.GetArgs()...)
	})
	if err != nil {
		return err
	}
	plugin.command.Dir = request.GetPwd()
	plugin.command.Stdout, plugin.command.Stderr = stdout, stderr
	return plugin.run(ctx, engine, plugin.command.Wait)
}

// runPolicyPack puts a proxy between the engine and the pack: the engine configures a pack by a call once it runs, but the
// pack's SDK reads stack and configuration from its environment as it starts. So the pack starts only after that call.
func (host *languageHost) runPolicyPack(
	ctx context.Context, engine *engine, request *pulumirpc.RunPluginRequest, stdout, stderr io.Writer,
) error {
	directory := request.GetInfo().GetProgramDirectory()
	plugin, err := newPluginProcess(ctx, request, runPolicyPackModule, func(nodeArgs []string) []string {
		return append(append(nodeArgs, request.GetArgs()...), directory)
	})
	if err != nil {
		return err
	}
	proxy, packOutput, err := sdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return fmt.Errorf("no proxy for the policy pack: %w", err)
	}
	stack, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return fmt.Errorf("the engine has not configured the policy pack: %w", err)
	}
	environment, err := policyPackEnvironment(stack)
	if err != nil {
		return err
	}
	plugin.command.Env = append(plugin.command.Env, environment...)
	// Packs may read files beside them by relative paths.
	plugin.command.Dir = directory
	plugin.command.Stdout, plugin.command.Stderr = packOutput, stderr
	return plugin.run(ctx, engine, func() error { return proxy.Attach(ctx, plugin.command) })
}

func policyPackEnvironment(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	if stack == nil {
		return nil, nil
	}
	var environment []string
	add := func(name, value string) {
		if value != "" {
			environment = append(environment, name+"="+value)
		}
	}
	add("PULUMI_NODEJS_ORGANIZATION", stack.GetOrganization())
	add("PULUMI_NODEJS_PROJECT", stack.GetProject())
	add("PULUMI_NODEJS_STACK", stack.GetStack())
	add("PULUMI_NODEJS_DRY_RUN", strconv.FormatBool(stack.GetDryRun()))
	if stack.GetConfig() != nil {
		values, err := json.Marshal(stack.GetConfig())
		if err != nil {
			return nil, fmt.Errorf("the configuration can't be passed to the policy pack: %w", err)
		}
		add("PULUMI_CONFIG", string(values))
	}
	return environment, nil
}

type pluginProcess struct {
	command  *exec.Cmd
	debugger *debugger
}

// newPluginProcess prepares node with the module that runs the plugin. Like the official host it puts `nodeargs` behind the
// module, where node does not see them: a plugin that works here works there.
func newPluginProcess(
	ctx context.Context, request *pulumirpc.RunPluginRequest, module string, arguments func(nodeArgs []string) []string,
) (*pluginProcess, error) {
	options, err := parseRuntimeOptions(request.GetInfo())
	if err != nil {
		return nil, err
	}
	node, err := findNode()
	if err != nil {
		return nil, err
	}
	run, err := resolveModule(ctx, node, module, request.GetInfo().GetProgramDirectory())
	if err != nil {
		return nil, err
	}
	debugger, err := newDebugger(request.GetAttachDebugger(), fmt.Sprintf("Pulumi: Plugin (%s)", request.GetName()))
	if err != nil {
		return nil, err
	}
	all := append(append(debugger.nodeArguments(), run), arguments(options.nodeArgs)...)
	command := newProcess(ctx, node, all...)
	command.Env = append(request.GetEnv(), options.environment()...)
	return &pluginProcess{command: command, debugger: debugger}, nil
}

func (plugin *pluginProcess) run(ctx context.Context, engine *engine, wait func() error) error {
	logging.V(5).Infof("starting %s", plugin.command)
	announce := func() error { return plugin.debugger.announce(ctx, engine, plugin.command) }
	return runProcess(plugin.command, announce, wait)
}

// serialPluginStream sends one message at a time: stdout and stderr are copied side by side, and a gRPC stream allows one
// sender.
type serialPluginStream struct {
	pulumirpc.LanguageRuntime_RunPluginServer
	mutex sync.Mutex
}

func (stream *serialPluginStream) Send(response *pulumirpc.RunPluginResponse) error {
	stream.mutex.Lock()
	defer stream.mutex.Unlock()
	return stream.LanguageRuntime_RunPluginServer.Send(response)
}

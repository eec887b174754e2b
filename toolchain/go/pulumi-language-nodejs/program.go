package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
)

const (
	runModule = "@pulumi/pulumi/cmd/run"

	// runModuleVariable names another module to run programs and plugins with, as the official host allows.
	runModuleVariable = "PULUMI_LANGUAGE_NODEJS_RUN_PATH"

	// errorsAlreadyLogged is the exit code of a program that has told the engine itself why it failed.
	errorsAlreadyLogged = 32
)

// Run runs a Pulumi program until it ends. A program that fails is no error of the call: the response says why, or says
// only that the engine must stop, when the program has logged its errors.
func (host *languageHost) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	engine, err := host.attachedEngine()
	if err != nil {
		return nil, err
	}
	ctx, cancel := endWith(ctx, host.operations)
	defer cancel()

	err = host.runProgram(ctx, engine, request)
	var failed *exec.ExitError
	if errors.As(err, &failed) && failed.ExitCode() == errorsAlreadyLogged {
		return &pulumirpc.RunResponse{Bail: true}, nil
	}
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

func (host *languageHost) runProgram(ctx context.Context, engine *engine, request *pulumirpc.RunRequest) error {
	options, err := parseRuntimeOptions(request.GetInfo())
	if err != nil {
		return err
	}
	node, err := findNode()
	if err != nil {
		return err
	}
	module := os.Getenv(runModuleVariable)
	if module == "" {
		module = runModule
	}
	run, err := resolveModule(ctx, node, module, request.GetInfo().GetProgramDirectory())
	if err != nil {
		return err
	}
	environment, err := host.programEnvironment(ctx, request, options)
	if err != nil {
		return err
	}
	debugger, err := newDebugger(request.GetAttachDebugger(), "Pulumi: Program (nodejs)")
	if err != nil {
		return err
	}

	arguments := append(options.nodeArgs, debugger.nodeArguments()...)
	arguments = append(append(arguments, run), host.programArguments(engine.address, request)...)
	command := newProcess(ctx, node, arguments...)
	command.Env = environment
	// node may set the files it is given to non-blocking mode, which breaks our own writes to them; a plain io.Writer makes
	// os/exec put a pipe in between.
	memory := &outOfMemoryWatch{to: os.Stderr}
	command.Stdout = plainWriter{os.Stdout}
	command.Stderr = memory
	logging.V(5).Infof("starting %s", command)

	err = runProcess(command, func() error { return debugger.announce(ctx, engine, command) }, command.Wait)
	return programError(err, memory)
}

func programError(err error, memory *outOfMemoryWatch) error {
	var failed *exec.ExitError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &failed):
		return fmt.Errorf("the program could not be run: %w", err)
	case memory.seen:
		return fmt.Errorf("%w. %s", exitError{failed}, outOfMemoryAdvice)
	default:
		return exitError{failed}
	}
}

// exitError words how a process ended as the official host does.
type exitError struct{ *exec.ExitError }

func (e exitError) Error() string {
	message := "Program exited with non-zero exit code: " + strconv.Itoa(e.ExitCode())
	if !e.Exited() {
		message += " (" + e.ProcessState.String() + ")"
	}
	return message
}

func (e exitError) Unwrap() error { return e.ExitError }

// programArguments are the arguments of @pulumi/pulumi/cmd/run. The program talks to the engine's resource monitor itself:
// the detour for synchronous invokes that older SDKs needed is gone from it.
func (host *languageHost) programArguments(engineAddress string, request *pulumirpc.RunRequest) []string {
	var arguments []string
	add := func(name, value string) {
		if value != "" {
			arguments = append(arguments, "--"+name, value)
		}
	}
	add("monitor", request.GetMonitorAddress())
	add("engine", engineAddress)
	add("organization", request.GetOrganization())
	add("project", request.GetProject())
	add("root-directory", request.GetInfo().GetRootDirectory())
	add("stack", request.GetStack())
	add("pwd", request.GetInfo().GetProgramDirectory())
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	add("parallel", strconv.Itoa(int(request.GetParallel())))
	add("tracing", host.tracing)
	arguments = append(arguments, request.GetInfo().GetEntryPoint())
	return append(arguments, request.GetArgs()...)
}

func (host *languageHost) programEnvironment(
	ctx context.Context, request *pulumirpc.RunRequest, options runtimeOptions,
) ([]string, error) {
	values, err := configuration(request.GetConfig())
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(append([]string{}, request.GetConfigSecretKeys()...))
	if err != nil {
		return nil, fmt.Errorf("the names of secret configuration can't be passed to the program: %w", err)
	}
	environment := append(os.Environ(), "PULUMI_CONFIG="+values, "PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys))
	environment = append(environment, options.environment()...)

	trace := propagation.MapCarrier{}
	otel.GetTextMapPropagator().Inject(ctx, trace)
	if parent := trace.Get("traceparent"); parent != "" {
		environment = append(environment, "TRACEPARENT="+parent)
	}
	if host.otelEndpoint != "" {
		environment = append(environment, otelEndpointVariable+"="+host.otelEndpoint)
	}
	return environment, nil
}

// configuration writes the stack's configuration in the form that every version of the SDK reads:
// {"namespace:config:name": "value"}.
func configuration(values map[string]string) (string, error) {
	named := make(map[string]string, len(values))
	for text, value := range values {
		key, err := config.ParseKey(text)
		if err != nil {
			return "", fmt.Errorf("configuration key %q can't be read: %w", text, err)
		}
		named[strings.Join([]string{key.Namespace(), "config", key.Name()}, ":")] = value
	}
	encoded, err := json.Marshal(named)
	if err != nil {
		return "", fmt.Errorf("the configuration can't be passed to the program: %w", err)
	}
	return string(encoded), nil
}

// endWith makes a context that ends with either of two.
func endWith(ctx, other context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(other, cancel)
	return ctx, func() {
		release()
		cancel()
	}
}

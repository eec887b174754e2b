package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies installs the program's packages with its package manager, at the root of its workspace if it is part
// of one.
func (host *languageHost) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	options, err := parseRuntimeOptions(request.GetInfo())
	if err != nil {
		return err
	}
	ctx, cancel := endWith(stream.Context(), host.operations)
	defer cancel()
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(
		&serialInstallStream{LanguageRuntime_InstallDependenciesServer: stream}, request.GetIsTerminal())
	if err != nil {
		return err
	}
	defer func() { _ = closer.Close() }()

	if request.GetUseLanguageVersionTools() {
		fmt.Fprintln(stderr, "warning: this language host does not switch versions of Node.js; the node on PATH is used")
	}
	root, err := npm.FindWorkspaceRoot(request.GetInfo().GetProgramDirectory())
	if errors.Is(err, npm.ErrNotInWorkspace) {
		root = request.GetInfo().GetProgramDirectory()
	} else if err != nil {
		return fmt.Errorf("the workspace of %s can't be found: %w", request.GetInfo().GetProgramDirectory(), err)
	}
	fmt.Fprintf(stdout, "Installing dependencies in %s\n\n", root)
	if _, err := npm.Install(ctx, options.packageManager, root, false, stdout, stderr); err != nil {
		return fmt.Errorf("dependencies can't be installed in %s: %w", root, err)
	}
	fmt.Fprint(stdout, "Finished installing dependencies\n\n")
	return closer.Close()
}

// About reports which node and which package manager the program is run with. A version that can't be found out is empty.
func (host *languageHost) About(
	ctx context.Context, request *pulumirpc.AboutRequest,
) (*pulumirpc.AboutResponse, error) {
	manager, err := packageManager(request.GetInfo())
	if err != nil {
		return nil, err
	}
	node, err := findNode()
	if err != nil {
		return nil, err
	}
	var nodeVersion, managerVersion string
	var both sync.WaitGroup
	both.Go(func() {
		if output, err := exec.CommandContext(ctx, node, "--version").Output(); err == nil {
			nodeVersion = strings.TrimSpace(string(output))
		}
	})
	both.Go(func() {
		if version, err := manager.Version(); err == nil {
			managerVersion = version.String()
		}
	})
	both.Wait()
	return &pulumirpc.AboutResponse{
		Executable: node,
		Version:    nodeVersion,
		Metadata: map[string]string{
			"packagemanager":        manager.Name(),
			"packagemanagerVersion": managerVersion,
		},
	}, nil
}

// GetProgramDependencies lists the packages in the program's lock file: those that its package.json names, or all.
func (host *languageHost) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	manager, err := packageManager(request.GetInfo())
	if err != nil {
		return nil, err
	}
	packages, err := manager.ListPackages(
		ctx, request.GetInfo().GetProgramDirectory(), request.GetTransitiveDependencies())
	if err != nil {
		return nil, fmt.Errorf("the program's dependencies can't be listed: %w", err)
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, dependency := range packages {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: dependency.Name, Version: dependency.Version})
	}
	return response, nil
}

func packageManager(info *pulumirpc.ProgramInfo) (npm.PackageManager, error) {
	options, err := parseRuntimeOptions(info)
	if err != nil {
		return nil, err
	}
	return npm.ResolvePackageManager(options.packageManager, info.GetProgramDirectory())
}

// serialInstallStream sends one message at a time, as serialPluginStream does.
type serialInstallStream struct {
	pulumirpc.LanguageRuntime_InstallDependenciesServer
	mutex sync.Mutex
}

func (stream *serialInstallStream) Send(response *pulumirpc.InstallDependenciesResponse) error {
	stream.mutex.Lock()
	defer stream.mutex.Unlock()
	return stream.LanguageRuntime_InstallDependenciesServer.Send(response)
}

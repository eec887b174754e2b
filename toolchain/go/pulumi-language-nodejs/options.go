package main

import (
	"fmt"
	"slices"

	"github.com/google/shlex"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// runtimeOptions are the `runtime.options` of Pulumi.yaml, PulumiPolicy.yaml or PulumiPlugin.yaml.
type runtimeOptions struct {
	// typescript loads TypeScript by ts-node, with type checks. Default true.
	typescript bool
	// tsconfig is the path of the tsconfig.json to use, relative to the program. Default: the one beside the program.
	tsconfig string
	// nodeArgs are arguments for node itself, for example `--import tsx`. Default none.
	nodeArgs []string
	// packageManager installs dependencies. Default: chosen by the lock file, or else npm.
	packageManager npm.PackageManagerType
}

var packageManagers = []npm.PackageManagerType{
	npm.AutoPackageManager, npm.NpmPackageManager, npm.YarnPackageManager, npm.PnpmPackageManager, npm.BunPackageManager,
}

func parseRuntimeOptions(info *pulumirpc.ProgramInfo) (runtimeOptions, error) {
	given := info.GetOptions().AsMap()
	options := runtimeOptions{}
	var nodeArgs, packageManager string
	var err error
	if options.typescript, err = option(given, "typescript", true, "true or false"); err != nil {
		return options, err
	}
	if options.tsconfig, err = option(given, "tsconfig", "", "a path"); err != nil {
		return options, err
	}
	if nodeArgs, err = option(given, "nodeargs", "", "a string"); err != nil {
		return options, err
	}
	if options.nodeArgs, err = shlex.Split(nodeArgs); err != nil {
		return options, fmt.Errorf("runtime option nodeargs can't be split into arguments: %w", err)
	}
	if packageManager, err = option(given, "packagemanager", "auto", "a string"); err != nil {
		return options, err
	}
	options.packageManager = npm.PackageManagerType(packageManager)
	if !slices.Contains(packageManagers, options.packageManager) {
		return options, fmt.Errorf(
			"runtime option packagemanager is %q, but must be one of %v", packageManager, packageManagers)
	}
	return options, nil
}

func option[T any](given map[string]any, name string, otherwise T, expected string) (T, error) {
	value, set := given[name]
	if !set {
		return otherwise, nil
	}
	typed, ok := value.(T)
	if !ok {
		return otherwise, fmt.Errorf("runtime option %s is %v, but must be %s", name, value, expected)
	}
	return typed, nil
}

// environment is what @pulumi/pulumi reads to load the program as these options say.
func (options runtimeOptions) environment() []string {
	var environment []string
	if options.typescript {
		environment = append(environment, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if options.tsconfig != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+options.tsconfig)
	}
	return environment
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// GetRequiredPackages lists the providers whose SDKs are installed in the program's node_modules.
func (host *languageHost) GetRequiredPackages(
	_ context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	packages := requiredPackages(request.GetInfo().GetProgramDirectory())
	return &pulumirpc.GetRequiredPackagesResponse{Packages: packages}, nil
}

// GetRequiredPlugins is GetRequiredPackages for engines from before packages had parameters.
func (host *languageHost) GetRequiredPlugins(
	_ context.Context, request *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	response := &pulumirpc.GetRequiredPluginsResponse{}
	for _, required := range requiredPackages(request.GetInfo().GetProgramDirectory()) {
		response.Plugins = append(response.Plugins, &pulumirpc.PluginDependency{
			Name:    required.GetName(),
			Kind:    required.GetKind(),
			Version: required.GetVersion(),
			Server:  required.GetServer(),
		})
	}
	return response, nil
}

// requiredPackages never fails: a package that can't be read must not keep a program from running that may not need it. The
// engine asks for a missing provider again when a resource needs it.
func requiredPackages(directory string) []*pulumirpc.PackageDependency {
	scan := newPackageScan()
	scan.directory(directory)
	if err := errors.Join(scan.errors...); err != nil {
		logging.V(3).Infof("some installed packages can't be read: %v", err)
	}
	if warning := incompatible(scan.sdks); warning != "" {
		fmt.Fprintln(os.Stderr, warning)
	}
	return scan.found
}

// manifest is the part of a package.json that says which provider a package needs.
type manifest struct {
	Name    string                  `json:"name"`
	Version string                  `json:"version"`
	Pulumi  plugin.PulumiPluginJSON `json:"pulumi"`
}

type packageScan struct {
	visited map[string]bool
	found   []*pulumirpc.PackageDependency
	// sdks holds the version of every @pulumi/pulumi found, by path.
	sdks   map[string]semver.Version
	errors []error
}

func newPackageScan() *packageScan {
	return &packageScan{visited: map[string]bool{}, sdks: map[string]semver.Version{}}
}

// directory looks for node_modules at any depth of a program's own source. A policy pack inside has needs of its own.
func (scan *packageScan) directory(directory string) {
	for _, child := range scan.subdirectories(directory) {
		name := filepath.Base(child)
		switch {
		case name == "node_modules":
			scan.nodeModules(child)
		case strings.HasPrefix(name, "."):
		case scan.isPolicyPack(child):
		default:
			scan.directory(child)
		}
	}
}

// nodeModules reads the packages in a node_modules directory: they are its children, the children of a scope (@pulumi), and
// of pnpm's store (.pnpm).
func (scan *packageScan) nodeModules(directory string) {
	for _, child := range scan.subdirectories(directory) {
		name := filepath.Base(child)
		switch {
		case strings.HasPrefix(name, "@"):
			scan.nodeModules(child)
		case name == ".pnpm":
			scan.directory(child)
		default:
			scan.installed(child)
			scan.nodeModules(filepath.Join(child, "node_modules"))
		}
	}
}

// subdirectories are the children of a directory that are, or link to, directories not seen before, by the names they have
// there.
func (scan *packageScan) subdirectories(directory string) []string {
	entries, err := os.ReadDir(directory)
	if err != nil {
		scan.failed(err)
		return nil
	}
	var children []string
	for _, entry := range entries {
		if !entry.IsDir() && entry.Type()&fs.ModeSymlink == 0 {
			continue
		}
		child := filepath.Join(directory, entry.Name())
		real, err := filepath.EvalSymlinks(child)
		if err != nil {
			scan.failed(err)
			continue
		}
		if info, err := os.Stat(real); err != nil || !info.IsDir() || scan.visited[real] {
			continue
		}
		scan.visited[real] = true
		children = append(children, child)
	}
	return children
}

func (scan *packageScan) isPolicyPack(directory string) bool {
	pack, err := workspace.DetectPolicyPackPathAt(directory)
	scan.failed(err)
	return pack != ""
}

func (scan *packageScan) failed(err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		scan.errors = append(scan.errors, err)
	}
}

func (scan *packageScan) installed(directory string) {
	path := filepath.Join(directory, "package.json")
	content, err := os.ReadFile(path)
	if err != nil {
		scan.failed(err)
		return
	}
	var read manifest
	if err := json.Unmarshal(content, &read); err != nil {
		scan.failed(fmt.Errorf("%s: %w", path, err))
		return
	}
	if read.Name == "@pulumi/pulumi" {
		version, err := semver.ParseTolerant(read.Version)
		if err != nil {
			scan.failed(fmt.Errorf("%s: version %q: %w", path, read.Version, err))
			return
		}
		scan.sdks[path] = version
	}
	if !read.Pulumi.Resource {
		return
	}
	required, err := read.dependency()
	if err != nil {
		scan.failed(fmt.Errorf("%s: %w", path, err))
		return
	}
	scan.found = append(scan.found, required)
}

func (read manifest) dependency() (*pulumirpc.PackageDependency, error) {
	name := read.Pulumi.Name
	if name == "" {
		var ours bool
		if name, ours = strings.CutPrefix(read.Name, "@pulumi/"); !ours {
			return nil, fmt.Errorf("package %q needs a provider, but pulumi.name does not say which", read.Name)
		}
	}
	version := read.Pulumi.Version
	if version == "" {
		version = read.Version
	}
	if version == "" {
		return nil, fmt.Errorf("package %q has no version", read.Name)
	}
	return &pulumirpc.PackageDependency{
		Name:             name,
		Kind:             string(apitype.ResourcePlugin),
		Version:          "v" + strings.TrimPrefix(version, "v"),
		Server:           read.Pulumi.Server,
		Parameterization: parameterization(read.Pulumi.Parameterization),
		Extension:        parameterization(read.Pulumi.ExtensionParameterization),
	}, nil
}

func parameterization(given *plugin.PulumiParameterizationJSON) *pulumirpc.PackageParameterization {
	if given == nil {
		return nil
	}
	return &pulumirpc.PackageParameterization{Name: given.Name, Version: given.Version, Value: given.Value}
}

// incompatible warns of two @pulumi/pulumi in one program whose resources can't be used together: major versions differ.
func incompatible(sdks map[string]semver.Version) string {
	var path string
	for other, version := range sdks {
		if path != "" && sdks[path].Major != version.Major {
			return fmt.Sprintf("incompatible versions of @pulumi/pulumi are installed: %s in %s and %s in %s",
				sdks[path], path, version, other)
		}
		path = other
	}
	return ""
}

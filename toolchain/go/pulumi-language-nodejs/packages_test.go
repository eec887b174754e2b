package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

const kubernetes = `{"name": "@pulumi/kubernetes", "version": "4.34.2", "pulumi": {"resource": true}}`

func TestGetRequiredPackages(t *testing.T) {
	cases := map[string]struct {
		files map[string]string
		want  []string
	}{
		"nothing installed": {map[string]string{"index.js": ""}, nil},
		"scope of Pulumi":   {map[string]string{"node_modules/@pulumi/kubernetes/package.json": kubernetes}, []string{"kubernetes v4.34.2"}},
		"named by the package": {map[string]string{"node_modules/x/package.json": `{"name": "x", "version": "1.0.0",
			"pulumi": {"resource": true, "name": "other", "version": "v2.0.0", "server": "https://example.com"}}`},
			[]string{"other v2.0.0 https://example.com"}},
		"with parameters": {map[string]string{"node_modules/x/package.json": `{"name": "x", "version": "1.0.0",
			"pulumi": {"resource": true, "name": "terraform-provider", "version": "0.5.0",
			"parameterization": {"name": "random", "version": "3.6.0", "value": "eyJ9"}}}`},
			[]string{"terraform-provider v0.5.0 random 3.6.0"}},
		"without a provider": {map[string]string{"node_modules/@pulumi/random/package.json": `{"name": "@pulumi/random", "version": "1.0.0"}`}, nil},
		"of a third party without a name": {map[string]string{
			"node_modules/x/package.json":                  `{"name": "x", "version": "1.0.0", "pulumi": {"resource": true}}`,
			"node_modules/@pulumi/kubernetes/package.json": kubernetes,
		}, []string{"kubernetes v4.34.2"}},
		"nested":         {map[string]string{"node_modules/a/node_modules/@pulumi/kubernetes/package.json": kubernetes}, []string{"kubernetes v4.34.2"}},
		"in a workspace": {map[string]string{"packages/a/node_modules/@pulumi/kubernetes/package.json": kubernetes}, []string{"kubernetes v4.34.2"}},
		"in pnpm's store": {map[string]string{"node_modules/.pnpm/@pulumi+kubernetes@4.34.2/node_modules/@pulumi/kubernetes/package.json": kubernetes},
			[]string{"kubernetes v4.34.2"}},
		"broken beside sound": {map[string]string{
			"node_modules/broken/package.json":             `{`,
			"node_modules/@pulumi/kubernetes/package.json": kubernetes,
		}, []string{"kubernetes v4.34.2"}},
		"of a policy pack": {map[string]string{
			"policies/PulumiPolicy.yaml":                            "runtime: nodejs",
			"policies/node_modules/@pulumi/kubernetes/package.json": kubernetes,
		}, nil},
		"deep inside another package": {map[string]string{
			"node_modules/a/package.json":                           `{"name": "a", "version": "1.0.0"}`,
			"node_modules/a/fixtures/package.json":                  kubernetes,
			"node_modules/a/test/node_modules/@pulumi/package.json": kubernetes,
		}, nil},
	}
	host := serveHost(t)
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			info := programInfo(t, writeFiles(t, test.files), nil)
			response, err := host.GetRequiredPackages(t.Context(), &pulumirpc.GetRequiredPackagesRequest{Info: info})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, required := range response.GetPackages() {
				with := required.GetParameterization()
				got = append(got, strings.Join(strings.Fields(strings.Join([]string{
					required.GetName(), required.GetVersion(), required.GetServer(), with.GetName(), with.GetVersion(),
				}, " ")), " "))
				if required.GetKind() != "resource" {
					t.Errorf("kind of %s: %q", required.GetName(), required.GetKind())
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			plugins, err := host.GetRequiredPlugins(t.Context(), &pulumirpc.GetRequiredPluginsRequest{Info: info})
			if err != nil || len(plugins.GetPlugins()) != len(test.want) {
				t.Errorf("GetRequiredPlugins: %v, %v", plugins, err)
			}
		})
	}
}

func TestLinkedPackagesAreFoundOnce(t *testing.T) {
	directory := writeFiles(t, map[string]string{"sdks/mine/package.json": kubernetes})
	link := filepath.Join(directory, "node_modules", "@pulumi", "kubernetes")
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, target := range map[string]string{
		link: "../../sdks/mine",
		filepath.Join(directory, "node_modules/x"): "../sdks/mine",
		filepath.Join(directory, "loop"):           ".",
		filepath.Join(directory, "dangling"):       "nowhere",
	} {
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
	if got := requiredPackages(directory); len(got) != 1 || got[0].GetName() != "kubernetes" {
		t.Errorf("got %v", got)
	}
}

func TestIncompatibleSDKsAreTold(t *testing.T) {
	sdk := func(version string) string { return `{"name": "@pulumi/pulumi", "version": "` + version + `"}` }
	warning := func(first, second string) string {
		scan := newPackageScan()
		scan.directory(writeFiles(t, map[string]string{
			"node_modules/@pulumi/pulumi/package.json":                sdk(first),
			"node_modules/a/node_modules/@pulumi/pulumi/package.json": sdk(second),
		}))
		return incompatible(scan.sdks)
	}
	if got := warning("3.1.0", "3.248.0"); got != "" {
		t.Errorf("got %q for one major version", got)
	}
	if got := warning("3.1.0", "2.25.2"); !strings.Contains(got, "3.1.0") || !strings.Contains(got, "2.25.2") {
		t.Errorf("got %q", got)
	}
}

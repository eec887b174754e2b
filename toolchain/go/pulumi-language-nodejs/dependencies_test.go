package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestInstallDependenciesRunsNpm(t *testing.T) {
	host := serveHost(t)
	directory := writeFiles(t, map[string]string{
		"app/package.json":  `{"name": "app", "version": "1.0.0", "dependencies": {"part": "file:../part"}}`,
		"part/package.json": `{"name": "part", "version": "1.2.3"}`,
	})
	stream, err := host.InstallDependencies(t.Context(), &pulumirpc.InstallDependenciesRequest{
		Info:                    programInfo(t, filepath.Join(directory, "app"), map[string]any{"packagemanager": "npm"}),
		UseLanguageVersionTools: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr string
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v\n%s%s", err, stdout, stderr)
		}
		stdout, stderr = stdout+string(response.GetStdout()), stderr+string(response.GetStderr())
	}
	if _, err := os.Stat(filepath.Join(directory, "app/node_modules/part/package.json")); err != nil {
		t.Error(err)
	}
	if !strings.HasPrefix(stdout, "Installing dependencies") || !strings.Contains(stdout, "Finished") {
		t.Errorf("stdout: %q", stdout)
	}
	if !strings.Contains(stderr, "the node on PATH is used") {
		t.Errorf("stderr: %q", stderr)
	}
}

func TestInstallDependenciesFailsWithNpm(t *testing.T) {
	stream, err := serveHost(t).InstallDependencies(t.Context(), &pulumirpc.InstallDependenciesRequest{
		Info: programInfo(t, writeFiles(t, map[string]string{"package.json": "{"}), nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = stream.Recv()
	}
	if errors.Is(err, io.EOF) {
		t.Error("a broken package.json was installed")
	}
}

func TestGetProgramDependencies(t *testing.T) {
	host := serveHost(t)
	directory := writeFiles(t, map[string]string{
		"package.json": `{"name": "app", "dependencies": {"a": "1"}, "devDependencies": {"c": "3"}}`,
		"package-lock.json": `{
  "name": "app",
  "lockfileVersion": 3,
  "packages": {
    "": {
      "name": "app",
      "dependencies": { "a": "1" },
      "devDependencies": { "c": "3" }
    },
    "node_modules/a": {
      "version": "1.0.0",
      "dependencies": { "b": "2" }
    },
    "node_modules/b": {
      "version": "2.0.0"
    },
    "node_modules/c": {
      "version": "3.0.0",
      "dev": true
    }
  }
}
`,
	})
	list := func(transitive bool) []string {
		response, err := host.GetProgramDependencies(t.Context(), &pulumirpc.GetProgramDependenciesRequest{
			Info: programInfo(t, directory, nil), TransitiveDependencies: transitive,
		})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, dependency := range response.GetDependencies() {
			names = append(names, dependency.GetName()+" "+dependency.GetVersion())
		}
		slices.Sort(names)
		return names
	}
	if got, want := list(false), []string{"a 1.0.0", "c 3.0.0"}; !slices.Equal(got, want) {
		t.Errorf("direct: got %q, want %q", got, want)
	}
	if got, want := list(true), []string{"a 1.0.0", "b 2.0.0", "c 3.0.0"}; !slices.Equal(got, want) {
		t.Errorf("all: got %q, want %q", got, want)
	}
}

func TestAbout(t *testing.T) {
	about, err := serveHost(t).About(t.Context(), &pulumirpc.AboutRequest{Info: programInfo(t, t.TempDir(), nil)})
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(about.GetExecutable()) != "node" || !strings.HasPrefix(about.GetVersion(), "v") ||
		about.GetMetadata()["packagemanager"] != "npm" || about.GetMetadata()["packagemanagerVersion"] == "" {
		t.Errorf("got %v", about)
	}
}

func TestPackageManagerIsAskedForOnce(t *testing.T) {
	host := serveHost(t)
	prompts := func(options map[string]any) int {
		response, err := host.RuntimeOptionsPrompts(t.Context(), &pulumirpc.RuntimeOptionsRequest{
			Info: programInfo(t, t.TempDir(), options),
		})
		if err != nil {
			t.Fatal(err)
		}
		return len(response.GetPrompts())
	}
	if prompts(nil) != 1 || prompts(map[string]any{"packagemanager": "npm"}) != 0 {
		t.Error("the package manager must be asked for exactly when it is not chosen")
	}
}

func TestRuntimeOptionsThatCanNotBeRead(t *testing.T) {
	for want, options := range map[string]map[string]any{
		"runtime option typescript is 1, but must be true or false": {"typescript": 1},
		"runtime option tsconfig is true, but must be a path":       {"tsconfig": true},
		"runtime option nodeargs is [a], but must be a string":      {"nodeargs": []any{"a"}},
		"runtime option nodeargs can't be split into arguments":     {"nodeargs": `--title "open`},
		`runtime option packagemanager is "make", but must be one`:  {"packagemanager": "make"},
	} {
		if _, err := parseRuntimeOptions(programInfo(t, "/", options)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestCodeGenerationIsRefusedByName(t *testing.T) {
	host := serveHost(t)
	_, program := host.GenerateProgram(t.Context(), &pulumirpc.GenerateProgramRequest{})
	_, project := host.GenerateProject(t.Context(), &pulumirpc.GenerateProjectRequest{})
	_, generate := host.GeneratePackage(t.Context(), &pulumirpc.GeneratePackageRequest{})
	_, pack := host.Pack(t.Context(), &pulumirpc.PackRequest{})
	_, link := host.Link(t.Context(), &pulumirpc.LinkRequest{})
	for _, err := range []error{program, project, generate, pack, link} {
		if status.Code(err) != codes.Unimplemented || !strings.Contains(status.Convert(err).Message(), "official Pulumi distribution") {
			t.Errorf("got %v", err)
		}
	}
	if _, err := host.Template(t.Context(), &pulumirpc.TemplateRequest{}); err != nil {
		t.Errorf("Template: %v", err)
	}
}

func TestOutOfMemoryIsSeenAcrossWrites(t *testing.T) {
	for _, marker := range outOfMemoryMarkers {
		for split := range marker {
			watch := &outOfMemoryWatch{to: io.Discard}
			for _, part := range [][]byte{[]byte("before "), marker[:split], marker[split:], []byte(" after")} {
				if _, err := watch.Write(part); err != nil {
					t.Fatal(err)
				}
			}
			if !watch.seen {
				t.Errorf("%s was missed when split at %d", marker, split)
			}
		}
	}
	watch := &outOfMemoryWatch{to: io.Discard}
	if _, err := watch.Write([]byte("<--- Last few words --->")); err != nil || watch.seen {
		t.Errorf("false alarm: %v, %v", watch.seen, err)
	}
}

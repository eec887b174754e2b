package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

func pluginProgram(t *testing.T, module, script string) string {
	t.Helper()
	return writeFiles(t, map[string]string{"node_modules/@pulumi/pulumi/cmd/" + module + "/index.js": script})
}

func readPlugin(stream grpc.ServerStreamingClient[pulumirpc.RunPluginResponse]) (stdout, stderr string, err error) {
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stdout, stderr, nil
		}
		if err != nil {
			return stdout, stderr, err
		}
		stdout += string(response.GetStdout())
		stderr += string(response.GetStderr())
	}
}

func TestRunPluginRunsAProvider(t *testing.T) {
	host, _ := serveAttachedHost(t)
	directory := pluginProgram(t, "run-plugin", recordScript+`console.log("4711"); console.error("careful")`)
	file, elsewhere := filepath.Join(directory, "record.json"), t.TempDir()
	stream, err := host.RunPlugin(t.Context(), &pulumirpc.RunPluginRequest{
		Kind: "resource", Name: "mine", Pwd: elsewhere, Args: []string{"127.0.0.1:1"},
		Env:  []string{"RECORD=" + file, "ONLY=this"},
		Info: programInfo(t, directory, nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, err := readPlugin(stream)
	if err != nil || stdout != "4711\n" || stderr != "careful\n" {
		t.Errorf("got stdout %q, stderr %q, error %v", stdout, stderr, err)
	}
	got := readRecord(t, file)
	if want := []string{directory, "127.0.0.1:1"}; !slices.Equal(got.Arguments[1:], want) {
		t.Errorf("arguments: got %q, want %q", got.Arguments[1:], want)
	}
	if got.Directory != elsewhere || got.Env["ONLY"] != "this" || got.Env["HOME"] != "" {
		t.Errorf("directory %q, environment %v", got.Directory, got.Env)
	}
}

func TestRunPluginFailsWithItsPlugin(t *testing.T) {
	host, _ := serveAttachedHost(t)
	for kind, module := range map[string]string{"resource": "run-plugin", "analyzer": "run-policy-pack"} {
		t.Run(kind, func(t *testing.T) {
			directory := pluginProgram(t, module, `console.error("why"); process.exit(9)`)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			stream, err := host.RunPlugin(ctx, &pulumirpc.RunPluginRequest{Kind: kind, Info: programInfo(t, directory, nil)})
			if err != nil {
				t.Fatal(err)
			}
			if kind == "analyzer" {
				configurePack(t, stream, &pulumirpc.AnalyzerStackConfigureRequest{})
			}
			_, stderr, err := readPlugin(stream)
			if err == nil || stderr != "why\n" {
				t.Errorf("got error %v, stderr %q", err, stderr)
			}
			if kind == "resource" && !strings.Contains(err.Error(), "Program exited with non-zero exit code: 9") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// fakePack is a policy pack that has one rule.
type fakePack struct {
	pulumirpc.UnimplementedAnalyzerServer
}

func (fakePack) GetAnalyzerInfo(context.Context, *emptypb.Empty) (*pulumirpc.AnalyzerInfo, error) {
	return &pulumirpc.AnalyzerInfo{Name: "rules"}, nil
}

func TestRunPluginRunsAPolicyPack(t *testing.T) {
	host, _ := serveAttachedHost(t)
	server := grpc.NewServer()
	pulumirpc.RegisterAnalyzerServer(server, fakePack{})
	_, port, _ := strings.Cut(serveGRPC(t, server), ":")
	directory := pluginProgram(t, "run-policy-pack", recordScript+
		fmt.Sprintf(`console.log("%s"); console.log("hello"); setInterval(() => {}, 1000)`, port))
	file := filepath.Join(directory, "record.json")
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	stream, err := host.RunPlugin(ctx, &pulumirpc.RunPluginRequest{
		Kind: "analyzer", Pwd: t.TempDir(), Args: []string{"127.0.0.1:1"}, Env: []string{"RECORD=" + file},
		Info: programInfo(t, directory, nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	pack := configurePack(t, stream, &pulumirpc.AnalyzerStackConfigureRequest{
		Project: "shop", Stack: "dev", Organization: "acme", DryRun: true, Config: map[string]string{"shop:port": "80"},
	})
	info, err := pack.GetAnalyzerInfo(ctx, nil)
	if err != nil || info.GetName() != "rules" {
		t.Fatalf("GetAnalyzerInfo: %v, %v", info, err)
	}
	got := readRecord(t, file)
	if want := []string{"127.0.0.1:1", directory}; !slices.Equal(got.Arguments[1:], want) || got.Directory != directory {
		t.Errorf("arguments: got %q in %s, want %q", got.Arguments[1:], got.Directory, want)
	}
	for name, want := range map[string]string{
		"PULUMI_NODEJS_PROJECT": "shop", "PULUMI_NODEJS_STACK": "dev", "PULUMI_NODEJS_ORGANIZATION": "acme",
		"PULUMI_NODEJS_DRY_RUN": "true", "PULUMI_CONFIG": `{"shop:port":"80"}`,
	} {
		if got.Env[name] != want {
			t.Errorf("%s: got %q, want %q", name, got.Env[name], want)
		}
	}
	response, err := stream.Recv()
	if err != nil || string(response.GetStdout()) != "hello\n" {
		t.Errorf("output after the port: %q, %v", response.GetStdout(), err)
	}
}

// configurePack reads the port that the host prints for the pack and configures the pack there, as the engine does.
func configurePack(
	t *testing.T, stream grpc.ServerStreamingClient[pulumirpc.RunPluginResponse],
	stack *pulumirpc.AnalyzerStackConfigureRequest,
) pulumirpc.AnalyzerClient {
	t.Helper()
	response, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	port := strings.TrimSpace(string(response.GetStdout()))
	if _, err := strconv.Atoi(port); err != nil {
		t.Fatalf("first output is no port: %q", port)
	}
	conn, err := grpc.NewClient("127.0.0.1:"+port, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	pack := pulumirpc.NewAnalyzerClient(conn)
	if _, err := pack.ConfigureStack(t.Context(), stack); err != nil {
		t.Fatal(err)
	}
	return pack
}

func TestRunPluginEndsWithTheCall(t *testing.T) {
	host, _ := serveAttachedHost(t)
	directory := pluginProgram(t, "run-plugin", family)
	file := filepath.Join(directory, "pids")
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	_, err := host.RunPlugin(ctx, &pulumirpc.RunPluginRequest{
		Kind: "resource", Env: []string{"PIDS=" + file}, Info: programInfo(t, directory, nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	pids := awaitPids(t, file, 2)
	cancelCall(t.Context(), host, nil)
	if !alive(pids[0]) {
		t.Error("Cancel ended the plugin, which the engine cancels by itself")
	}
	hangUp()
	awaitGone(t, pids)
}

func TestOutputOfBothStreamsArrivesWhole(t *testing.T) {
	host, _ := serveAttachedHost(t)
	const script = `for (let i = 0; i < 2000; i++) { console.log("o".repeat(99)); console.error("e".repeat(99)) }`
	stream, err := host.RunPlugin(t.Context(), &pulumirpc.RunPluginRequest{
		Kind: "resource", Info: programInfo(t, pluginProgram(t, "run-plugin", script), nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, err := readPlugin(stream)
	if err != nil || len(stdout) != 200_000 || len(stderr) != 200_000 || strings.Contains(stdout, "e") {
		t.Errorf("got %d and %d bytes, error %v", len(stdout), len(stderr), err)
	}
}

func TestDebuggerIsAnnounced(t *testing.T) {
	host, engine := serveAttachedHost(t)
	directory := program(t, "")
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = host.Run(ctx, &pulumirpc.RunRequest{AttachDebugger: true, Info: programInfo(t, directory, nil)})
	}()
	launch := (<-engine.debugging).GetConfig().AsMap()
	if launch["type"] != "node" || launch["request"] != "attach" || launch["name"] != "Pulumi: Program (nodejs)" {
		t.Errorf("got %v", launch)
	}
	pid := int(launch["processId"].(float64))
	if !alive(pid) {
		t.Errorf("process %d does not wait for the debugger", pid)
	}
	port, elsewhere := launch["port"].(float64)
	if !elsewhere {
		port = defaultInspectorPort
	}
	answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/json/version", int(port)))
	if err != nil {
		t.Fatalf("the inspector does not answer: %v", err)
	}
	_ = answer.Body.Close()
	hangUp()
	<-ended
	awaitGone(t, []int{pid})
}

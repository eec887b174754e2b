package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// asHost makes the test binary be the language host itself, for tests that need it as a process of its own.
const asHost = "LANGUAGE_HOST_TEST_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(asHost) != "" {
		_ = os.Unsetenv(asHost)
		main()
		return
	}
	os.Exit(m.Run())
}

// fakeEngine is the part of the Pulumi engine that the host calls.
type fakeEngine struct {
	pulumirpc.UnimplementedEngineServer
	address   string
	server    *grpc.Server
	debugging chan *pulumirpc.StartDebuggingRequest
}

func (e *fakeEngine) StartDebugging(
	_ context.Context, request *pulumirpc.StartDebuggingRequest,
) (*emptypb.Empty, error) {
	e.debugging <- request
	return &emptypb.Empty{}, nil
}

func startEngine(t *testing.T) *fakeEngine {
	t.Helper()
	engine := &fakeEngine{server: grpc.NewServer(), debugging: make(chan *pulumirpc.StartDebuggingRequest, 1)}
	pulumirpc.RegisterEngineServer(engine.server, engine)
	engine.address = serveGRPC(t, engine.server)
	return engine
}

func serveGRPC(t *testing.T, server *grpc.Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

func dialHost(t *testing.T, address string) pulumirpc.LanguageRuntimeClient {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return pulumirpc.NewLanguageRuntimeClient(conn)
}

// serveHost serves a host in this process that knows no engine yet.
func serveHost(t *testing.T) pulumirpc.LanguageRuntimeClient {
	t.Helper()
	lifetime, end := context.WithCancel(context.Background())
	t.Cleanup(end)
	server := grpc.NewServer()
	pulumirpc.RegisterLanguageRuntimeServer(server, newLanguageHost(lifetime, end, "", ""))
	return dialHost(t, serveGRPC(t, server))
}

// serveAttachedHost serves a host in this process that works for a fake engine.
func serveAttachedHost(t *testing.T) (pulumirpc.LanguageRuntimeClient, *fakeEngine) {
	t.Helper()
	host, engine := serveHost(t), startEngine(t)
	_, err := host.Handshake(t.Context(), &pulumirpc.LanguageHandshakeRequest{EngineAddress: engine.address})
	if err != nil {
		t.Fatal(err)
	}
	return host, engine
}

// startHostProcess starts the host as the engine does and returns its process and a client.
func startHostProcess(t *testing.T, engineAddress string) (*exec.Cmd, pulumirpc.LanguageRuntimeClient) {
	t.Helper()
	command := exec.Command(os.Args[0], engineAddress)
	command.Env = append(os.Environ(), asHost+"=1")
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	var port int
	if _, err := fmt.Fscanln(output, &port); err != nil {
		t.Fatalf("the host printed no port: %v", err)
	}
	return command, dialHost(t, "127.0.0.1:"+strconv.Itoa(port))
}

// writeFiles writes files into a new directory; names may hold slashes.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	directory, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}

// record is what scripts with recordScript write to record.json in $RECORD.
type record struct {
	Arguments []string
	NodeArgs  []string
	Directory string
	Env       map[string]string
}

const recordScript = `require("fs").writeFileSync(process.env.RECORD, JSON.stringify({
  arguments: process.argv.slice(1), nodeArgs: process.execArgv, directory: process.cwd(), env: process.env }));`

func readRecord(t *testing.T, path string) record {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var read record
	if err := json.Unmarshal(content, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// program makes a directory in which the script stands for @pulumi/pulumi/cmd/run.
func program(t *testing.T, script string) string {
	t.Helper()
	return writeFiles(t, map[string]string{"node_modules/@pulumi/pulumi/cmd/run/index.js": script})
}

func programInfo(t *testing.T, directory string, options map[string]any) *pulumirpc.ProgramInfo {
	t.Helper()
	given, err := structpb.NewStruct(options)
	if err != nil {
		t.Fatal(err)
	}
	return &pulumirpc.ProgramInfo{
		RootDirectory: directory, ProgramDirectory: directory, EntryPoint: ".", Options: given,
	}
}

// awaitPids waits until a script has written process ids, one a line, to the file.
func awaitPids(t *testing.T, path string, count int) []int {
	t.Helper()
	var pids []int
	eventually(t, fmt.Sprintf("%d process ids in %s", count, path), func() bool {
		content, _ := os.ReadFile(path)
		lines := strings.Fields(string(content))
		if len(lines) < count {
			return false
		}
		pids = nil
		for _, line := range lines {
			pid, err := strconv.Atoi(line)
			if err != nil {
				return false
			}
			pids = append(pids, pid)
		}
		return true
	})
	return pids
}

func awaitGone(t *testing.T, pids []int) {
	t.Helper()
	for _, pid := range pids {
		eventually(t, fmt.Sprintf("process %d to end", pid), func() bool { return !alive(pid) })
	}
}

// alive tells whether a process runs; one that has ended and waits for its parent to notice does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, state, _ := strings.Cut(string(status), ") ")
	return !strings.HasPrefix(state, "Z")
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited 20 s for %s", what)
}

package main

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// The host of these tests is a process of its own that runs a program which would never end.
func TestHostTakesTheProgramWithIt(t *testing.T) {
	cases := map[string]struct {
		end   func(t *testing.T, host *exec.Cmd, engine *fakeEngine)
		leave int
	}{
		"when the engine is gone":    {func(_ *testing.T, _ *exec.Cmd, engine *fakeEngine) { engine.server.Stop() }, 2},
		"when it is interrupted":     {func(t *testing.T, host *exec.Cmd, _ *fakeEngine) { send(t, host, syscall.SIGINT) }, 2},
		"when it is told to end":     {func(t *testing.T, host *exec.Cmd, _ *fakeEngine) { send(t, host, syscall.SIGTERM) }, 2},
		"when it is killed outright": {func(t *testing.T, host *exec.Cmd, _ *fakeEngine) { send(t, host, syscall.SIGKILL) }, 1},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			directory := program(t, family)
			file := filepath.Join(directory, "pids")
			t.Setenv("PIDS", file)
			engine := startEngine(t)
			process, host := startHostProcess(t, engine.address)
			go func() {
				_, _ = host.Run(t.Context(), &pulumirpc.RunRequest{Info: programInfo(t, directory, nil)})
			}()
			pids := awaitPids(t, file, 2)
			t.Cleanup(func() { _ = syscall.Kill(pids[1], syscall.SIGKILL) })

			test.end(t, process, engine)
			awaitGone(t, pids[:test.leave])
			awaitGone(t, []int{process.Process.Pid})
		})
	}
}

func TestHostStaysWhileItsEngineLives(t *testing.T) {
	former, engine := startEngine(t), startEngine(t)
	process, host := startHostProcess(t, former.address)
	_, err := host.Handshake(t.Context(), &pulumirpc.LanguageHandshakeRequest{EngineAddress: engine.address})
	if err != nil {
		t.Fatal(err)
	}
	former.server.Stop()
	info, err := host.GetPluginInfo(t.Context(), nil)
	if err != nil || info.GetVersion() != "v3.259.0" {
		t.Fatalf("GetPluginInfo: %v, %v", info, err)
	}
	if !alive(process.Process.Pid) {
		t.Error("the host ended with the engine that it no longer works for")
	}
	engine.server.Stop()
	awaitGone(t, []int{process.Process.Pid})
}

func send(t *testing.T, process *exec.Cmd, signal syscall.Signal) {
	t.Helper()
	if err := process.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

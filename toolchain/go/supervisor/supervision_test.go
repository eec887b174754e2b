package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func supervise(t *testing.T, process processConfiguration) (*supervision, string) {
	t.Helper()
	folder := t.TempDir()
	process.Log = filepath.Join(folder, "log")
	status := filepath.Join(folder, "status.json")
	supervision := newSupervision(configuration{Status: status, Processes: []processConfiguration{process}})
	supervision.start(context.Background())
	return supervision, status
}

func readStatus(path, name string) process {
	all := map[string]process{}
	if data, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(data, &all)
	}
	return all[name]
}

func eventually(t *testing.T, what string, isSo func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !isSo(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so after 30 s: %s", what)
		}
	}
}

func TestAKilledProcessStartsAgainAndStopEndsIt(t *testing.T) {
	supervision, status := supervise(t, processConfiguration{
		Name: "sleeper", Command: []string{"/bin/sleep", "600"}, StopSeconds: 5,
	})
	eventually(t, "it runs", func() bool { return readStatus(status, "sleeper").PID != 0 })
	first := readStatus(status, "sleeper").PID
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another runs", func() bool {
		now := readStatus(status, "sleeper")
		return now.PID != 0 && now.PID != first && now.Restarts == 1 && now.LastEnd == "killed by signal killed"
	})
	second := readStatus(status, "sleeper").PID
	supervision.stop()
	if err := syscall.Kill(second, 0); err != syscall.ESRCH {
		t.Errorf("the process is still there: %v", err)
	}
}

func TestAProcessWaitsForWhatItNeeds(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "socket")
	supervision, status := supervise(t, processConfiguration{
		Name: "waiter", Command: []string{"/bin/sleep", "600"}, WaitFor: []string{"unix:" + socket}, StopSeconds: 5,
	})
	defer supervision.stop()
	time.Sleep(5 * waitInterval)
	if pid := readStatus(status, "waiter").PID; pid != 0 {
		t.Fatalf("it runs as %d although nothing listens", pid)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	eventually(t, "it runs", func() bool { return readStatus(status, "waiter").PID != 0 })
}

func TestALogStaysBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	log, err := openRotatingLog(path)
	if err != nil {
		t.Fatal(err)
	}
	line := bytes.Repeat([]byte("x"), 1<<20)
	for range 3 * maximumLogSize / len(line) {
		if _, err := log.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{path, path + ".1"} {
		information, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if information.Size() > maximumLogSize {
			t.Errorf("%s has %d bytes", file, information.Size())
		}
	}
}

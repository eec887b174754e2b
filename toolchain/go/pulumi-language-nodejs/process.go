package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// stopGrace is how long a process that was interrupted may take to end before it is killed. The engine grants its plugins
// the same 5 s.
const stopGrace = 5 * time.Second

// newProcess prepares a command that can be ended with everything it started: it leads a process group of its own, is
// interrupted when ctx ends, and is killed by the kernel if this host dies without a word.
func newProcess(ctx context.Context, executable string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, executable, arguments...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	command.Cancel = func() error { return signalGroup(command, syscall.SIGINT) }
	command.WaitDelay = stopGrace
	return command
}

// runProcess runs the command until wait returns; afterwards nothing that the command started is left. started is called as
// soon as the process exists, and its error ends the process.
func runProcess(command *exec.Cmd, started func() error, wait func() error) error {
	// The kernel sends the parent-death signal when the *thread* that started the process ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	if err := command.Start(); err != nil {
		return err
	}
	defer func() { _ = signalGroup(command, syscall.SIGKILL) }()
	if err := started(); err != nil {
		_ = signalGroup(command, syscall.SIGKILL)
		_ = command.Wait()
		return err
	}
	err := wait()
	if errors.Is(err, exec.ErrWaitDelay) {
		// The process ended well; something it started still held its output open.
		return nil
	}
	return err
}

func signalGroup(command *exec.Cmd, signal syscall.Signal) error {
	err := syscall.Kill(-command.Process.Pid, signal)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

// resolveModule finds the file of a module by node's own rules, seen from directory.
func resolveModule(ctx context.Context, node, module, directory string) (string, error) {
	const script = `try { console.log(require.resolve(process.argv[1])) } ` +
		`catch (error) { console.error(error.code === "MODULE_NOT_FOUND" ? "" : error.message); process.exit(1) }`
	command := newProcess(ctx, node, "-e", script, module)
	command.Dir = directory
	output, err := command.Output()
	if err == nil {
		return strings.TrimSpace(string(output)), nil
	}
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		return "", fmt.Errorf("node can't be run in %s: %w", directory, err)
	}
	if reason := strings.TrimSpace(string(failed.Stderr)); reason != "" {
		return "", fmt.Errorf("%s can't be resolved from %s: %s", module, directory, reason)
	}
	return "", fmt.Errorf("the Pulumi SDK is not installed: %s can't be found from %s. "+
		"Run `npm install` there, or `pulumi install`", module, directory)
}

func findNode() (string, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", fmt.Errorf("node can't be found on PATH; install Node.js 20 or later: %w", err)
	}
	return node, nil
}

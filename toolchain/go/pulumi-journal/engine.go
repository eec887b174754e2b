package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// runEngine runs `pulumi` from PATH against the service and returns its exit code.
func runEngine(args []string, address, token string) (int, error) {
	credentials, err := storeCredentials(address, token)
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(credentials)
	// The thread that starts the engine has to outlive it: see endWithParent.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	command := exec.Command("pulumi", args...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.Env = append(os.Environ(), "PULUMI_BACKEND_URL="+address)
	if os.Getenv(batchPeriod) == "" {
		command.Env = append(command.Env, batchPeriod+"=1")
	}
	// A terminal's interrupt reaches every process of its group. The engine takes a second one for an order to drop what is
	// under way, so it is kept out of the group and hears only what is passed on.
	command.SysProcAttr = endWithParent(&syscall.SysProcAttr{Setpgid: true})
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	if err := command.Start(); err != nil {
		return 1, err
	}
	go func() {
		for received := range signals {
			_ = command.Process.Signal(received)
		}
	}()
	err = command.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		// Killed by a signal it has no code of its own.
		return max(ended.ExitCode(), 1), nil
	}
	return 0, err
}

// batchPeriod is for how many milliseconds the engine gathers entries before it sends them. Each step waits for two answers:
// with the default of 50, made for a service far away, a thousand steps would wait for most of the time.
const batchPeriod = "PULUMI_JOURNALING_BATCH_PERIOD"

// storeCredentials logs the engine in to the service in a folder of this run. The token stays out of the environment, which
// the engine hands on to the program and to plugins, and the person's own logins stay as they are.
func storeCredentials(address, token string) (string, error) {
	folder, err := os.MkdirTemp("", "pulumi-journal-")
	if err != nil {
		return "", err
	}
	err = errors.Join(
		os.Setenv(workspace.PulumiCredentialsPathEnvVar, folder),
		os.Unsetenv("PULUMI_ACCESS_TOKEN"),
		workspace.StoreAccount(address, workspace.Account{
			AccessToken: token, Username: organization, Organizations: []string{organization}, LastValidatedAt: time.Now(),
		}, true),
	)
	return folder, err
}

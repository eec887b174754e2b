package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestRunPassesTheStackToTheProgram(t *testing.T) {
	host, engine := serveAttachedHost(t)
	directory := program(t, recordScript)
	file := filepath.Join(directory, "record.json")
	t.Setenv("RECORD", file)

	response, err := host.Run(t.Context(), &pulumirpc.RunRequest{
		Project: "shop", Stack: "dev", Organization: "acme", MonitorAddress: "127.0.0.1:1", Parallel: 7, DryRun: true,
		Args:             []string{"--mine", "1"},
		Config:           map[string]string{"shop:port": "80", "shop:password": "p\"w", "aws:region": "eu-central-1"},
		ConfigSecretKeys: []string{"shop:password"},
		Info: programInfo(t, directory, map[string]any{
			"nodeargs": `--title "two words"`, "tsconfig": "tsconfig.pulumi.json",
		}),
	})
	if err != nil || response.GetError() != "" || response.GetBail() {
		t.Fatalf("Run: %v, %v", response, err)
	}
	got := readRecord(t, file)
	want := []string{
		filepath.Join(directory, "node_modules/@pulumi/pulumi/cmd/run/index.js"),
		"--monitor", "127.0.0.1:1", "--engine", engine.address, "--organization", "acme", "--project", "shop",
		"--root-directory", directory, "--stack", "dev", "--pwd", directory, "--dry-run", "--parallel", "7", ".",
		"--mine", "1",
	}
	if !slices.Equal(got.Arguments, want) {
		t.Errorf("arguments:\n got %q\nwant %q", got.Arguments, want)
	}
	if want := []string{"--title", "two words"}; !slices.Equal(got.NodeArgs, want) {
		t.Errorf("node's own arguments: got %q, want %q", got.NodeArgs, want)
	}
	for name, want := range map[string]string{
		"PULUMI_CONFIG": `{"aws:config:region":"eu-central-1","shop:config:password":"p\"w",` +
			`"shop:config:port":"80"}`,
		"PULUMI_CONFIG_SECRET_KEYS":   `["shop:password"]`,
		"PULUMI_NODEJS_TYPESCRIPT":    "true",
		"PULUMI_NODEJS_TSCONFIG_PATH": "tsconfig.pulumi.json",
	} {
		if got.Env[name] != want {
			t.Errorf("%s: got %q, want %q", name, got.Env[name], want)
		}
	}
}

func TestRunLeavesOutWhatIsNotGiven(t *testing.T) {
	host, _ := serveAttachedHost(t)
	directory := program(t, recordScript)
	file := filepath.Join(directory, "record.json")
	t.Setenv("RECORD", file)
	response, err := host.Run(t.Context(), &pulumirpc.RunRequest{
		Info: programInfo(t, directory, map[string]any{"typescript": false}),
	})
	if err != nil || response.GetError() != "" {
		t.Fatalf("Run: %v, %v", response, err)
	}
	got := readRecord(t, file)
	for _, argument := range []string{"--dry-run", "--organization", "--stack", "--tracing"} {
		if slices.Contains(got.Arguments, argument) {
			t.Errorf("%s was passed: %q", argument, got.Arguments)
		}
	}
	if got.Env["PULUMI_CONFIG"] != "{}" || got.Env["PULUMI_CONFIG_SECRET_KEYS"] != "[]" {
		t.Errorf("empty configuration: %q, %q", got.Env["PULUMI_CONFIG"], got.Env["PULUMI_CONFIG_SECRET_KEYS"])
	}
	if value, set := got.Env["PULUMI_NODEJS_TYPESCRIPT"]; set {
		t.Errorf("PULUMI_NODEJS_TYPESCRIPT is set to %q although typescript is off", value)
	}
}

func TestRunTellsHowTheProgramEnded(t *testing.T) {
	host, _ := serveAttachedHost(t)
	cases := map[string]struct {
		script string
		error  string
		bail   bool
	}{
		"well":                      {script: `process.exit(0)`},
		"with logged errors":        {script: `process.exit(32)`, bail: true},
		"with a code":               {script: `process.exit(7)`, error: "Program exited with non-zero exit code: 7"},
		"with an exception":         {script: `throw new Error("no")`, error: "Program exited with non-zero exit code: 1"},
		"killed":                    {script: `process.kill(process.pid, "SIGKILL")`, error: "Program exited with non-zero exit code: -1 (signal: killed)"},
		"out of memory":             {script: `console.error("<--- Last few GCs --->"); process.exit(134)`, error: "Program exited with non-zero exit code: 134. " + outOfMemoryAdvice},
		"well with a child left":    {script: `require("child_process").spawn("sleep", ["60"], { stdio: "inherit" }).unref()`},
		"before its output is read": {script: `process.stderr.write("x\n".repeat(1 << 16)); process.exitCode = 3`, error: "Program exited with non-zero exit code: 3"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			response, err := host.Run(t.Context(), &pulumirpc.RunRequest{Info: programInfo(t, program(t, test.script), nil)})
			if err != nil {
				t.Fatal(err)
			}
			if response.GetError() != test.error || response.GetBail() != test.bail {
				t.Errorf("got error %q, bail %v", response.GetError(), response.GetBail())
			}
		})
	}
}

func TestRunSaysWhatIsMissing(t *testing.T) {
	host, _ := serveAttachedHost(t)
	run := func(t *testing.T, info *pulumirpc.ProgramInfo, config map[string]string) string {
		t.Helper()
		response, err := host.Run(t.Context(), &pulumirpc.RunRequest{Info: info, Config: config})
		if err != nil {
			t.Fatal(err)
		}
		return response.GetError()
	}
	t.Run("SDK", func(t *testing.T) {
		directory := writeFiles(t, map[string]string{"index.js": ""})
		got := run(t, programInfo(t, directory, nil), nil)
		if !strings.Contains(got, directory) || !strings.Contains(got, "npm install") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("option", func(t *testing.T) {
		got := run(t, programInfo(t, program(t, ""), map[string]any{"typescript": "yes"}), nil)
		if got != "runtime option typescript is yes, but must be true or false" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("configuration namespace", func(t *testing.T) {
		got := run(t, programInfo(t, program(t, ""), nil), map[string]string{"port": "secret-value"})
		if !strings.Contains(got, `"port"`) || strings.Contains(got, "secret-value") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("node", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if got := run(t, programInfo(t, program(t, ""), nil), nil); !strings.Contains(got, "install Node.js 20") {
			t.Errorf("got %q", got)
		}
	})
}

func TestRunNeedsAnEngine(t *testing.T) {
	_, err := serveHost(t).Run(t.Context(), &pulumirpc.RunRequest{Info: programInfo(t, program(t, ""), nil)})
	if status.Code(err) != codes.FailedPrecondition {
		t.Errorf("got %v", err)
	}
}

func TestRunModuleCanBeReplaced(t *testing.T) {
	host, _ := serveAttachedHost(t)
	directory := writeFiles(t, map[string]string{"other.js": "process.exit(32)"})
	t.Setenv(runModuleVariable, filepath.Join(directory, "other.js"))
	response, err := host.Run(t.Context(), &pulumirpc.RunRequest{Info: programInfo(t, directory, nil)})
	if err != nil || !response.GetBail() {
		t.Errorf("got %v, %v", response, err)
	}
}

// family writes its own process id and that of a child to $PIDS and then waits for ever.
const family = `const { spawn } = require("child_process");
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
require("fs").writeFileSync(process.env.PIDS, process.pid + "\n" + child.pid + "\n");
setInterval(() => {}, 1000);`

func TestRunEndsWithAllItsProcesses(t *testing.T) {
	stubborn := `process.on("SIGINT", () => {});` + family
	cases := map[string]struct {
		script string
		end    func(ctx context.Context, host pulumirpc.LanguageRuntimeClient, hangUp context.CancelFunc)
	}{
		"when the engine calls Cancel": {family, cancelCall},
		"when the call is cancelled":   {family, func(_ context.Context, _ pulumirpc.LanguageRuntimeClient, hangUp context.CancelFunc) { hangUp() }},
		"although it ignores signals":  {stubborn, cancelCall},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			host, _ := serveAttachedHost(t)
			directory := program(t, test.script)
			file := filepath.Join(directory, "pids")
			t.Setenv("PIDS", file)
			ctx, hangUp := context.WithCancel(t.Context())
			defer hangUp()
			ended := make(chan struct{})
			go func() {
				_, _ = host.Run(ctx, &pulumirpc.RunRequest{Info: programInfo(t, directory, nil)})
				close(ended)
			}()
			pids := awaitPids(t, file, 2)
			test.end(t.Context(), host, hangUp)
			<-ended
			awaitGone(t, pids)
		})
	}
}

func cancelCall(ctx context.Context, host pulumirpc.LanguageRuntimeClient, _ context.CancelFunc) {
	_, _ = host.Cancel(ctx, nil)
}

func TestNothingRunsAfterCancel(t *testing.T) {
	host, _ := serveAttachedHost(t)
	cancelCall(t.Context(), host, nil)
	directory := program(t, `require("fs").writeFileSync("ran", "")`)
	response, err := host.Run(t.Context(), &pulumirpc.RunRequest{Info: programInfo(t, directory, nil)})
	if err != nil || response.GetError() == "" {
		t.Errorf("got %v, %v", response, err)
	}
	if _, err := os.Stat(filepath.Join(directory, "ran")); err == nil {
		t.Error("the program ran")
	}
}

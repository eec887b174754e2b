package main

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi-internal/netutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// defaultInspectorPort is where debuggers look for node unless they are told otherwise.
const defaultInspectorPort = 9229

// debugger lets a person attach a debugger to a node process before its first line. Nil: not wanted.
type debugger struct {
	title string
	port  int
}

func newDebugger(wanted bool, title string) (*debugger, error) {
	if !wanted {
		return nil, nil
	}
	port, err := netutil.FindNextAvailablePort(defaultInspectorPort)
	if err != nil {
		return nil, fmt.Errorf("no free port for the debugger from %d up: %w", defaultInspectorPort, err)
	}
	return &debugger{title: title, port: port}, nil
}

func (d *debugger) nodeArguments() []string {
	if d == nil {
		return nil
	}
	// Publishing by HTTP only keeps node from printing where the debugger listens: the engine says it.
	return []string{fmt.Sprintf("--inspect-brk=%d", d.port), "--inspect-publish-uid=http"}
}

// announce tells the engine how to attach, in the form of a launch configuration of VS Code.
func (d *debugger) announce(ctx context.Context, engine *engine, command *exec.Cmd) error {
	if d == nil {
		return nil
	}
	process := command.Process.Pid
	launch := map[string]any{
		"name":             d.title,
		"type":             "node",
		"request":          "attach",
		"processId":        process,
		"continueOnAttach": true,
		"skipFiles":        []any{"<node_internals>/**"},
	}
	message := fmt.Sprintf("on process id %d", process)
	if d.port != defaultInspectorPort {
		launch["port"] = d.port
		message += fmt.Sprintf(" and port %d", d.port)
	}
	if err := d.awaitInspector(ctx); err != nil {
		return err
	}
	configuration, err := structpb.NewStruct(launch)
	if err != nil {
		return err
	}
	_, err = engine.client.StartDebugging(ctx, &pulumirpc.StartDebuggingRequest{Config: configuration, Message: message})
	if err != nil {
		return fmt.Errorf("the engine can't start debugging: %w", err)
	}
	return nil
}

// inspectorTimeout is how long node may take until its inspector listens; it does so before it loads anything.
const inspectorTimeout = 10 * time.Second

// awaitInspector waits until a debugger that attaches would be answered.
func (d *debugger) awaitInspector(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, inspectorTimeout)
	defer cancel()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(d.port))
	for {
		connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err == nil {
			return connection.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("node's inspector does not listen on %s: %w", address, err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

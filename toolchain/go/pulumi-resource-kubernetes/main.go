// The plugin `pulumi-resource-kubernetes`: the Pulumi engine starts it, reads its port from standard output and drives
// it over gRPC. It stands in for the official plugin where that one can't be downloaded.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/provider"
)

// version is what the plugin reports to the engine: that of the @pulumi/kubernetes SDK it serves. The toolchain sets
// it with -ldflags "-X main.version=…" from package.json; this default keeps a plain `go build` usable.
var version = "4.34.2"

// engineCheck is how often the plugin asks whether its engine is there; the SDK's language hosts ask as often.
const engineCheck = 5 * time.Second

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-resource-kubernetes:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("pulumi-resource-kubernetes", flag.ContinueOnError)
	showVersion := flags.Bool("version", false, "print the version and exit")
	flags.String("tracing", "", "accepted for the engine's sake, unused")
	flags.Bool("logtostderr", false, "accepted for the engine's sake, unused")
	flags.Int("v", 0, "accepted for the engine's sake, unused")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *showVersion {
		fmt.Println(version)
		return nil
	}

	server := provider.New(version)
	// Without an engine address somebody attaches later (PULUMI_DEBUG_PROVIDERS).
	if flags.NArg() > 0 {
		if err := server.Connect(flags.Arg(0)); err != nil {
			return fmt.Errorf("connect to the engine at %s: %w", flags.Arg(0), err)
		}
	}

	stop := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterResourceProviderServer(s, server)
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	signals, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	if flags.NArg() > 0 {
		// An engine that was killed stops nobody: without it there is nothing left to do.
		if err := rpcutil.Healthcheck(signals, flags.Arg(0), engineCheck, release); err != nil {
			return fmt.Errorf("watch the engine at %s: %w", flags.Arg(0), err)
		}
	}
	go func() {
		<-signals.Done()
		server.Stop()
		close(stop)
	}()

	fmt.Println(handle.Port)
	return <-handle.Done
}

// pulumi-language-nodejs is the language host that runs Pulumi programs, policy packs and plugins written for Node.js.
//
// It stands in for the official host where that can't be downloaded. The Pulumi engine finds it on PATH, starts it with its
// own address as the argument and reads from the first line of output the port on which LanguageRuntime is served.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// otelEndpointVariable names the engine's OpenTelemetry receiver; the engine sets it when traces are wanted.
const otelEndpointVariable = "PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT"

// lastWords is how long a host that has been told to go waits for its calls to return. It is longer than stopGrace, so that
// node is asked before it is killed.
const lastWords = stopGrace + time.Second

func main() {
	tracing := flag.String("tracing", "", "address of a Zipkin-compatible collector for traces")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()
	if *showVersion {
		fmt.Println(hostVersion())
		return
	}
	logging.InitLogging(false, 0, false)

	if err := serve(*tracing, flag.Arg(0)); err != nil {
		cmdutil.Exit(err)
	}
}

func serve(tracing, engineAddress string) error {
	otelEndpoint := os.Getenv(otelEndpointVariable)
	defer startTracing(tracing, otelEndpoint)()

	lifetime, end := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer end()
	host := newLanguageHost(lifetime, end, tracing, otelEndpoint)
	if engineAddress != "" {
		if err := host.attach(engineAddress); err != nil {
			return err
		}
	}

	stopServing := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stopServing,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return fmt.Errorf("the language host can't serve: %w", err)
	}
	fmt.Printf("%d\n", handle.Port)

	select {
	case err := <-handle.Done:
		return err
	case <-lifetime.Done():
	}
	close(stopServing)
	select {
	case err := <-handle.Done:
		return err
	case <-time.After(lastWords):
		return nil
	}
}

// startTracing turns on one tracing system, never both, so that no span is reported twice. The result flushes it.
func startTracing(zipkin, otelEndpoint string) (flush func()) {
	if otelEndpoint == "" {
		cmdutil.InitTracing("pulumi-language-nodejs", "pulumi-language-nodejs", zipkin)
		return cmdutil.CloseTracing
	}
	if err := cmdutil.InitOtelTracing("pulumi-language-nodejs", otelEndpoint); err != nil {
		logging.V(3).Infof("no traces: %v", err)
	}
	return cmdutil.CloseOtelTracing
}

package main

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
)

// engine is the Pulumi engine that the host works for.
type engine struct {
	address string
	conn    *grpc.ClientConn
	client  pulumirpc.EngineClient
}

func connectEngine(address string) (*engine, error) {
	options := append(
		rpcutil.TracingInterceptorDialOptions(),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		rpcutil.GrpcChannelOptions(),
	)
	conn, err := grpc.NewClient(address, options...)
	if err != nil {
		return nil, err
	}
	return &engine{address: address, conn: conn, client: pulumirpc.NewEngineClient(conn)}, nil
}

func (e *engine) close() { _ = e.conn.Close() }

// watch keeps a connection to the engine open and calls gone when the engine no longer listens. An engine that is killed
// can't say so, but its sockets close at once, so nothing has to be polled.
func (e *engine) watch(ctx context.Context, gone context.CancelFunc) {
	for {
		state := e.conn.GetState()
		switch state {
		case connectivity.Idle:
			e.conn.Connect()
		case connectivity.TransientFailure:
			logging.V(3).Infof("the engine at %s is gone", e.address)
			gone()
			return
		case connectivity.Shutdown:
			return
		case connectivity.Connecting, connectivity.Ready:
		}
		if !e.conn.WaitForStateChange(ctx, state) {
			return
		}
	}
}

// Package engine talks back to the Pulumi engine that runs this plugin.
package engine

import (
	"context"
	"sync"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Client sends messages to the engine's log. The zero value drops them, so that a plugin nobody attached to works.
type Client struct {
	mu     sync.RWMutex
	conn   *grpc.ClientConn
	engine pulumirpc.EngineClient
}

// Connect points the client at the engine. Connecting again replaces the connection.
func (c *Client) Connect(address string) error {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		_ = c.conn.Close()
	}
	c.conn, c.engine = conn, pulumirpc.NewEngineClient(conn)
	return nil
}

// Status shows a message beside the resource while it is worked on; it leaves no trace when the operation ends.
func (c *Client) Status(ctx context.Context, urn, message string) {
	c.log(ctx, pulumirpc.LogSeverity_INFO, urn, message, true)
}

// Info adds a message to the resource's diagnostics.
func (c *Client) Info(ctx context.Context, urn, message string) {
	c.log(ctx, pulumirpc.LogSeverity_INFO, urn, message, false)
}

// Warning adds a warning to the resource's diagnostics.
func (c *Client) Warning(ctx context.Context, urn, message string) {
	c.log(ctx, pulumirpc.LogSeverity_WARNING, urn, message, false)
}

// log never fails an operation: a message that can't be delivered isn't worth an update that can.
func (c *Client) log(ctx context.Context, severity pulumirpc.LogSeverity, urn, message string, ephemeral bool) {
	c.mu.RLock()
	engine := c.engine
	c.mu.RUnlock()
	if engine == nil || ctx.Err() != nil {
		return
	}
	_, _ = engine.Log(ctx, &pulumirpc.LogRequest{Severity: severity, Urn: urn, Message: message, Ephemeral: ephemeral})
}

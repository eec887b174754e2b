// Package queue is the shop's way to its queue: NATS with JetStream, which keeps every order until it is packed and after.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// Stream holds what happened to orders: Placed and Packed, each with the order's number behind it.
	Stream = "orders"
	Placed = "orders.placed."
	Packed = "orders.packed."
	// Packing is the consumer that hands each placed order to one worker.
	Packing = "packing"
	// Reports is the stream with the latest reports, and their subject.
	Reports = "reports"
)

// reconnectEvery is how long a program waits between two tries to reach the queue.
const reconnectEvery = 250 * time.Millisecond

// Connect reaches the queue that the link QUEUE leads to, and keeps trying as long as it is away.
func Connect(logger *slog.Logger) (*nats.Conn, jetstream.JetStream, error) {
	address := "nats://" + net.JoinHostPort(os.Getenv("QUEUE_HOST"), os.Getenv("QUEUE_PORT"))
	connection, err := nats.Connect(address,
		nats.UserInfo(os.Getenv("QUEUE_USER"), os.Getenv("QUEUE_PASSWORD")),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectEvery),
		nats.ConnectHandler(func(*nats.Conn) { logger.Info("queue found") }),
		nats.ReconnectHandler(func(*nats.Conn) { logger.Info("queue found again") }),
		nats.DisconnectErrHandler(func(c *nats.Conn, err error) {
			if !c.IsClosed() {
				logger.Warn("queue lost", "error", fmt.Sprint(err))
			}
		}),
	)
	if err != nil {
		return nil, nil, fmt.Errorf("queue at %s: %w", address, err)
	}
	stream, err := jetstream.New(connection)
	return connection, stream, err
}

// Eventually asks again, once a second, until there is an answer or the context ends. A queue that starts beside us is no failure.
func Eventually[T any](ctx context.Context, logger *slog.Logger, what string, ask func(context.Context) (T, error)) (T, error) {
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		answer, err := ask(attempt)
		cancel()
		if err == nil {
			return answer, nil
		}
		logger.Info("waiting for "+what, "reason", err.Error())
		select {
		case <-ctx.Done():
			return answer, errors.Join(ctx.Err(), err)
		case <-time.After(time.Second):
		}
	}
}

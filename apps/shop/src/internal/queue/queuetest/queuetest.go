// Package queuetest starts a queue of its own for a test: the server that the shop runs, in the process of the test.
package queuetest

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Start makes an empty queue on a free port of loopback; it ends with the test.
func Start(t *testing.T) jetstream.JetStream {
	t.Helper()
	queue, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	queue.Start()
	t.Cleanup(func() {
		queue.Shutdown()
		queue.WaitForShutdown()
	})
	if !queue.ReadyForConnections(time.Minute) {
		t.Fatal("the queue did not start")
	}
	connection, err := nats.Connect(queue.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(connection.Close)
	js, err := jetstream.New(connection)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// Command worker packs the shop's orders: it takes each from the queue, and tells the queue when it is done.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"shop/internal/program"
	"shop/internal/queue"
)

func main() { program.Main(run) }

func run(ctx context.Context, logger *slog.Logger) error {
	effort, err := time.ParseDuration(os.Getenv("PACKING_TIME"))
	if err != nil {
		return fmt.Errorf("PACKING_TIME: %w", err)
	}
	connection, js, err := queue.Connect(logger)
	if err != nil {
		return err
	}
	defer connection.Close()
	consumer, err := queue.Eventually(ctx, logger, "orders", func(ctx context.Context) (jetstream.Consumer, error) {
		return js.Consumer(ctx, queue.Stream, queue.Packing)
	})
	if err != nil {
		return err
	}
	logger.Info("packing", "effort", effort.String())
	packing, err := consumer.Consume(func(message jetstream.Msg) {
		pack(ctx, logger, js, message, effort)
	}, jetstream.PullMaxMessages(8), jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
		logger.Warn("taking orders", "error", err.Error())
	}))
	if err != nil {
		return err
	}
	<-ctx.Done()
	// What was taken and not begun goes back to the queue by itself.
	packing.Stop()
	<-packing.Closed()
	return nil
}

// pack leaves an order in the queue until the queue has noted that it is packed: a worker that dies in between loses nothing.
func pack(ctx context.Context, logger *slog.Logger, js jetstream.JetStream, message jetstream.Msg, effort time.Duration) {
	select {
	case <-ctx.Done():
		_ = message.Nak()
		return
	case <-time.After(effort):
	}
	id := strings.TrimPrefix(message.Subject(), queue.Placed)
	done, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	now, err := time.Now().UTC().MarshalText()
	if err == nil {
		_, err = js.Publish(done, queue.Packed+id, now, jetstream.WithMsgID("packed "+id))
	}
	if err == nil {
		err = message.DoubleAck(done)
	}
	if err != nil {
		logger.Warn("an order stays in the queue", "id", id, "error", err.Error())
		_ = message.NakWithDelay(time.Second)
		return
	}
	logger.Info("order packed", "id", id)
}

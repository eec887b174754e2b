// Package book keeps the orders of the shop at hand. The queue's stream is the truth; the book follows it.
package book

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"shop/internal/orders"
	"shop/internal/queue"
)

// Book is every order that the stream tells of. Safe for concurrent use.
type Book struct {
	mu     sync.RWMutex
	orders map[string]orders.Order
	// placed are the numbers of orders in the order they were placed in.
	placed []string
	ready  chan struct{}
	once   sync.Once
}

// New makes an empty book.
func New() *Book {
	return &Book{orders: map[string]orders.Order{}, ready: make(chan struct{})}
}

// Ready says whether the book has caught up with the stream once.
func (b *Book) Ready() bool {
	select {
	case <-b.ready:
		return true
	default:
		return false
	}
}

// Latest returns orders, the newest first; at most the given number, or all for 0.
func (b *Book) Latest(most int) []orders.Order {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if most == 0 || most > len(b.placed) {
		most = len(b.placed)
	}
	latest := make([]orders.Order, 0, most)
	for _, id := range slices.Backward(b.placed) {
		if len(latest) == most {
			break
		}
		latest = append(latest, b.orders[id])
	}
	return latest
}

// Follow reads the stream from its beginning until the context ends, also across restarts of the queue.
func (b *Book) Follow(ctx context.Context, logger *slog.Logger, js jetstream.JetStream) error {
	stream, err := queue.Eventually(ctx, logger, "the stream", func(ctx context.Context) (jetstream.Stream, error) {
		return js.Stream(ctx, queue.Stream)
	})
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	consumer, err := stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return err
	}
	if stream.CachedInfo().State.Msgs == 0 {
		b.caughtUp()
	}
	following, err := consumer.Consume(func(message jetstream.Msg) {
		b.take(logger, message)
	}, jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
		logger.Warn("following orders", "error", err.Error())
	}))
	if err != nil {
		return err
	}
	<-ctx.Done()
	following.Stop()
	<-following.Closed()
	return nil
}

func (b *Book) take(logger *slog.Logger, message jetstream.Msg) {
	switch subject := message.Subject(); {
	case strings.HasPrefix(subject, queue.Placed):
		var order orders.Order
		if err := json.Unmarshal(message.Data(), &order); err != nil {
			logger.Error("an order can't be read", "subject", subject, "error", err.Error())
			break
		}
		b.place(order)
	case strings.HasPrefix(subject, queue.Packed):
		at := time.Time{}
		if err := at.UnmarshalText(message.Data()); err != nil {
			logger.Error("a time can't be read", "subject", subject, "error", err.Error())
			break
		}
		b.pack(strings.TrimPrefix(subject, queue.Packed), at)
	}
	if metadata, err := message.Metadata(); err == nil && metadata.NumPending == 0 {
		b.caughtUp()
	}
}

func (b *Book) place(order orders.Order) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.orders[order.ID]; known {
		return
	}
	b.orders[order.ID] = order
	b.placed = append(b.placed, order.ID)
}

func (b *Book) pack(id string, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if order, known := b.orders[id]; known && order.Packed.IsZero() {
		order.Packed = at
		b.orders[id] = order
	}
}

func (b *Book) caughtUp() { b.once.Do(func() { close(b.ready) }) }

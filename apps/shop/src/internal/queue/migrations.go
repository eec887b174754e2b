package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// mostOrders is how many events the shop remembers; the oldest go first.
const mostOrders = 20_000

// migrations bring the queue from one version to the next: the first from nothing to version 1. They are only ever added to.
var migrations = []func(context.Context, jetstream.JetStream) error{
	func(ctx context.Context, js jetstream.JetStream) error {
		_, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name:     Stream,
			Subjects: []string{Placed + "*", Packed + "*"},
			MaxMsgs:  mostOrders,
			Storage:  jetstream.FileStorage,
			// An order sent twice within a day is one order.
			Duplicates: 24 * time.Hour,
		})
		if err != nil {
			return err
		}
		_, err = js.CreateOrUpdateConsumer(ctx, Stream, jetstream.ConsumerConfig{
			Durable:       Packing,
			FilterSubject: Placed + "*",
			AckPolicy:     jetstream.AckExplicitPolicy,
			AckWait:       30 * time.Second,
		})
		return err
	},
	func(ctx context.Context, js jetstream.JetStream) error {
		_, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name:     Reports,
			Subjects: []string{Reports},
			MaxMsgs:  100,
			Storage:  jetstream.FileStorage,
		})
		return err
	},
}

// Latest is the version that the programs of this release work with.
var Latest = len(migrations)

// Migrate brings the queue to a version. It never goes back: a queue that is newer already is left as it is.
func Migrate(ctx context.Context, logger *slog.Logger, js jetstream.JetStream, to int) error {
	if to < 1 || to > Latest {
		return fmt.Errorf("no migration leads to version %d: the last one is %d", to, Latest)
	}
	versions, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "schema", History: 10})
	if err != nil {
		return err
	}
	version, err := current(ctx, versions)
	if err != nil {
		return err
	}
	for version < to {
		if err := migrations[version](ctx, js); err != nil {
			return fmt.Errorf("to version %d: %w", version+1, err)
		}
		version++
		if _, err := versions.PutString(ctx, "version", strconv.Itoa(version)); err != nil {
			return err
		}
		logger.Info("migrated", "version", version)
	}
	logger.Info("the queue is up to date", "version", version)
	return nil
}

func current(ctx context.Context, versions jetstream.KeyValue) (int, error) {
	entry, err := versions.Get(ctx, "version")
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(entry.Value()))
}

package queue_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"shop/internal/queue"
	"shop/internal/queue/queuetest"
)

func names(t *testing.T, js jetstream.JetStream) string {
	t.Helper()
	var found []string
	for name := range js.StreamNames(t.Context()).Name() {
		if !strings.HasPrefix(name, "KV_") {
			found = append(found, name)
		}
	}
	return strings.Join(found, " ")
}

func TestMigrateGoesStepByStepAndIsDoneOnce(t *testing.T) {
	js := queuetest.Start(t)
	logger := slog.New(slog.DiscardHandler)
	for _, step := range []struct {
		to   int
		want string
	}{{1, "orders"}, {1, "orders"}, {2, "orders reports"}, {2, "orders reports"}} {
		if err := queue.Migrate(t.Context(), logger, js, step.to); err != nil {
			t.Fatal(err)
		}
		if got := names(t, js); got != step.want {
			t.Errorf("at version %d there is %q, not %q", step.to, got, step.want)
		}
	}
	if _, err := js.Consumer(t.Context(), queue.Stream, queue.Packing); err != nil {
		t.Errorf("nobody can pack: %v", err)
	}
}

func TestMigrateLeavesANewerQueueAsItIs(t *testing.T) {
	js := queuetest.Start(t)
	logger := slog.New(slog.DiscardHandler)
	for _, to := range []int{queue.Latest, 1} {
		if err := queue.Migrate(t.Context(), logger, js, to); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, js); got != "orders reports" {
		t.Errorf("left is %q", got)
	}
}

func TestMigrateRefusesAVersionThatNothingLeadsTo(t *testing.T) {
	js := queuetest.Start(t)
	for _, to := range []int{0, queue.Latest + 1} {
		err := queue.Migrate(t.Context(), slog.New(slog.DiscardHandler), js, to)
		if err == nil || !strings.Contains(err.Error(), "no migration leads to version") {
			t.Errorf("to version %d: %v", to, err)
		}
	}
	if got := names(t, js); got != "" {
		t.Errorf("it made %q", got)
	}
}

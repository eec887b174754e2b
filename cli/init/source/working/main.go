// Command main works until the platform asks it to stop.
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	// SIGTERM comes when the platform replaces this replica: what is begun is finished first.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	ticks := time.NewTicker(10 * time.Second)
	defer ticks.Stop()
	for {
		work()
		select {
		case <-ctx.Done():
			slog.Info("stopped")
			return
		case <-ticks.C:
		}
	}
}

func work() {
	slog.Info("working")
}

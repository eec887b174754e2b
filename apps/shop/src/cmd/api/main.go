// Command api takes the shop's orders and says how far they have come. `api migrate` makes the queue ready for this version.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"time"

	"shop/internal/book"
	"shop/internal/program"
	"shop/internal/queue"
)

// migrationTime is the longest that the queue may take to start and migrate.
const migrationTime = 2 * time.Minute

func main() {
	program.Main(func(ctx context.Context, logger *slog.Logger) error {
		if len(os.Args) > 1 && os.Args[1] == "migrate" {
			return migrate(ctx, logger, os.Args[2:])
		}
		return serve(ctx, logger)
	})
}

func serve(ctx context.Context, logger *slog.Logger) error {
	connection, js, err := queue.Connect(logger)
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	orderBook := book.New()
	following := make(chan error, 1)
	go func() {
		defer cancel()
		following <- orderBook.Follow(ctx, logger, js)
	}()
	served := program.Serve(ctx, logger, handler(orderBook, js, logger))
	cancel()
	return errors.Join(served, <-following)
}

func migrate(ctx context.Context, logger *slog.Logger, arguments []string) error {
	flags := flag.NewFlagSet("migrate", flag.ContinueOnError)
	to := flags.Int("to", queue.Latest, "`version` to migrate to")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	connection, js, err := queue.Connect(logger)
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(ctx, migrationTime)
	defer cancel()
	if _, err := queue.Eventually(ctx, logger, "the queue", func(ctx context.Context) (any, error) {
		return js.AccountInfo(ctx)
	}); err != nil {
		return err
	}
	if err := queue.Migrate(ctx, logger, js, *to); err != nil {
		return fmt.Errorf("migration: %w", err)
	}
	return nil
}

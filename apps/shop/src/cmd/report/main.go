// Command report sums up the shop's orders, prints the sum and hands it to the api.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"shop/internal/counter"
	"shop/internal/orders"
	"shop/internal/program"
)

func main() { program.Main(run) }

func run(ctx context.Context, logger *slog.Logger) error {
	api := counter.New()
	all, err := api.Orders(ctx, 0)
	if err != nil {
		return fmt.Errorf("read the orders: %w", err)
	}
	report := orders.Summarise(all, time.Now().UTC())
	if err := api.Report(ctx, report); err != nil {
		return fmt.Errorf("hand the report in: %w", err)
	}
	logger.Info("report", "orders", report.Orders, "packed", report.Packed, "pieces", report.Pieces, "revenue", report.Revenue)
	return nil
}

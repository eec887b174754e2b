// Command web is the page of the shop.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"

	"shop/internal/counter"
	"shop/internal/program"
)

// settings is what the platform's configuration file says of the page.
type settings struct {
	Title string `json:"title"`
	// Note stands above the articles.
	Note string `json:"note"`
}

func main() { program.Main(run) }

func run(ctx context.Context, logger *slog.Logger) error {
	content, err := os.ReadFile(os.Getenv("SETTINGS"))
	if err != nil {
		return err
	}
	var said settings
	if err := json.Unmarshal(content, &said); err != nil {
		return fmt.Errorf("%s: %w", os.Getenv("SETTINGS"), err)
	}
	return program.Serve(ctx, logger, handler(said, counter.New(), logger))
}

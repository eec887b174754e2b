// Command main does its work once and ends. Exit code 0 says that it succeeded; any other lets the platform try again.
package main

import (
	"log/slog"
	"os"
)

func main() {
	if err := work(); err != nil {
		slog.Error("failed", "error", err.Error())
		os.Exit(1)
	}
	slog.Info("done")
}

func work() error {
	return nil
}

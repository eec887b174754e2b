// Command main answers every request, and stops without losing one.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	if err := serve(); err != nil {
		slog.Error("stopped", "error", err.Error())
		os.Exit(1)
	}
}

func serve() error {
	// SIGTERM comes when the platform replaces this replica: requests that are being answered are finished first.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	server := &http.Server{Addr: ":" + port(), Handler: routes(), ReadHeaderTimeout: 5 * time.Second}
	finished := make(chan error, 1)
	go func() {
		<-ctx.Done()
		deadline, cancel := context.WithTimeout(context.Background(), 25*time.Second)
		defer cancel()
		finished <- server.Shutdown(deadline)
	}()
	slog.Info("listening", "address", server.Addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-finished
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "You asked for %s\n", r.URL.Path)
	})
	return mux
}

// port is where the platform expects an answer.
func port() string {
	if value := os.Getenv("PORT"); value != "" {
		return value
	}
	return "8080"
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"shop/internal/book"
	"shop/internal/orders"
	"shop/internal/queue"
)

const (
	largestBody = 16 << 10
	// A queue that restarts is back within seconds; until then an order waits here.
	publishRetries = 30
	publishEvery   = 500 * time.Millisecond
)

func handler(orderBook *book.Book, js jetstream.JetStream, logger *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !orderBook.Ready() {
			http.Error(w, "reading the orders", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {
		most, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		answer(w, http.StatusOK, orderBook.Latest(max(most, 0)))
	})
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		var order orders.Order
		if !read(w, r, &order) {
			return
		}
		order.Placed, order.Packed = time.Now().UTC(), time.Time{}
		if err := order.Check(); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		if err := publish(r.Context(), js, queue.Placed+order.ID, order, order.ID); err != nil {
			logger.Error("an order was not taken", "id", order.ID, "error", err.Error())
			http.Error(w, "the order could not be taken just now", http.StatusServiceUnavailable)
			return
		}
		logger.Info("order taken", "id", order.ID, "article", order.Article, "quantity", order.Quantity)
		answer(w, http.StatusCreated, order)
	})
	mux.HandleFunc("POST /reports", func(w http.ResponseWriter, r *http.Request) {
		var report orders.Report
		if !read(w, r, &report) {
			return
		}
		if err := publish(r.Context(), js, queue.Reports, report, report.Made.Format(time.RFC3339Nano)); err != nil {
			logger.Error("a report was not taken", "error", err.Error())
			http.Error(w, "the report could not be taken just now", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /reports/latest", func(w http.ResponseWriter, r *http.Request) {
		report, err := latestReport(r.Context(), js)
		if err != nil {
			logger.Error("no report can be read", "error", err.Error())
			http.Error(w, "no report can be read just now", http.StatusServiceUnavailable)
			return
		}
		answer(w, http.StatusOK, report)
	})
	return mux
}

// publish returns once the queue has written the event to its disk; the same event is kept once however often it is sent.
func publish(ctx context.Context, js jetstream.JetStream, subject string, event any, id string) error {
	content, err := json.Marshal(event)
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		attempt, cancel := context.WithTimeout(ctx, 2*time.Second)
		_, err := js.Publish(attempt, subject, content, jetstream.WithMsgID(id))
		cancel()
		if err == nil || try == publishRetries {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(publishEvery):
		}
	}
}

func latestReport(ctx context.Context, js jetstream.JetStream) (json.RawMessage, error) {
	nothing := json.RawMessage("null")
	attempt, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	stream, err := js.Stream(attempt, queue.Reports)
	if err != nil {
		return nothing, err
	}
	message, err := stream.GetLastMsgForSubject(attempt, queue.Reports)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nothing, nil
	}
	if err != nil {
		return nothing, err
	}
	return message.Data, nil
}

func read(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestBody))
	if err := decoder.Decode(into); err != nil {
		http.Error(w, "this can't be read: "+err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func answer(w http.ResponseWriter, status int, content any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(content)
}

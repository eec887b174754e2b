package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"shop/internal/book"
	"shop/internal/orders"
	"shop/internal/queue"
	"shop/internal/queue/queuetest"
)

const anOrder = `{"id":"order-0001","article":"fern","quantity":2,"customer":"Ida"}`

// opened is the api over a queue that is up to date, with a book that follows it.
func opened(t *testing.T) (http.Handler, jetstream.JetStream) {
	t.Helper()
	js := queuetest.Start(t)
	logger := slog.New(slog.DiscardHandler)
	if err := queue.Migrate(t.Context(), logger, js, queue.Latest); err != nil {
		t.Fatal(err)
	}
	orderBook := book.New()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- orderBook.Follow(ctx, logger, js) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return handler(orderBook, js, logger), js
}

func ask(api http.Handler, method, path, body string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	api.ServeHTTP(answer, httptest.NewRequest(method, path, strings.NewReader(body)))
	return answer
}

// eventually asks until the orders are as they should be: the book follows the queue a moment later.
func eventually(t *testing.T, api http.Handler, isSo func([]orders.Order) bool) []orders.Order {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		var all []orders.Order
		if err := json.Unmarshal(ask(api, "GET", "/orders", "").Body.Bytes(), &all); err != nil {
			t.Fatal(err)
		}
		if isSo(all) {
			return all
		}
		if time.Now().After(deadline) {
			t.Fatalf("the orders are %+v", all)
		}
	}
}

func TestAnOrderSentTwiceIsOneOrderAndIsPacked(t *testing.T) {
	api, js := opened(t)
	for range 2 {
		if answer := ask(api, "POST", "/orders", anOrder); answer.Code != http.StatusCreated {
			t.Fatalf("%d %s", answer.Code, answer.Body)
		}
	}
	if _, err := js.Publish(t.Context(), queue.Packed+"order-0001", []byte("2026-01-02T06:00:00Z")); err != nil {
		t.Fatal(err)
	}
	all := eventually(t, api, func(all []orders.Order) bool { return len(all) > 0 && !all[0].Packed.IsZero() })
	if len(all) != 1 || all[0].Article != "fern" || all[0].Quantity != 2 {
		t.Errorf("the orders are %+v", all)
	}
}

func TestWhoOrdersSaysNeitherWhenNorThatItIsPacked(t *testing.T) {
	api, _ := opened(t)
	ask(api, "POST", "/orders", strings.Replace(anOrder, "{", `{"placed":"2001-01-01T00:00:00Z","packed":"2001-01-01T00:00:00Z",`, 1))
	all := eventually(t, api, func(all []orders.Order) bool { return len(all) == 1 })
	if all[0].Placed.Year() == 2001 || !all[0].Packed.IsZero() {
		t.Errorf("the order is %+v", all[0])
	}
}

func TestWhatTheApiRefuses(t *testing.T) {
	api, js := opened(t)
	for body, want := range map[string]int{
		strings.Replace(anOrder, "fern", "palm", 1): http.StatusUnprocessableEntity,
		"no JSON": http.StatusBadRequest,
		`{"customer":"` + strings.Repeat("a", largestBody) + `"}`: http.StatusBadRequest,
	} {
		if answer := ask(api, "POST", "/orders", body); answer.Code != want {
			t.Errorf("%.40s: %d %s", body, answer.Code, answer.Body)
		}
	}
	stream, err := js.Stream(t.Context(), queue.Stream)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := stream.Info(t.Context()); err != nil || info.State.Msgs != 0 {
		t.Errorf("the queue has %+v, %v", info, err)
	}
}

func TestTheLatestReportIsTheOneThatWasHandedInLast(t *testing.T) {
	api, _ := opened(t)
	if answer := ask(api, "GET", "/reports/latest", ""); strings.TrimSpace(answer.Body.String()) != "null" {
		t.Errorf("before any: %s", answer.Body)
	}
	for _, report := range []string{`{"made":"2026-01-02T06:00:00Z","orders":1}`, `{"made":"2026-01-02T06:05:00Z","orders":2}`} {
		if answer := ask(api, "POST", "/reports", report); answer.Code != http.StatusNoContent {
			t.Fatalf("%d %s", answer.Code, answer.Body)
		}
	}
	if answer := ask(api, "GET", "/reports/latest", ""); !strings.Contains(answer.Body.String(), `"orders":2`) {
		t.Errorf("the latest is %s", answer.Body)
	}
}

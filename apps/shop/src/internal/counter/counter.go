// Package counter is where the shop's other programs talk to its api.
package counter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"shop/internal/orders"
)

// Counter is the api that the link API leads to.
type Counter struct {
	url    string
	client *http.Client
}

// New makes a counter. It does not connect yet.
func New() *Counter {
	// A little longer than the api waits for the queue.
	return &Counter{url: os.Getenv("API_URL"), client: &http.Client{Timeout: 20 * time.Second}}
}

// Refusal is what the api says of a request that it doesn't take.
type Refusal struct {
	Status int
	Reason string
}

func (r Refusal) Error() string { return r.Reason }

// Orders returns the latest orders; 0 is all of them.
func (c *Counter) Orders(ctx context.Context, most int) ([]orders.Order, error) {
	var latest []orders.Order
	return latest, c.ask(ctx, http.MethodGet, fmt.Sprintf("/orders?limit=%d", most), nil, &latest)
}

// Place hands an order in, and returns it as the api took it.
func (c *Counter) Place(ctx context.Context, order orders.Order) (orders.Order, error) {
	var placed orders.Order
	return placed, c.ask(ctx, http.MethodPost, "/orders", order, &placed)
}

// Report hands a report in.
func (c *Counter) Report(ctx context.Context, report orders.Report) error {
	return c.ask(ctx, http.MethodPost, "/reports", report, nil)
}

// LatestReport returns the report that was made last, or nothing while there is none.
func (c *Counter) LatestReport(ctx context.Context) (*orders.Report, error) {
	var report *orders.Report
	return report, c.ask(ctx, http.MethodGet, "/reports/latest", nil, &report)
}

func (c *Counter) ask(ctx context.Context, method, path string, body, answer any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusMultipleChoices {
		reason, _ := io.ReadAll(io.LimitReader(response.Body, 1024))
		return Refusal{Status: response.StatusCode, Reason: strings.TrimSpace(string(reason))}
	}
	if answer == nil || response.StatusCode == http.StatusNoContent {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

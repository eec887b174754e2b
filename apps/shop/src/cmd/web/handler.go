package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"shop/internal/counter"
	"shop/internal/orders"
)

// shownOrders is how many orders fit the page.
const shownOrders = 8

//go:embed page
var files embed.FS

var page = template.Must(template.New("index.html").Funcs(template.FuncMap{
	"euro": func(cents int) string { return fmt.Sprintf("%d.%02d €", cents/100, cents%100) },
	"name": func(id string) string { article, _ := orders.Find(id); return article.Name },
	"time": func(at time.Time) string { return at.Format("15:04:05") },
}).ParseFS(files, "page/index.html", "page/orders.html"))

// view is what the page shows.
type view struct {
	settings
	Catalogue []orders.Article
	Orders    []orders.Order
	Report    *orders.Report
	// OrderID makes of a form that is sent twice one order.
	OrderID string
	Trouble string
}

func handler(said settings, api *counter.Counter, logger *slog.Logger) http.Handler {
	static, _ := fs.Sub(files, "page")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.Handle("GET /page.css", http.FileServerFS(static))
	mux.Handle("GET /page.js", http.FileServerFS(static))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		shown, status := look(r.Context(), said, api, logger)
		if trouble := r.URL.Query().Get("trouble"); trouble != "" {
			shown.Trouble = trouble
		}
		render(w, logger, status, "index.html", shown)
	})
	mux.HandleFunc("GET /orders", func(w http.ResponseWriter, r *http.Request) {
		shown, status := look(r.Context(), said, api, logger)
		render(w, logger, status, "orders.html", shown)
	})
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		order, err := ordered(r)
		if err == nil {
			_, err = api.Place(r.Context(), order)
		}
		target := "/#orders"
		if err != nil {
			logger.Warn("an order failed", "error", err.Error())
			target = "/?trouble=" + url.QueryEscape(told(err))
		}
		http.Redirect(w, r, target, http.StatusSeeOther)
	})
	return guarded(mux)
}

// guarded keeps other sites from sending this one's forms, and the page from loading anything from elsewhere.
func guarded(next http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	}))
}

func look(ctx context.Context, said settings, api *counter.Counter, logger *slog.Logger) (view, int) {
	shown := view{settings: said, Catalogue: orders.Catalogue, OrderID: rand.Text()}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var err error
	if shown.Orders, err = api.Orders(ctx, shownOrders); err == nil {
		shown.Report, err = api.LatestReport(ctx)
	}
	if err != nil {
		logger.Warn("the api does not answer", "error", err.Error())
		shown.Trouble = "Nobody is at the counter just now. Try again in a moment."
		return shown, http.StatusBadGateway
	}
	return shown, http.StatusOK
}

func ordered(r *http.Request) (orders.Order, error) {
	if err := r.ParseForm(); err != nil {
		return orders.Order{}, err
	}
	quantity, err := strconv.Atoi(r.PostForm.Get("quantity"))
	if err != nil {
		return orders.Order{}, counter.Refusal{Reason: "the quantity must be a number"}
	}
	return orders.Order{
		ID:       r.PostForm.Get("id"),
		Article:  r.PostForm.Get("article"),
		Quantity: quantity,
		Customer: strings.TrimSpace(r.PostForm.Get("customer")),
	}, nil
}

// told is what a customer is told of a failure: the api's own reason, or nothing about the shop's insides.
func told(err error) string {
	var refusal counter.Refusal
	if errors.As(err, &refusal) {
		return "Your order was not taken: " + refusal.Reason + "."
	}
	return "Your order was not taken: nobody is at the counter just now."
}

func render(w http.ResponseWriter, logger *slog.Logger, status int, name string, shown view) {
	var out bytes.Buffer
	if err := page.ExecuteTemplate(&out, name, shown); err != nil {
		logger.Error("the page can't be written", "error", err.Error())
		http.Error(w, "the page can't be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// Command echo answers in every way that the tests of the gateway ask for: HTTP, gRPC, WebSocket, TCP and UDP.
package main

import (
	"cmp"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	serveStreams(os.Getenv("TCP_PORTS"), serveTCP)
	serveStreams(os.Getenv("UDP_PORTS"), serveUDP)
	mux := http.NewServeMux()
	mux.HandleFunc("/slow", slow)
	mux.HandleFunc("/flaky", flaky())
	mux.HandleFunc("/big", big)
	mux.HandleFunc("/socket", socket)
	mux.HandleFunc("/petrichor.test.Echo/", grpc)
	mux.HandleFunc("/", echo)
	server := http.Server{Addr: ":" + cmp.Or(os.Getenv("PORT"), "8080"), Handler: mux, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	log.Fatal(server.ListenAndServe())
}

// echo tells what it was asked, and which workload and replica it is.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	headers := map[string]string{}
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	replica, _ := os.Hostname()
	answer(w, map[string]any{
		"name": os.Getenv("NAME"), "replica": replica, "host": r.Host, "method": r.Method,
		"path": r.URL.RequestURI(), "headers": headers, "body": len(body),
	})
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("content-type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

// slow answers after the milliseconds that are asked for.
func slow(w http.ResponseWriter, r *http.Request) {
	milliseconds, _ := strconv.Atoi(r.URL.Query().Get("ms"))
	select {
	case <-time.After(time.Duration(milliseconds) * time.Millisecond):
		echo(w, r)
	case <-r.Context().Done():
	}
}

// flaky fails the first requests of each key, as many as are asked for, and tells how many there were.
func flaky() http.HandlerFunc {
	var mutex sync.Mutex
	seen := map[string]int{}
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.URL.Query().Get("key")
		failures, _ := strconv.Atoi(r.URL.Query().Get("failures"))
		mutex.Lock()
		seen[key]++
		tries := seen[key]
		mutex.Unlock()
		if tries <= failures {
			http.Error(w, "not yet", http.StatusServiceUnavailable)
			return
		}
		answer(w, map[string]any{"tries": tries})
	}
}

func big(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("content-type", "text/plain")
	_, _ = io.WriteString(w, strings.Repeat("rain on dry ground\n", 4000))
}

// grpc sends every message back as it came, in the frames of gRPC.
func grpc(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("content-type", "application/grpc")
	w.Header().Set("trailer", "grpc-status")
	w.WriteHeader(http.StatusOK)
	_, _ = io.Copy(w, r.Body)
	w.Header().Set("grpc-status", "0")
}

// Command target is what the tests of scaling send their load to: it is as slow, as busy or as broken as it is told to be.
package main

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

func main() {
	if os.Getenv("CRASH") != "" {
		fmt.Fprintln(os.Stderr, "told to crash")
		os.Exit(1)
	}
	if os.Getenv("ONCE") != "" {
		fmt.Println("done")
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	delay, _ := time.ParseDuration(os.Getenv("DELAY"))
	var turn sync.Mutex
	oneByOne := os.Getenv("ONE_BY_ONE") != ""
	if other := os.Getenv("OTHER_PORT"); other != "" {
		go serveOther(other)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if oneByOne {
			turn.Lock()
			defer turn.Unlock()
		}
		time.Sleep(delay)
		fmt.Fprint(w, os.Getenv("VERSION"))
	})
	mux.HandleFunc("/busy", busy)
	mux.HandleFunc("/call", call)
	mux.HandleFunc("/websocket", webSocket)
	mux.HandleFunc("/target.Target/Echo", grpcEcho)
	server := &http.Server{Addr: ":" + os.Getenv("PORT"), Handler: mux, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	go func() {
		<-ctx.Done()
		deadline, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		_ = server.Shutdown(deadline)
	}()
	fmt.Println(server.ListenAndServe())
	<-ctx.Done()
}

// serveOther tells at a second port which one that is, and what host it was asked for.
func serveOther(port string) {
	fmt.Println(http.ListenAndServe(":"+port, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "port %s of %s", port, r.Host)
	})))
}

// busy works for 20 ms of processor time or so.
func busy(w http.ResponseWriter, _ *http.Request) {
	sum := sha256.Sum256(nil)
	for begun := time.Now(); time.Since(begun) < 20*time.Millisecond; {
		sum = sha256.Sum256(sum[:])
	}
	fmt.Fprintf(w, "%x", sum[:4])
}

// call asks the workload that the link OTHER leads to, and passes its answer on.
func call(w http.ResponseWriter, r *http.Request) {
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, os.Getenv("OTHER_URL"), nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}

// webSocket accepts a WebSocket and says a word a second until the other side closes it (RFC 6455).
func webSocket(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Sec-WebSocket-Key")
	connection, buffer, err := w.(http.Hijacker).Hijack()
	if err != nil || key == "" {
		http.Error(w, "no WebSocket", http.StatusBadRequest)
		return
	}
	defer connection.Close()
	accept := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(accept[:]) + "\r\n\r\n"
	_, _ = buffer.WriteString(answer)
	frame := append([]byte{0x81, byte(len("awake"))}, "awake"...)
	for {
		_, _ = buffer.Write(frame)
		if buffer.Flush() != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// grpcEcho answers a stream of gRPC with each of its messages as it comes.
func grpcEcho(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/grpc")
	w.Header().Set("Trailer", "Grpc-Status")
	chunk := make([]byte, 4096)
	for {
		length, err := r.Body.Read(chunk)
		_, _ = w.Write(chunk[:length])
		_ = http.NewResponseController(w).Flush()
		if err == io.EOF {
			w.Header().Set("Grpc-Status", "0")
			return
		}
		if err != nil {
			w.Header().Set("Grpc-Status", "13")
			return
		}
	}
}

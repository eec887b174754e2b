// Command probe answers what a test asks about the pod that it runs in.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const file = "/data/note"

func main() {
	if len(os.Args) > 1 {
		fmt.Println(strings.Join(os.Args[1:], " "))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go echoDatagrams()
	http.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getenv("GREETING")) })
	http.HandleFunc("GET /addresses/{name}", addresses)
	http.HandleFunc("GET /fetch/{host}", fetch)
	http.HandleFunc("GET /note", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) })
	http.HandleFunc("PUT /note", keep)
	server := &http.Server{Addr: ":8080"}
	go func() {
		<-ctx.Done()
		patience, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.Shutdown(patience)
		fmt.Println("ended in order")
	}()
	fmt.Println("probe is listening")
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	time.Sleep(200 * time.Millisecond)
}

func echoDatagrams() {
	socket, err := net.ListenPacket("udp4", ":8081")
	if err != nil {
		panic(err)
	}
	buffer := make([]byte, 1500)
	for {
		size, sender, err := socket.ReadFrom(buffer)
		if err != nil {
			panic(err)
		}
		_, _ = socket.WriteTo(buffer[:size], sender)
	}
}

func addresses(w http.ResponseWriter, r *http.Request) {
	found, err := net.DefaultResolver.LookupHost(r.Context(), r.PathValue("name"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	fmt.Fprint(w, strings.Join(found, " "))
}

func fetch(w http.ResponseWriter, r *http.Request) {
	client := http.Client{Timeout: 5 * time.Second}
	answer, err := client.Get("http://" + r.PathValue("host"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	_, _ = io.Copy(w, answer.Body)
}

func keep(w http.ResponseWriter, r *http.Request) {
	note, err := io.ReadAll(r.Body)
	if err == nil {
		err = os.WriteFile(file, note, 0o600)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

package main

import (
	"net"
	"testing"
	"time"
)

func TestDialTriesAgainWhatRefuses(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	reopened := make(chan net.Listener, 1)
	go func() {
		time.Sleep(5 * firstPause)
		again, _ := net.Listen("tcp4", address)
		reopened <- again
	}()
	connection, err := dial(address)
	if again := <-reopened; again != nil {
		defer again.Close()
	}
	if err != nil {
		t.Fatalf("an endpoint that came back was given up: %v", err)
	}
	connection.Close()
}

func TestDialGivesUp(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	if connection, err := dial(address); err == nil {
		connection.Close()
		t.Fatal("a closed port was reached")
	}
}

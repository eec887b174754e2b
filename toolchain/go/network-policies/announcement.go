package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// patience is the longest that a new pod is held back; after that its start fails, and the kubelet tries again.
const patience = 15 * time.Second

// announcement tells of a pod that got an address and has not begun to run.
type announcement struct {
	UID     types.UID  `json:"uid"`
	Address netip.Addr `json:"address"`
}

type reply struct {
	Error string `json:"error,omitempty"`
}

// listen takes announcements until the context ends; each is answered once it was handled.
func listen(ctx context.Context, socket string, handle func(context.Context, announcement) error) error {
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { listener.Close() })
	for {
		connection, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		go answer(ctx, connection, handle)
	}
}

func answer(ctx context.Context, connection net.Conn, handle func(context.Context, announcement) error) {
	defer connection.Close()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var told announcement
	var said reply
	err := json.NewDecoder(connection).Decode(&told)
	if err == nil {
		err = handle(ctx, told)
	}
	if err != nil {
		said.Error = err.Error()
	}
	_ = json.NewEncoder(connection).Encode(said)
}

// tell announces a pod and waits for the answer. While the node starts, nobody may listen yet.
func tell(socket string, told announcement) error {
	deadline := time.Now().Add(patience)
	for {
		connection, err := net.Dial("unix", socket)
		if err == nil {
			defer connection.Close()
			return ask(connection, told)
		}
		if time.Now().After(deadline) {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func ask(connection net.Conn, told announcement) error {
	if err := json.NewEncoder(connection).Encode(told); err != nil {
		return err
	}
	var said reply
	if err := json.NewDecoder(connection).Decode(&said); err != nil {
		return err
	}
	if said.Error != "" {
		return errors.New(said.Error)
	}
	return nil
}

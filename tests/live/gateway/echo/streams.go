package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// serveStreams serves every port from the first to the last of "9001-9035"; none where nothing is said.
func serveStreams(ports string, serve func(address string)) {
	first, last, found := strings.Cut(ports, "-")
	if !found {
		return
	}
	from, _ := strconv.Atoi(first)
	to, _ := strconv.Atoi(last)
	for port := from; port <= to; port++ {
		serve(":" + strconv.Itoa(port))
	}
}

func serveTCP(address string) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				log.Fatal(err)
			}
			go func() {
				defer connection.Close()
				_, _ = io.WriteString(connection, address+" ")
				_, _ = io.Copy(connection, connection)
			}()
		}
	}()
}

func serveUDP(address string) {
	connection, err := net.ListenPacket("udp", address)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		buffer := make([]byte, 1500)
		for {
			length, from, err := connection.ReadFrom(buffer)
			if err != nil {
				log.Fatal(err)
			}
			_, _ = connection.WriteTo(append([]byte(address+" "), buffer[:length]...), from)
		}
	}()
}

// socket is a WebSocket (RFC 6455) that sends short text frames back.
func socket(w http.ResponseWriter, r *http.Request) {
	hijacker, ok := w.(http.Hijacker)
	if !ok || r.Header.Get("Upgrade") != "websocket" {
		http.Error(w, "a WebSocket only", http.StatusBadRequest)
		return
	}
	connection, buffer, err := hijacker.Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	accept := base64.StdEncoding.EncodeToString(sum[:])
	_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+accept+"\r\n\r\n")
	for {
		text, err := readFrame(buffer.Reader)
		if err != nil {
			return
		}
		_, _ = connection.Write(append([]byte{0x81, byte(len(text))}, text...))
	}
}

// readFrame reads one masked frame of less than 126 bytes.
func readFrame(reader *bufio.Reader) ([]byte, error) {
	var head [2]byte
	if _, err := io.ReadFull(reader, head[:]); err != nil {
		return nil, err
	}
	var mask uint32
	if err := binary.Read(reader, binary.BigEndian, &mask); err != nil {
		return nil, err
	}
	text := make([]byte, head[1]&0x7f)
	if _, err := io.ReadFull(reader, text); err != nil {
		return nil, err
	}
	key := binary.BigEndian.AppendUint32(nil, mask)
	for index := range text {
		text[index] ^= key[index%4]
	}
	return text, nil
}

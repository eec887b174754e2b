package main

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	core "k8s.io/api/core/v1"
)

func ownNamespace(t *testing.T) listeners {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root may enter a network namespace")
	}
	namespace, err := os.Open("/proc/self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { namespace.Close() })
	return listeners{namespace: namespace}
}

// shout answers each TCP connection with what it sent until its end, in capitals.
func shout(t *testing.T) netip.AddrPort {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				heard, _ := io.ReadAll(connection)
				_, _ = io.WriteString(connection, strings.ToUpper(string(heard)))
			}()
		}
	}()
	return netip.MustParseAddrPort(listener.Addr().String())
}

var address = netip.MustParseAddr("127.77.0.1")

func say(t *testing.T, number uint16, text string) (string, error) {
	t.Helper()
	connection, err := net.Dial("tcp4", netip.AddrPortFrom(address, number).String())
	if err != nil {
		return "", err
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, text); err != nil {
		return "", err
	}
	if err := connection.(*net.TCPConn).CloseWrite(); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(connection)
	return string(answer), err
}

func TestAPortLeadsToItsTargetAndPassesOnTheEndOfOneDirection(t *testing.T) {
	ports := newPorts(address, ownNamespace(t))
	http := port{core.ProtocolTCP, 21080}
	if err := ports.assign("a/web", map[port]netip.AddrPort{http: shout(t)}); err != nil {
		t.Fatal(err)
	}
	if answer, err := say(t, 21080, "hello"); answer != "HELLO" {
		t.Errorf("answer %q, %v", answer, err)
	}
	if err := ports.assign("a/web", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := say(t, 21080, "hello"); err == nil {
		t.Error("a port that was given back still answers")
	}
}

func TestATakenPortIsRefusedWholeAndGivenOnceItIsFree(t *testing.T) {
	ports := newPorts(address, ownNamespace(t))
	target := shout(t)
	shared, own := port{core.ProtocolTCP, 21081}, port{core.ProtocolTCP, 21082}
	if err := ports.assign("a/first", map[port]netip.AddrPort{shared: target}); err != nil {
		t.Fatal(err)
	}
	wanted := map[port]netip.AddrPort{shared: target, own: target}
	var obstacle *conflict
	if err := ports.assign("b/second", wanted); !errors.As(err, &obstacle) || !strings.Contains(err.Error(), "a/first") {
		t.Fatalf("error %v", err)
	}
	if _, err := say(t, 21082, "hello"); err == nil {
		t.Error("one of two ports was given although the other is taken")
	}
	if err := ports.assign("a/first", nil); err != nil {
		t.Fatal(err)
	}
	if err := ports.assign("b/second", wanted); err != nil {
		t.Fatal(err)
	}
	if answer, err := say(t, 21082, "hello"); answer != "HELLO" {
		t.Errorf("answer %q, %v", answer, err)
	}
	_ = ports.assign("b/second", nil)
}

func TestAPortOfAnotherProgramIsNamedAsSuch(t *testing.T) {
	other, err := net.Listen("tcp4", "127.77.0.1:21083")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	err = newPorts(address, ownNamespace(t)).assign("a/web", map[port]netip.AddrPort{{core.ProtocolTCP, 21083}: shout(t)})
	if err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("error %v", err)
	}
}

func TestDatagramsFindTheirWayBack(t *testing.T) {
	echo, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer echo.Close()
	go func() {
		buffer := make([]byte, 100)
		for {
			size, sender, err := echo.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = echo.WriteTo(buffer[:size], sender)
		}
	}()
	ports := newPorts(address, ownNamespace(t))
	target := netip.MustParseAddrPort(echo.LocalAddr().String())
	if err := ports.assign("a/dns", map[port]netip.AddrPort{{core.ProtocolUDP, 21084}: target}); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ports.assign("a/dns", nil) }()
	for _, text := range []string{"one", "two"} {
		client, err := net.Dial("udp4", "127.77.0.1:21084")
		if err != nil {
			t.Fatal(err)
		}
		_ = client.SetDeadline(time.Now().Add(10 * time.Second))
		_, _ = io.WriteString(client, text)
		buffer := make([]byte, 100)
		size, err := client.Read(buffer)
		if string(buffer[:size]) != text {
			t.Errorf("answer %q, %v", buffer[:size], err)
		}
		client.Close()
	}
}

package main

import (
	"errors"
	"fmt"
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
	return sayTo(address, number, text)
}

func sayTo(address netip.Addr, number uint16, text string) (string, error) {
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
	if _, err := ports.assign("a/web", map[port]netip.AddrPort{http: shout(t)}, netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if answer, err := say(t, 21080, "hello"); answer != "HELLO" {
		t.Errorf("answer %q, %v", answer, err)
	}
	if _, err := ports.assign("a/web", nil, netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if _, err := say(t, 21080, "hello"); err == nil {
		t.Error("a port that was given back still answers")
	}
}

func TestServicesWithTheSamePortGetAddressesOfTheirOwn(t *testing.T) {
	ports := newPorts(address, ownNamespace(t))
	target := shout(t)
	shared, own := port{core.ProtocolTCP, 21081}, port{core.ProtocolTCP, 21082}
	wanted := map[port]netip.AddrPort{shared: target, own: target}
	give := func(owner string, wanted map[port]netip.AddrPort, had, want netip.Addr) {
		t.Helper()
		if given, err := ports.assign(owner, wanted, had); given != want || err != nil {
			t.Fatalf("%s got %s, %v; want %s", owner, given, err, want)
		}
	}
	next := address.Next()
	give("a/first", map[port]netip.AddrPort{shared: target}, netip.Addr{}, address)
	give("b/second", wanted, netip.Addr{}, next)
	for _, number := range []uint16{21081, 21082} {
		if answer, err := sayTo(next, number, "hello"); answer != "HELLO" {
			t.Errorf("answer %q, %v", answer, err)
		}
	}
	give("c/other", map[port]netip.AddrPort{{core.ProtocolTCP, 21085}: target}, netip.Addr{}, address)
	if _, err := ports.assign("a/first", nil, netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	give("b/second", wanted, next, next)
	give("d/third", wanted, netip.Addr{}, address)
}

func TestAPortWithoutAFreeAddressIsRefusedWhole(t *testing.T) {
	ports := newPorts(address, ownNamespace(t))
	target := shout(t)
	shared, own := port{core.ProtocolTCP, 21086}, port{core.ProtocolTCP, 21087}
	for index := range addresses {
		if _, err := ports.assign(fmt.Sprintf("a/%d", index), map[port]netip.AddrPort{shared: target}, netip.Addr{}); err != nil {
			t.Fatal(err)
		}
	}
	var obstacle *conflict
	_, err := ports.assign("b/second", map[port]netip.AddrPort{shared: target, own: target}, netip.Addr{})
	if !errors.As(err, &obstacle) || !strings.Contains(err.Error(), "belongs to the Service a/0") {
		t.Fatalf("error %v", err)
	}
	if _, err := say(t, 21087, "hello"); err == nil {
		t.Error("one of two ports was given although the other is taken")
	}
}

func TestAPortOfAnotherProgramIsNamedAsSuch(t *testing.T) {
	other, err := net.Listen("tcp4", "127.77.0.1:21083")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	wanted := map[port]netip.AddrPort{{core.ProtocolTCP, 21083}: shout(t)}
	_, err = newPorts(address, ownNamespace(t)).assign("a/web", wanted, netip.Addr{})
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
	if _, err := ports.assign("a/dns", map[port]netip.AddrPort{{core.ProtocolUDP, 21084}: target}, netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = ports.assign("a/dns", nil, netip.Addr{}) }()
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

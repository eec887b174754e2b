package main

import (
	"errors"
	"io"
	"log"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	dialTimeout = 10 * time.Second
	// firstPause and lastPause bound the tries at an endpoint that refuses: eight within 1.3 s.
	firstPause = 10 * time.Millisecond
	lastPause  = 640 * time.Millisecond
	// udpIdle is how long a client's answers find their way back after its last packet: conntrack's time for a stream.
	udpIdle = 2 * time.Minute
	// udpSessions bounds the sockets that clients of one port can hold; packets of further clients are dropped.
	udpSessions = 4096
	// maximumDatagram is the largest payload that UDP carries over IPv4.
	maximumDatagram = 65507
)

// listeners opens sockets in another network namespace. A socket stays in the namespace that it was made in.
type listeners struct{ namespace *os.File }

func (l listeners) inNamespace(action func() error) error {
	result := make(chan error)
	go func() {
		// Never unlocked: the thread ends with the goroutine, so nothing else ever runs on a thread in that namespace.
		runtime.LockOSThread()
		if err := unix.Setns(int(l.namespace.Fd()), unix.CLONE_NEWNET); err != nil {
			result <- err
			return
		}
		result <- action()
	}()
	return <-result
}

func (l listeners) tcp(from, to netip.AddrPort) (io.Closer, error) {
	var listener *net.TCPListener
	err := l.inNamespace(func() (err error) {
		listener, err = net.ListenTCP("tcp4", net.TCPAddrFromAddrPort(from))
		return err
	})
	if err != nil {
		return nil, err
	}
	go serveTCP(listener, to.String())
	return listener, nil
}

func serveTCP(listener *net.TCPListener, target string) {
	for {
		client, err := listener.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			log.Printf("accept on %s: %v", listener.Addr(), err)
			time.Sleep(100 * time.Millisecond) // out of descriptors: others must end first
			continue
		}
		go forwardTCP(client, target)
	}
}

func forwardTCP(client *net.TCPConn, target string) {
	defer client.Close()
	connection, err := dial(target)
	if err != nil {
		_ = client.SetLinger(0) // the client sees a reset, as it would from a closed port
		return
	}
	server := connection.(*net.TCPConn)
	defer server.Close()
	var done sync.WaitGroup
	done.Go(func() { copyHalf(server, client) })
	done.Go(func() { copyHalf(client, server) })
	done.Wait()
}

// dial connects to a Service. Each try may reach another of its endpoints, so one that has just died and is not taken
// out yet costs a client nothing: a load balancer that checks health would not have chosen it either.
func dial(target string) (connection net.Conn, err error) {
	for pause := firstPause; ; pause *= 2 {
		connection, err = net.DialTimeout("tcp4", target, dialTimeout)
		if !errors.Is(err, unix.ECONNREFUSED) || pause > lastPause {
			return connection, err
		}
		time.Sleep(pause)
	}
}

// copyHalf passes on one direction and its end; an error ends both directions.
func copyHalf(to, from *net.TCPConn) {
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		from.Close()
		return
	}
	_ = to.CloseWrite()
}

func (l listeners) udp(from, to netip.AddrPort) (io.Closer, error) {
	var socket *net.UDPConn
	err := l.inNamespace(func() (err error) {
		socket, err = net.ListenUDP("udp4", net.UDPAddrFromAddrPort(from))
		return err
	})
	if err != nil {
		return nil, err
	}
	forwarder := &udpForwarder{socket: socket, target: net.UDPAddrFromAddrPort(to), sessions: map[netip.AddrPort]*net.UDPConn{}}
	go forwarder.serve()
	return socket, nil
}

// udpForwarder gives every client a socket of its own towards the Service, so that answers find their client.
type udpForwarder struct {
	socket   *net.UDPConn
	target   *net.UDPAddr
	mutex    sync.Mutex
	sessions map[netip.AddrPort]*net.UDPConn
}

func (f *udpForwarder) serve() {
	defer f.closeSessions()
	buffer := make([]byte, maximumDatagram)
	for {
		size, client, err := f.socket.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		if session := f.session(client); session != nil {
			_ = session.SetReadDeadline(time.Now().Add(udpIdle))
			_, _ = session.Write(buffer[:size])
		}
	}
}

func (f *udpForwarder) session(client netip.AddrPort) *net.UDPConn {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if session, known := f.sessions[client]; known {
		return session
	}
	if len(f.sessions) >= udpSessions {
		return nil
	}
	session, err := net.DialUDP("udp4", nil, f.target)
	if err != nil {
		return nil
	}
	f.sessions[client] = session
	go f.answer(client, session)
	return session
}

func (f *udpForwarder) answer(client netip.AddrPort, session *net.UDPConn) {
	defer func() {
		f.mutex.Lock()
		delete(f.sessions, client)
		f.mutex.Unlock()
		session.Close()
	}()
	buffer := make([]byte, maximumDatagram)
	for {
		size, err := session.Read(buffer)
		if errors.Is(err, unix.ECONNREFUSED) {
			continue // the Service had no endpoint for a moment; the deadline still ends the session
		}
		if err != nil {
			return
		}
		if _, err := f.socket.WriteToUDPAddrPort(buffer[:size], client); err != nil {
			return
		}
	}
}

func (f *udpForwarder) closeSessions() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, session := range f.sessions {
		session.Close()
	}
}

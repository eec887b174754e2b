package main

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"
	"syscall"

	core "k8s.io/api/core/v1"
)

// port is a port of the host.
type port struct {
	protocol core.Protocol
	number   uint16
}

// ports knows which Service has which port of the host; a port has one owner, the first that asked.
type ports struct {
	address netip.Addr
	listen  listeners
	mutex   sync.Mutex
	open    map[port]openPort
}

type openPort struct {
	owner  string
	target netip.AddrPort
	closer io.Closer
}

func newPorts(address netip.Addr, listen listeners) *ports {
	return &ports{address: address, listen: listen, open: map[port]openPort{}}
}

// conflict says why a Service can't have a port that it asks for.
type conflict struct {
	port  port
	cause string
}

func (c *conflict) Error() string {
	return fmt.Sprintf("port %d/%s %s", c.port.number, c.port.protocol, c.cause)
}

// assign makes exactly the wanted ports the owner's: all of them, or none and an error that names the first obstacle.
func (p *ports) assign(owner string, wanted map[port]netip.AddrPort) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for held, state := range p.open {
		if target, keep := wanted[held]; state.owner == owner && (!keep || target != state.target) {
			p.closePort(held)
		}
	}
	for _, asked := range sorted(wanted) {
		if err := p.openPort(owner, asked, wanted[asked]); err != nil {
			p.closeAll(owner)
			return err
		}
	}
	return nil
}

func (p *ports) openPort(owner string, asked port, target netip.AddrPort) error {
	if held, taken := p.open[asked]; taken {
		if held.owner == owner {
			return nil
		}
		return &conflict{asked, "belongs to the Service " + held.owner}
	}
	from := netip.AddrPortFrom(p.address, asked.number)
	var closer io.Closer
	var err error
	switch asked.protocol {
	case core.ProtocolTCP:
		closer, err = p.listen.tcp(from, target)
	case core.ProtocolUDP:
		closer, err = p.listen.udp(from, target)
	default:
		return &conflict{asked, "is of a protocol that loopback addresses don't have"}
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return &conflict{asked, fmt.Sprintf("of %s is used by another process of this machine", p.address)}
	}
	if err != nil {
		return &conflict{asked, err.Error()}
	}
	p.open[asked] = openPort{owner, target, closer}
	return nil
}

func (p *ports) closeAll(owner string) {
	for held, state := range p.open {
		if state.owner == owner {
			p.closePort(held)
		}
	}
}

func (p *ports) closePort(held port) {
	p.open[held].closer.Close()
	delete(p.open, held)
}

func sorted(wanted map[port]netip.AddrPort) []port {
	keys := make([]port, 0, len(wanted))
	for key := range wanted {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b port) int { return int(a.number) - int(b.number) })
	return keys
}

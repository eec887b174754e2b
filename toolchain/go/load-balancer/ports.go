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

// addresses is how many addresses of the host Services may get, from the first one on.
const addresses = 32

// port is a port that a Service asks for.
type port struct {
	protocol core.Protocol
	number   uint16
}

// place is a port of one of the host's addresses.
type place struct {
	address netip.Addr
	port
}

// ports knows which Service has which port of the host. A port of an address has one owner, the first that asked; others that ask for the
// same port get the next address, as each Service has an address of its own in a cloud.
type ports struct {
	addresses []netip.Addr
	listen    listeners
	mutex     sync.Mutex
	open      map[place]openPort
}

type openPort struct {
	owner  string
	target netip.AddrPort
	closer io.Closer
}

func newPorts(first netip.Addr, listen listeners) *ports {
	ports := &ports{listen: listen, open: map[place]openPort{}}
	for address := first; len(ports.addresses) < addresses && address.IsLoopback(); address = address.Next() {
		ports.addresses = append(ports.addresses, address)
	}
	return ports
}

// conflict says why a Service can't have a port that it asks for.
type conflict struct {
	port  port
	cause string
}

func (c *conflict) Error() string {
	return fmt.Sprintf("port %d/%s %s", c.port.number, c.port.protocol, c.cause)
}

// assign makes exactly the wanted ports the owner's, all on one address: the one it had, or else the first on which no other Service has one
// of them. Where a port can't be had, the owner gets none, and an error names the first obstacle.
func (p *ports) assign(owner string, wanted map[port]netip.AddrPort, had netip.Addr) (netip.Addr, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	address, obstacle := p.addressFor(owner, wanted, had)
	for held, state := range p.open {
		target, keep := wanted[held.port]
		if state.owner == owner && (!keep || obstacle != nil || held.address != address || target != state.target) {
			p.closePort(held)
		}
	}
	if obstacle != nil {
		return netip.Addr{}, obstacle
	}
	for _, asked := range sorted(wanted) {
		if err := p.openPort(owner, place{address, asked}, wanted[asked]); err != nil {
			p.closeAll(owner)
			return netip.Addr{}, err
		}
	}
	return address, nil
}

// addressFor chooses an address; the obstacle is the one at the first address.
func (p *ports) addressFor(owner string, wanted map[port]netip.AddrPort, had netip.Addr) (chosen netip.Addr, first error) {
	candidates := p.addresses
	if slices.Contains(p.addresses, had) {
		candidates = append([]netip.Addr{had}, p.addresses...)
	}
	for _, address := range candidates {
		err := p.takenByAnother(owner, wanted, address)
		if err == nil {
			return address, nil
		}
		if first == nil {
			first = err
		}
	}
	return netip.Addr{}, first
}

func (p *ports) takenByAnother(owner string, wanted map[port]netip.AddrPort, address netip.Addr) error {
	for _, asked := range sorted(wanted) {
		if held, taken := p.open[place{address, asked}]; taken && held.owner != owner {
			return &conflict{asked, "belongs to the Service " + held.owner}
		}
	}
	return nil
}

func (p *ports) openPort(owner string, asked place, target netip.AddrPort) error {
	if _, held := p.open[asked]; held {
		return nil
	}
	from := netip.AddrPortFrom(asked.address, asked.number)
	var closer io.Closer
	var err error
	switch asked.protocol {
	case core.ProtocolTCP:
		closer, err = p.listen.tcp(from, target)
	case core.ProtocolUDP:
		closer, err = p.listen.udp(from, target)
	default:
		return &conflict{asked.port, "is of a protocol that loopback addresses don't have"}
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return &conflict{asked.port, fmt.Sprintf("of %s is used by another process of this machine", asked.address)}
	}
	if err != nil {
		return &conflict{asked.port, err.Error()}
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

func (p *ports) closePort(held place) {
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

package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const nodeInterface = "eth0"

// runNode is the node's first process: process 1 of its own process namespace.
func runNode(path string) error {
	var node configuration
	result := os.NewFile(resultDescriptor, "result")
	if err := prepareNode(path, &node); err != nil {
		fmt.Fprintln(result, err)
		return err
	}
	rotating, err := openRotatingLog(node.Log)
	if err != nil {
		fmt.Fprintln(result, err)
		return err
	}
	log.SetOutput(rotating)
	log.SetFlags(log.LstdFlags | log.LUTC)

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	supervision := newSupervision(node)
	supervision.start(context.Background())
	if err := result.Close(); err != nil {
		return err
	}
	log.Printf("node %s is up", node.HostName)
	<-signals
	log.Printf("node %s is stopping", node.HostName)
	supervision.stop()
	log.Printf("node %s has stopped", node.HostName)
	return nil
}

func prepareNode(path string, node *configuration) error {
	for _, descriptor := range []int{hostNetworkDescriptor, goAheadDescriptor, resultDescriptor} {
		syscall.CloseOnExec(descriptor)
	}
	if err := readJSON(path, node); err != nil {
		return err
	}
	goAhead := os.NewFile(goAheadDescriptor, "go-ahead")
	if _, err := goAhead.Read(make([]byte, 1)); err != nil {
		return fmt.Errorf("the host's side of the node was not made: %w", err)
	}
	if err := goAhead.Close(); err != nil {
		return err
	}
	if err := syscall.Sethostname([]byte(node.HostName)); err != nil {
		return err
	}
	if err := prepareMounts(*node); err != nil {
		return err
	}
	return prepareNetwork(node.Network)
}

func prepareMounts(node configuration) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("detach the node's mounts from the host's: %w", err)
	}
	kept := make([]*os.File, 0, len(node.Keep))
	for _, path := range node.Keep {
		folder, err := os.Open(path)
		if err != nil {
			return err
		}
		defer folder.Close()
		kept = append(kept, folder)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	for _, mount := range node.Mounts {
		if err := mount.apply(); err != nil {
			return fmt.Errorf("mount %s: %w", mount.Target, err)
		}
	}
	for _, folder := range kept {
		if err := uncover(folder); err != nil {
			return fmt.Errorf("keep %s visible: %w", folder.Name(), err)
		}
	}
	// The kubelet passes mounts on to containers, which works on shared mounts only.
	return unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, "")
}

func (m mount) apply() error {
	switch m.Type {
	case "tmpfs":
		return unix.Mount("tmpfs", m.Target, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755")
	case "bind":
		if err := os.MkdirAll(m.Target, 0o755); err != nil {
			return err
		}
		return unix.Mount(m.Source, m.Target, "", unix.MS_BIND|unix.MS_REC, "")
	case "file":
		return m.applyFile()
	}
	return fmt.Errorf("unknown type %q", m.Type)
}

func (m mount) applyFile() error {
	target := m.Target
	// On many hosts /etc/resolv.conf points below /run, which the node has its own of.
	if link, err := os.Readlink(target); err == nil {
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(target), link)
		}
		target = link
	}
	if _, err := os.Stat(target); err != nil {
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, nil, 0o644); err != nil {
			return err
		}
	}
	source, err := os.CreateTemp("/run", "mount-*")
	if err != nil {
		return err
	}
	defer source.Close()
	if err := source.Chmod(0o644); err != nil {
		return err
	}
	if _, err := source.WriteString(m.Contents); err != nil {
		return err
	}
	return unix.Mount(source.Name(), target, "", unix.MS_BIND, "")
}

// uncover binds a folder to its path again if a mount has covered it.
func uncover(folder *os.File) error {
	was, err := folder.Stat()
	if err != nil {
		return err
	}
	if is, err := os.Stat(folder.Name()); err == nil && os.SameFile(was, is) {
		return nil
	}
	if err := os.MkdirAll(folder.Name(), 0o755); err != nil {
		return err
	}
	return unix.Mount(fmt.Sprintf("/proc/self/fd/%d", folder.Fd()), folder.Name(), "", unix.MS_BIND|unix.MS_REC, "")
}

func prepareNetwork(network network) error {
	if err := addAddress("lo", ""); err != nil {
		return err
	}
	if err := addAddress(nodeInterface, network.NodeAddress); err != nil {
		return err
	}
	gateway, err := netlink.ParseAddr(network.HostAddress)
	if err != nil {
		return err
	}
	if err := netlink.RouteAdd(&netlink.Route{Gw: gateway.IP}); err != nil {
		return fmt.Errorf("route through the host: %w", err)
	}
	for _, subnet := range network.Unreachable {
		destination, err := netlink.ParseIPNet(subnet)
		if err != nil {
			return err
		}
		if err := netlink.RouteAdd(&netlink.Route{Dst: destination, Type: unix.RTN_UNREACHABLE}); err != nil {
			return fmt.Errorf("close the way to %s: %w", subnet, err)
		}
	}
	for path, value := range network.Sysctls {
		if err := os.WriteFile(filepath.Join("/proc/sys", path), []byte(value), 0); err != nil {
			return err
		}
	}
	rules := exec.Command("nft", "-f", "-")
	rules.Stdin = strings.NewReader(network.Rules)
	if output, err := rules.CombinedOutput(); err != nil {
		return fmt.Errorf("load the node's nftables rules: %w: %s", err, output)
	}
	return nil
}

// addAddress sets an interface up, with an address unless that is empty.
func addAddress(name, address string) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return fmt.Errorf("interface %s: %w", name, err)
	}
	if address != "" {
		parsed, err := netlink.ParseAddr(address)
		if err != nil {
			return err
		}
		if err := netlink.AddrAdd(link, parsed); err != nil {
			return fmt.Errorf("address %s on %s: %w", address, name, err)
		}
	}
	return netlink.LinkSetUp(link)
}

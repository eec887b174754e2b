package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/vishvananda/netlink"
)

// File descriptors that the node's first process is born with.
const (
	hostNetworkDescriptor = 3 // the host's network namespace, which the load balancer listens in
	goAheadDescriptor     = 4 // a byte arrives once the network is connected
	resultDescriptor      = 5 // empty when the node is up, else what went wrong
)

// start creates the node's namespaces and returns when its processes are being started. The node outlives the caller.
func start(path string) error {
	var node configuration
	if err := readJSON(path, &node); err != nil {
		return err
	}
	process, goAhead, result, err := spawn(path, node)
	if err != nil {
		return err
	}
	if err := connect(node, process.Pid); err != nil {
		return errors.Join(err, process.Kill())
	}
	if _, err := goAhead.Write([]byte{1}); err != nil {
		return errors.Join(err, process.Kill())
	}
	complaint, err := io.ReadAll(result)
	if err != nil {
		return errors.Join(err, process.Kill())
	}
	if len(complaint) > 0 {
		return errors.New(strings.TrimSpace(string(complaint)))
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]int{"pid": process.Pid})
}

func spawn(path string, node configuration) (process *os.Process, goAhead, result *os.File, err error) {
	hostNetwork, err := os.Open("/proc/self/ns/net")
	if err != nil {
		return nil, nil, nil, err
	}
	defer hostNetwork.Close()
	goAheadRead, goAheadWrite, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, err
	}
	defer goAheadRead.Close()
	resultRead, resultWrite, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, err
	}
	defer resultWrite.Close()
	log, err := os.OpenFile(node.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, nil, err
	}
	defer log.Close()

	command := exec.Command("/proc/self/exe", "node", path)
	command.Dir = "/"
	command.Stdout, command.Stderr = log, log
	command.ExtraFiles = []*os.File{hostNetwork, goAheadRead, resultWrite}
	command.SysProcAttr = &syscall.SysProcAttr{
		Setsid: true,
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET |
			syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
	}
	if err := command.Start(); err != nil {
		return nil, nil, nil, fmt.Errorf("create the node's namespaces: %w", err)
	}
	return command.Process, goAheadWrite, resultRead, nil
}

// connect does on the host what the node can't do from within: its cgroup and the host's end of the network.
func connect(node configuration, pid int) error {
	if err := joinCgroup(node.Cgroup, pid); err != nil {
		return err
	}
	if err := disconnect(node.Network.Interface); err != nil {
		return err
	}
	attributes := netlink.NewLinkAttrs()
	attributes.Name, attributes.MTU = node.Network.Interface, node.Network.MTU
	pair := &netlink.Veth{LinkAttrs: attributes, PeerName: nodeInterface, PeerNamespace: netlink.NsPid(pid)}
	if err := netlink.LinkAdd(pair); err != nil {
		return fmt.Errorf("create the interface %s: %w", node.Network.Interface, err)
	}
	return addAddress(node.Network.Interface, node.Network.HostAddress)
}

// disconnect removes a node's link. The kernel does so itself when the node's network ends, which can be minutes after its
// last process: a connection that was cut off keeps the network until the kernel gives up on its other side. It may also end
// between our look and our removal.
func disconnect(name string) error {
	link, err := netlink.LinkByName(name)
	if errors.As(err, &netlink.LinkNotFoundError{}) {
		return nil
	}
	if err != nil {
		return err
	}
	return removeLink(link)
}

func removeLink(link netlink.Link) error {
	if err := netlink.LinkDel(link); err != nil && !errors.Is(err, syscall.ENODEV) {
		return fmt.Errorf("remove the interface %s: %w", link.Attrs().Name, err)
	}
	return nil
}

// Command supervisor is the first process of an embedded cluster's node. It gives the node namespaces of its own
// (processes, mounts, network, host name), starts the parts of Kubernetes in them and keeps them running. When it ends,
// the kernel ends every process, mount and interface of the node with it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

const usage = `usage: supervisor start CONFIGURATION         start a node, print its process id on the host
       supervisor disconnect INTERFACE        remove the host's end of a node's network if it is still there
       supervisor certificates CONFIGURATION  make the certificates that are missing, wrong or about to expire`

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	commands := map[string]func(argument string) error{
		"start":        start,
		"node":         runNode,
		"disconnect":   disconnect,
		"certificates": certificates,
	}
	command, known := commands[os.Args[1]]
	if !known {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	if err := command(os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "supervisor:", err)
		os.Exit(1)
	}
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

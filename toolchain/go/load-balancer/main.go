// Command load-balancer gives Services of type LoadBalancer an address on the host's loopback interface. It runs in a
// node's network namespace, listens in the host's and passes connections on to the Services' cluster addresses.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "`file` with the way into the cluster")
	address := flag.String("address", "127.0.0.1", "IP `address` that Services get")
	namespace := flag.String("listen-namespace", "/proc/1/ns/net", "`file` of the network namespace to listen in")
	forwards := forwards{}
	flag.Var(&forwards, "forward", "`LISTEN=TARGET`: pass TCP connections to the address LISTEN on to the address TARGET (may be repeated)")
	flag.Parse()
	if err := run(*kubeconfig, *address, *namespace, forwards); err != nil {
		log.Fatal(err)
	}
}

func run(kubeconfig, address, namespacePath string, forwards forwards) error {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return err
	}
	namespace, err := os.Open(namespacePath)
	if err != nil {
		return err
	}
	listen := listeners{namespace: namespace}
	for _, forward := range forwards {
		if _, err := listen.tcp(forward.from, forward.to); err != nil {
			return fmt.Errorf("forward %s: %w", forward.from, err)
		}
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return newController(client, newPorts(ip, listen)).run(ctx)
}

type forward struct{ from, to netip.AddrPort }

type forwards []forward

func (f *forwards) String() string { return fmt.Sprint(*f) }

func (f *forwards) Set(text string) error {
	from, to, found := strings.Cut(text, "=")
	if !found {
		return errors.New("want LISTEN=TARGET")
	}
	listen, err := netip.ParseAddrPort(from)
	if err != nil {
		return err
	}
	target, err := netip.ParseAddrPort(to)
	if err != nil {
		return err
	}
	*f = append(*f, forward{listen, target})
	return nil
}

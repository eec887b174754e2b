// Command network-policies enforces the NetworkPolicies of a node that is a cluster of its own.
//
// As a process of the node it watches pods and policies and turns them into nftables rules. As a plugin of the container network, which it is
// where CNI_COMMAND is set, it holds a new pod back until the rules for its address are in place: no pod ever runs without them.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/knftables"
)

func main() {
	if os.Getenv("CNI_COMMAND") != "" {
		pluginMain()
		return
	}
	kubeconfig := flag.String("kubeconfig", "", "`file` with the way into the cluster")
	socket := flag.String("socket", "", "`file` of the socket on which new pods are announced")
	flag.Parse()
	if err := run(*kubeconfig, *socket); err != nil {
		log.Fatal(err)
	}
}

func run(kubeconfig, socket string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	nft, err := knftables.New(knftables.IPv4Family, table)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return newController(client, nft).run(ctx, socket)
}

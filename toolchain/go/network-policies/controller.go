package main

import (
	"context"
	"fmt"
	"log"
	"net/netip"
	"sort"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	networkinglisters "k8s.io/client-go/listers/networking/v1"
	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/knftables"
)

const (
	// gather is how long changes are collected: a roll-out makes several at once.
	gather = 10 * time.Millisecond
	// retry is the pause after rules that could not be set.
	retry = time.Second
)

// controller keeps the rules in step with pods, namespaces and policies.
type controller struct {
	client     kubernetes.Interface
	nft        knftables.Interface
	factory    informers.SharedInformerFactory
	pods       corelisters.PodLister
	namespaces corelisters.NamespaceLister
	policies   networkinglisters.NetworkPolicyLister
	changed    chan struct{}

	mu sync.Mutex
	// announced are addresses of pods whose status doesn't tell them yet.
	announced map[types.UID]netip.Addr
	// enforced are the addresses that the rules were made for.
	enforced map[types.UID]netip.Addr
	// renewed is closed when enforced is.
	renewed chan struct{}
}

func newController(client kubernetes.Interface, nft knftables.Interface) *controller {
	factory := informers.NewSharedInformerFactory(client, 0)
	return &controller{
		client:     client,
		nft:        nft,
		factory:    factory,
		pods:       factory.Core().V1().Pods().Lister(),
		namespaces: factory.Core().V1().Namespaces().Lister(),
		policies:   factory.Networking().V1().NetworkPolicies().Lister(),
		changed:    make(chan struct{}, 1),
		announced:  map[types.UID]netip.Addr{},
		renewed:    make(chan struct{}),
	}
}

func (c *controller) run(ctx context.Context, socket string) error {
	watched := []cache.SharedIndexInformer{
		c.factory.Core().V1().Pods().Informer(),
		c.factory.Core().V1().Namespaces().Informer(),
		c.factory.Networking().V1().NetworkPolicies().Informer(),
	}
	for _, informer := range watched {
		handler := cache.ResourceEventHandlerFuncs{
			AddFunc:    func(any) { c.touch() },
			UpdateFunc: func(any, any) { c.touch() },
			DeleteFunc: func(any) { c.touch() },
		}
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	listening := make(chan error, 1)
	go func() { listening <- listen(ctx, socket, c.announce) }()
	if err := c.allowed(ctx); err != nil {
		return err
	}
	c.factory.Start(ctx.Done())
	c.factory.WaitForCacheSync(ctx.Done())
	c.touch()
	before := ""
	for {
		select {
		case <-ctx.Done():
			return <-listening
		case err := <-listening:
			return err
		case <-c.changed:
		}
		time.Sleep(gather)
		now, err := c.enforce(ctx, before)
		if err != nil {
			log.Printf("the rules could not be set: %v", err)
			time.AfterFunc(retry, c.touch)
			continue
		}
		before = now
	}
}

// allowed waits until the API server lets this program read: on a new cluster its role comes a moment after the API server itself. The
// informers' own pauses between two tries would soon be longer than that.
func (c *controller) allowed(ctx context.Context) error {
	return wait.PollUntilContextCancel(ctx, retry/4, true, func(ctx context.Context) (bool, error) {
		_, err := c.client.NetworkingV1().NetworkPolicies("").List(ctx, metav1.ListOptions{Limit: 1})
		return err == nil, nil
	})
}

func (c *controller) touch() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

// enforce sets the rules where they differ from those of before, and returns them.
func (c *controller) enforce(ctx context.Context, before string) (string, error) {
	seen, addresses, err := c.look()
	if err != nil {
		return before, err
	}
	tx := c.nft.NewTransaction()
	seen.rules(tx)
	now := tx.String()
	if now != before {
		if err := c.nft.Run(ctx, tx); err != nil {
			return before, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.enforced = addresses
	close(c.renewed)
	c.renewed = make(chan struct{})
	return now, nil
}

// look takes the world as it is, in an order that is always the same.
func (c *controller) look() (world, map[types.UID]netip.Addr, error) {
	pods, err := c.pods.List(labels.Everything())
	if err != nil {
		return world{}, nil, err
	}
	namespaces, err := c.namespaces.List(labels.Everything())
	if err != nil {
		return world{}, nil, err
	}
	policies, err := c.policies.List(labels.Everything())
	if err != nil {
		return world{}, nil, err
	}
	seen := world{namespaces: map[string]labels.Set{}, policies: policies}
	for _, namespace := range namespaces {
		seen.namespaces[namespace.Name] = namespace.Labels
	}
	sort.Slice(policies, func(i, j int) bool { return fullName(policies[i]) < fullName(policies[j]) })
	addresses := map[types.UID]netip.Addr{}
	for _, one := range pods {
		if address := c.addressOf(one); address.IsValid() {
			addresses[one.UID] = address
			seen.pods = append(seen.pods, pod{one.Namespace, one.Labels, address, containerPorts(one)})
		}
	}
	sort.Slice(seen.pods, func(i, j int) bool { return seen.pods[i].address.Less(seen.pods[j].address) })
	c.forget(pods)
	return seen, addresses, nil
}

// addressOf is a pod's own address; none while it has none, once it has ended, or where it uses the node's.
func (c *controller) addressOf(one *corev1.Pod) netip.Addr {
	ended := one.Status.Phase == corev1.PodSucceeded || one.Status.Phase == corev1.PodFailed
	if one.Spec.HostNetwork || ended {
		return netip.Addr{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if address, ok := c.announced[one.UID]; ok {
		return address
	}
	address, _ := netip.ParseAddr(one.Status.PodIP)
	return address
}

// forget drops the addresses of pods that are gone.
func (c *controller) forget(pods []*corev1.Pod) {
	left := map[types.UID]bool{}
	for _, one := range pods {
		left[one.UID] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for uid := range c.announced {
		// A pod that was announced before it was seen has no rules yet.
		if _, known := c.enforced[uid]; known && !left[uid] {
			delete(c.announced, uid)
		}
	}
}

// announce takes a new pod's address, and returns once the rules for it are in place.
func (c *controller) announce(ctx context.Context, new announcement) error {
	c.mu.Lock()
	c.announced[new.UID] = new.Address
	c.mu.Unlock()
	for {
		c.mu.Lock()
		enforced, renewed := c.enforced[new.UID] == new.Address, c.renewed
		c.mu.Unlock()
		if enforced {
			return nil
		}
		c.touch()
		select {
		case <-renewed:
		case <-ctx.Done():
			c.mu.Lock()
			delete(c.announced, new.UID)
			c.mu.Unlock()
			return fmt.Errorf("pod %s is not known here", new.UID)
		}
	}
}

func fullName(policy *networkingv1.NetworkPolicy) string { return policy.Namespace + "/" + policy.Name }

func containerPorts(one *corev1.Pod) []corev1.ContainerPort {
	var ports []corev1.ContainerPort
	for _, container := range append(append([]corev1.Container{}, one.Spec.InitContainers...), one.Spec.Containers...) {
		ports = append(ports, container.Ports...)
	}
	return ports
}

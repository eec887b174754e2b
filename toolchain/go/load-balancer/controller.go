package main

import (
	"context"
	"errors"
	"log"
	"net/netip"
	"time"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcore "k8s.io/client-go/kubernetes/typed/core/v1"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/workqueue"
)

const (
	componentName = "petrichor-load-balancer"
	// portsAvailable is the condition of a Service that tells whether it got its ports.
	portsAvailable = "petrichor.dev/PortsAvailable"
	// conflictRetry is how soon a taken port is tried again.
	conflictRetry = 5 * time.Second
)

type controller struct {
	client   kubernetes.Interface
	factory  informers.SharedInformerFactory
	services listers.ServiceLister
	queue    workqueue.TypedRateLimitingInterface[cache.ObjectName]
	events   record.EventBroadcaster
	recorder record.EventRecorder
	ports    *ports
}

func newController(client kubernetes.Interface, ports *ports) *controller {
	factory := informers.NewSharedInformerFactory(client, 0)
	events := record.NewBroadcaster()
	c := &controller{
		client:   client,
		factory:  factory,
		services: factory.Core().V1().Services().Lister(),
		queue:    workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[cache.ObjectName]()),
		events:   events,
		recorder: events.NewRecorder(scheme.Scheme, core.EventSource{Component: componentName}),
		ports:    ports,
	}
	_, _ = factory.Core().V1().Services().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    c.enqueue,
		UpdateFunc: func(_, service any) { c.enqueue(service) },
		DeleteFunc: c.enqueue,
	})
	return c
}

func (c *controller) enqueue(object any) {
	if name, err := cache.DeletionHandlingObjectToName(object); err == nil {
		c.queue.Add(name)
	}
}

func (c *controller) run(ctx context.Context) error {
	c.events.StartRecordingToSink(&typedcore.EventSinkImpl{Interface: c.client.CoreV1().Events("")})
	defer c.events.Shutdown()
	c.factory.Start(ctx.Done())
	c.factory.WaitForCacheSync(ctx.Done())
	go func() {
		<-ctx.Done()
		c.queue.ShutDown()
	}()
	for c.next(ctx) {
	}
	return nil
}

func (c *controller) next(ctx context.Context) bool {
	name, shutdown := c.queue.Get()
	if shutdown {
		return false
	}
	defer c.queue.Done(name)
	var taken *conflict
	switch err := c.reconcile(ctx, name); {
	case err == nil:
		c.queue.Forget(name)
	case errors.As(err, &taken):
		c.queue.Forget(name)
		c.queue.AddAfter(name, conflictRetry)
	default:
		log.Printf("Service %s: %v", name, err)
		c.queue.AddRateLimited(name)
	}
	return true
}

func (c *controller) reconcile(ctx context.Context, name cache.ObjectName) error {
	service, err := c.services.Services(name.Namespace).Get(name.Name)
	if apierrors.IsNotFound(err) {
		return c.release(name)
	}
	if err != nil {
		return err
	}
	if !wantsLoopback(service) {
		return c.release(name)
	}
	address, obstacle := c.ports.assign(name.String(), wantedPorts(service), addressOf(service))
	if err := c.writeStatus(ctx, service, address, obstacle); err != nil {
		return err
	}
	return obstacle
}

func (c *controller) release(name cache.ObjectName) error {
	_, err := c.ports.assign(name.String(), nil, netip.Addr{})
	return err
}

// addressOf is the address that a Service was given, the zero one where it has none: it keeps it when this program starts again.
func addressOf(service *core.Service) netip.Addr {
	for _, ingress := range service.Status.LoadBalancer.Ingress {
		if address, err := netip.ParseAddr(ingress.IP); err == nil {
			return address
		}
	}
	return netip.Addr{}
}

func (c *controller) writeStatus(ctx context.Context, service *core.Service, address netip.Addr, obstacle error) error {
	updated := service.DeepCopy()
	updated.Status.LoadBalancer = core.LoadBalancerStatus{}
	condition := metav1.Condition{Type: portsAvailable, Status: metav1.ConditionTrue, Reason: "Listening", ObservedGeneration: service.Generation}
	if obstacle == nil {
		// Mode Proxy: pods that use the address must not be led past it, to them it is their own loopback.
		mode := core.LoadBalancerIPModeProxy
		updated.Status.LoadBalancer.Ingress = []core.LoadBalancerIngress{{IP: address.String(), IPMode: &mode}}
	} else {
		condition.Status, condition.Reason, condition.Message = metav1.ConditionFalse, "PortUnavailable", obstacle.Error()
	}
	meta.SetStatusCondition(&updated.Status.Conditions, condition)
	if equality.Semantic.DeepEqual(service.Status, updated.Status) {
		return nil
	}
	if obstacle != nil {
		c.recorder.Event(service, core.EventTypeWarning, condition.Reason, obstacle.Error())
	}
	_, err := c.client.CoreV1().Services(service.Namespace).UpdateStatus(ctx, updated, metav1.UpdateOptions{FieldManager: componentName})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// wantsLoopback leaves Services alone that name another class of load balancer.
func wantsLoopback(service *core.Service) bool {
	return service.Spec.Type == core.ServiceTypeLoadBalancer &&
		service.Spec.LoadBalancerClass == nil &&
		service.DeletionTimestamp == nil
}

func wantedPorts(service *core.Service) map[port]netip.AddrPort {
	target, err := netip.ParseAddr(service.Spec.ClusterIP)
	if err != nil {
		return nil
	}
	wanted := make(map[port]netip.AddrPort, len(service.Spec.Ports))
	for _, each := range service.Spec.Ports {
		number := uint16(each.Port)
		wanted[port{each.Protocol, number}] = netip.AddrPortFrom(target, number)
	}
	return wanted
}

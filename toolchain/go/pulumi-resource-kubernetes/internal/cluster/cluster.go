package cluster

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

const (
	// maxInFlight bounds the requests under way at once, watches aside. An API server takes 400 of them in all by
	// default (--max-requests-inflight).
	maxInFlight = 64
	// probeTimeout is how long the first answer may take before a cluster counts as unreachable. A dead address of
	// a load balancer swallows packets without a refusal.
	probeTimeout = 10 * time.Second
	// minRediscovery keeps resources that wait for a kind to appear from asking for the whole of discovery each.
	minRediscovery = 500 * time.Millisecond
)

// Cluster is a connection to an API server. Discovery is fetched once and shared; so are watches.
type Cluster struct {
	Namespace string
	Watches   *Watches

	config     *rest.Config
	dynamic    dynamic.Interface
	pods       corev1client.PodsGetter
	discovery  discovery.CachedDiscoveryInterface
	mapper     *restmapper.DeferredDiscoveryRESTMapper
	mapperLock sync.Mutex
	mapped     time.Time

	definitions *definitions

	probe       sync.Once
	unreachable error
}

// Connect prepares a connection; nothing is sent yet. It fails where the kubeconfig can't be used.
func Connect(settings Settings) (*Cluster, error) {
	config, namespace, err := settings.load()
	if err != nil {
		return nil, err
	}
	limit := make(chan struct{}, maxInFlight)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return &limiter{next: next, slots: limit} })
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("client for %s: %w", config.Host, err)
	}
	dynamicClient, err := dynamic.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("client for %s: %w", config.Host, err)
	}
	core, err := corev1client.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("client for %s: %w", config.Host, err)
	}
	discoveryClient, err := discovery.NewDiscoveryClientForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("client for %s: %w", config.Host, err)
	}
	cached := memory.NewMemCacheClient(discoveryClient)
	return &Cluster{
		Namespace: namespace,
		Watches:   newWatches(dynamicClient),
		config:    config,
		dynamic:   dynamicClient,
		pods:      core,
		discovery: cached,
		mapper:    restmapper.NewDeferredDiscoveryRESTMapper(cached),

		definitions: newDefinitions(),
	}, nil
}

// Reachable asks the API server once whether it is there, and remembers the answer for the life of the plugin: one
// dead cluster is reported once, not per resource and time-out.
func (c *Cluster) Reachable(ctx context.Context) error {
	c.probe.Do(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
		defer cancel()
		c.unreachable = retryFor(ctx, probeTimeout/5, func() error {
			return c.discovery.RESTClient().Get().AbsPath("/version").Do(ctx).Error()
		})
	})
	if c.unreachable != nil {
		return &UnreachableError{Host: c.config.Host, Err: c.unreachable}
	}
	return nil
}

// Mapping finds the resource that serves a kind. It fails with a meta.NoKindMatchError if there is none (yet).
func (c *Cluster) Mapping(gvk schema.GroupVersionKind) (*meta.RESTMapping, error) {
	if served, _ := c.definitions.find(gvk); served != nil {
		return served, nil
	}
	mapping, err := c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if meta.IsNoMatchError(err) && c.rediscover(false) {
		return c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	}
	return mapping, err
}

// Rediscover forgets which kinds are served, after a change to them that is known of.
func (c *Cluster) Rediscover() { c.rediscover(true) }

func (c *Cluster) rediscover(force bool) bool {
	c.mapperLock.Lock()
	defer c.mapperLock.Unlock()
	if !force && time.Since(c.mapped) < minRediscovery {
		return false
	}
	c.mapped = time.Now()
	c.mapper.Reset()
	return true
}

// Serves reports whether the API server serves a kind right now.
func (c *Cluster) Serves(gvk schema.GroupVersionKind) bool {
	_, err := c.Mapping(gvk)
	return err == nil
}

// IsNamespaced reports whether objects of a kind live in a namespace; for a kind that isn't served yet it guesses.
func (c *Cluster) IsNamespaced(gvk schema.GroupVersionKind) bool {
	if objects.IsBuiltIn(gvk.GroupVersion()) {
		return objects.GuessNamespaced(gvk)
	}
	if _, declared := c.definitions.find(gvk); declared != nil {
		return declared.Scope.Name() == meta.RESTScopeNameNamespace
	}
	mapping, err := c.Mapping(gvk)
	if err != nil {
		return objects.GuessNamespaced(gvk)
	}
	return mapping.Scope.Name() == meta.RESTScopeNameNamespace
}

// resource is the client for the kind and namespace of an object. Objects of namespaced kinds without a namespace
// belong to the default one, as kubectl has it.
func (c *Cluster) resource(obj *unstructured.Unstructured) (dynamic.ResourceInterface, *meta.RESTMapping, error) {
	mapping, err := c.Mapping(objects.GroupVersionKind(obj))
	if err != nil {
		return nil, nil, err
	}
	client := c.dynamic.Resource(mapping.Resource)
	if mapping.Scope.Name() != meta.RESTScopeNameNamespace {
		return client, mapping, nil
	}
	return client.Namespace(c.namespaceOf(obj)), mapping, nil
}

func (c *Cluster) namespaceOf(obj *unstructured.Unstructured) string {
	if namespace := obj.GetNamespace(); namespace != "" {
		return namespace
	}
	if c.Namespace != "" {
		return c.Namespace
	}
	return "default"
}

// Close ends all watches.
func (c *Cluster) Close() { c.Watches.close() }

// limiter holds requests back while too many are under way. A watch lives long and costs no worker of the server, so
// it takes no slot.
type limiter struct {
	next  http.RoundTripper
	slots chan struct{}
}

func (l *limiter) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Query().Get("watch") != "" {
		return l.next.RoundTrip(request)
	}
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
		return l.next.RoundTrip(request)
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
}

package cluster

import (
	"context"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/tools/cache"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// linger is how long a watch outlives its last reader: the next resource of that kind is usually not far.
const linger = 5 * time.Second

// Watches shares one watch per resource and namespace among all operations that wait for something there. The caches
// hold neither values of data nor managed fields, so that a namespace full of large objects stays cheap.
type Watches struct {
	client dynamic.Interface

	mu     sync.Mutex
	shared map[watchKey]*sharedWatch
}

type watchKey struct {
	resource  schema.GroupVersionResource
	namespace string
}

type sharedWatch struct {
	informer cache.SharedIndexInformer
	stop     context.CancelFunc
	readers  int
	idle     *time.Timer
}

func newWatches(client dynamic.Interface) *Watches {
	return &Watches{client: client, shared: map[watchKey]*sharedWatch{}}
}

// View is one reader of a shared watch.
type View struct {
	// Changed gets a signal after objects changed; several changes may come as one signal.
	Changed <-chan struct{}

	informer     cache.SharedIndexInformer
	registration cache.ResourceEventHandlerRegistration
	release      func()
}

// Watch starts reading the objects of a kind in the namespace of obj ("" for cluster-scoped kinds) and returns once
// the first list is complete.
func (c *Cluster) Watch(ctx context.Context, obj *unstructured.Unstructured) (*View, error) {
	mapping, err := c.Mapping(objects.GroupVersionKind(obj))
	if err != nil {
		return nil, err
	}
	namespace := ""
	if mapping.Scope.Name() == "namespace" {
		namespace = c.namespaceOf(obj)
	}
	return c.Watches.read(ctx, watchKey{resource: mapping.Resource, namespace: namespace})
}

func (w *Watches) read(ctx context.Context, key watchKey) (*View, error) {
	shared := w.acquire(key)
	release := sync.OnceFunc(func() { w.release(key, shared) })
	changed := make(chan struct{}, 1)
	signal := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	registration, err := shared.informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: func(any) { signal() }, UpdateFunc: func(any, any) { signal() }, DeleteFunc: func(any) { signal() },
	})
	if err != nil {
		release()
		return nil, fmt.Errorf("watch %s: %w", key.resource.Resource, err)
	}
	view := &View{Changed: changed, informer: shared.informer, registration: registration, release: release}
	if !cache.WaitForCacheSync(ctx.Done(), shared.informer.HasSynced) {
		view.Close()
		return nil, fmt.Errorf("watch %s: %w", key.resource.Resource, ctx.Err())
	}
	return view, nil
}

func (w *Watches) acquire(key watchKey) *sharedWatch {
	w.mu.Lock()
	defer w.mu.Unlock()
	shared, ok := w.shared[key]
	if !ok {
		shared = w.start(key)
		w.shared[key] = shared
	}
	if shared.idle != nil {
		shared.idle.Stop()
		shared.idle = nil
	}
	shared.readers++
	return shared
}

func (w *Watches) start(key watchKey) *sharedWatch {
	informer := dynamicinformer.NewFilteredDynamicInformer(
		w.client, key.resource, key.namespace, 0,
		cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc}, nil).Informer()
	// The informer is not running yet, so setting the transform can't fail.
	_ = informer.SetTransform(slim)
	ctx, stop := context.WithCancel(context.Background())
	go informer.RunWithContext(ctx)
	return &sharedWatch{informer: informer, stop: stop}
}

func (w *Watches) release(key watchKey, shared *sharedWatch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	shared.readers--
	if shared.readers > 0 {
		return
	}
	shared.idle = time.AfterFunc(linger, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if shared.readers == 0 && w.shared[key] == shared {
			delete(w.shared, key)
			shared.stop()
		}
	})
}

func (w *Watches) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, shared := range w.shared {
		shared.stop()
		delete(w.shared, key)
	}
}

// Get returns the cached object, slimmed; false if there is none.
func (v *View) Get(namespace, name string) (*unstructured.Unstructured, bool) {
	key := name
	if namespace != "" {
		key = namespace + "/" + name
	}
	item, ok, err := v.informer.GetStore().GetByKey(key)
	if err != nil || !ok {
		return nil, false
	}
	obj, ok := item.(*unstructured.Unstructured)
	return obj, ok
}

// List returns the cached objects that match, slimmed.
func (v *View) List(match func(*unstructured.Unstructured) bool) []*unstructured.Unstructured {
	var matching []*unstructured.Unstructured
	for _, item := range v.informer.GetStore().List() {
		if obj, ok := item.(*unstructured.Unstructured); ok && match(obj) {
			matching = append(matching, obj)
		}
	}
	return matching
}

// Close ends this reader.
func (v *View) Close() {
	_ = v.informer.RemoveEventHandler(v.registration)
	v.release()
}

// slim drops what waiting never looks at and what may be large; of data only the keys stay.
func slim(item any) (any, error) {
	obj, ok := item.(*unstructured.Unstructured)
	if !ok {
		return item, nil
	}
	for _, field := range []string{"data", "binaryData"} {
		if values, ok := obj.Object[field].(map[string]any); ok {
			for key := range values {
				values[key] = ""
			}
		}
	}
	obj.SetManagedFields(nil)
	unstructured.RemoveNestedField(obj.Object, "metadata", "annotations", objects.AnnotationLastApplied)
	return obj, nil
}

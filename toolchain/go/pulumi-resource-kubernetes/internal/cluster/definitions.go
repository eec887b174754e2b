package cluster

import (
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// definitions remembers what the CustomResourceDefinitions of this program say of their kinds. Discovery learns of a
// new definition seconds after its kind is served, and in a preview not at all.
type definitions struct {
	mu sync.RWMutex
	// declared are those of the program, whether they exist yet or not.
	declared map[schema.GroupVersionKind]*meta.RESTMapping
	// served are those that were established by this plugin.
	served map[schema.GroupVersionKind]*meta.RESTMapping
}

func newDefinitions() *definitions {
	return &definitions{
		declared: map[schema.GroupVersionKind]*meta.RESTMapping{},
		served:   map[schema.GroupVersionKind]*meta.RESTMapping{},
	}
}

// Declare notes a definition that the program has, so that objects of its kinds are known to be namespaced or not.
func (c *Cluster) Declare(crd *unstructured.Unstructured) {
	c.definitions.add(c.definitions.declared, crd)
}

// Established notes that the API server serves the kinds of a definition from now on.
func (c *Cluster) Established(crd *unstructured.Unstructured) {
	c.definitions.add(c.definitions.served, crd)
	c.Rediscover()
}

// withdrawn notes that a definition is being deleted.
func (c *Cluster) withdrawn(crd *unstructured.Unstructured) {
	c.definitions.mu.Lock()
	for gvk := range mappingsOf(crd) {
		delete(c.definitions.served, gvk)
	}
	c.definitions.mu.Unlock()
	c.Rediscover()
}

func (d *definitions) add(into map[schema.GroupVersionKind]*meta.RESTMapping, crd *unstructured.Unstructured) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for gvk, mapping := range mappingsOf(crd) {
		into[gvk] = mapping
	}
}

func (d *definitions) find(gvk schema.GroupVersionKind) (served, declared *meta.RESTMapping) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.served[gvk], d.declared[gvk]
}

func mappingsOf(crd *unstructured.Unstructured) map[schema.GroupVersionKind]*meta.RESTMapping {
	text := func(path ...string) string {
		value, _, _ := unstructured.NestedString(crd.Object, path...)
		return value
	}
	group, plural, kind := text("spec", "group"), text("spec", "names", "plural"), text("spec", "names", "kind")
	if group == "" || plural == "" || kind == "" {
		return nil
	}
	scope := meta.RESTScopeRoot
	if text("spec", "scope") == "Namespaced" {
		scope = meta.RESTScopeNamespace
	}
	mappings := map[schema.GroupVersionKind]*meta.RESTMapping{}
	versions, _, _ := unstructured.NestedSlice(crd.Object, "spec", "versions")
	for _, item := range versions {
		version, _ := item.(map[string]any)
		name, _ := version["name"].(string)
		if served, _ := version["served"].(bool); name == "" || !served {
			continue
		}
		gv := schema.GroupVersion{Group: group, Version: name}
		mappings[gv.WithKind(kind)] = &meta.RESTMapping{
			Resource: gv.WithResource(plural), GroupVersionKind: gv.WithKind(kind), Scope: scope,
		}
	}
	return mappings
}

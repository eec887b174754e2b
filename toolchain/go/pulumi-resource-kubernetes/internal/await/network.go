package await

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const labelServiceName = "kubernetes.io/service-name"

var (
	serviceKind       = schema.GroupVersionKind{Version: "v1", Kind: "Service"}
	endpointSliceKind = schema.GroupVersionKind{Group: "discovery.k8s.io", Version: "v1", Kind: "EndpointSlice"}
)

// service is ready when some ready pod answers behind it and, for a load balancer, an address is given. Headless
// services, external names, and services without a selector have no pods to wait for.
func service(obj *unstructured.Unstructured, look *look) Verdict {
	if hasEndpoints(obj) && !anyReadyEndpoint(look, obj.GetName()) {
		return Verdict{Message: "service does not target any ready pods: selected pods may not be ready, or " +
			".spec.selector matches no pod's labels"}
	}
	if textAt(obj, "spec", "type") == "LoadBalancer" && !hasAddress(obj) {
		return Verdict{Message: "service was not given an address yet: is there a load balancer controller?"}
	}
	return Verdict{Ready: true}
}

func hasEndpoints(service *unstructured.Unstructured) bool {
	selector, _, _ := unstructured.NestedMap(service.Object, "spec", "selector")
	return len(selector) > 0 && textAt(service, "spec", "clusterIP") != "None" &&
		textAt(service, "spec", "type") != "ExternalName"
}

func hasAddress(obj *unstructured.Unstructured) bool {
	addresses, _, _ := unstructured.NestedSlice(obj.Object, "status", "loadBalancer", "ingress")
	return len(addresses) > 0
}

func anyReadyEndpoint(look *look, service string) bool {
	slices := look.List(endpointSliceKind, func(slice *unstructured.Unstructured) bool {
		return slice.GetLabels()[labelServiceName] == service
	})
	for _, slice := range slices {
		endpoints, _, _ := unstructured.NestedSlice(slice.Object, "endpoints")
		for _, item := range endpoints {
			endpoint, _ := item.(map[string]any)
			ready, known, _ := unstructured.NestedBool(endpoint, "conditions", "ready")
			// The API takes a condition that isn't said for true.
			if ready || !known {
				return true
			}
		}
	}
	return false
}

// ingress is ready when every service that it names has a ready pod and it was given an address.
func ingress(obj *unstructured.Unstructured, look *look) Verdict {
	for _, name := range backends(obj) {
		found := look.List(serviceKind, func(service *unstructured.Unstructured) bool { return service.GetName() == name })
		if len(found) > 0 && !hasEndpoints(found[0]) {
			continue
		}
		if !anyReadyEndpoint(look, name) {
			return Verdict{Message: fmt.Sprintf("no ready pod behind service %q, which the ingress routes to", name)}
		}
	}
	if !hasAddress(obj) {
		return Verdict{Message: "ingress was not given an address yet: is there an ingress controller?"}
	}
	return Verdict{Ready: true}
}

func backends(ingress *unstructured.Unstructured) []string {
	var names []string
	rules, _, _ := unstructured.NestedSlice(ingress.Object, "spec", "rules")
	for _, item := range rules {
		rule, _ := item.(map[string]any)
		paths, _, _ := unstructured.NestedSlice(rule, "http", "paths")
		for _, item := range paths {
			path, _ := item.(map[string]any)
			if name, found, _ := unstructured.NestedString(path, "backend", "service", "name"); found {
				names = append(names, name)
			}
		}
	}
	return names
}

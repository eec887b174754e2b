package diff_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/diff"
	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	fields := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatal(err)
	}
	return objects.FromProperties(resource.NewPropertyMapFromMap(fields))
}

// Expected changes are written `path`, those that replace `path!`.
func TestCompare(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		mutable  diff.Mutability
		ignored  []string
		want     []string
	}{
		"nothing": {old: "{kind: Pod, spec: {a: 1}}", new: "{kind: Pod, spec: {a: 1}}"},
		"a Deployment's image": {
			old:  "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{image: a}]}}}}",
			new:  "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{image: b}]}}}}",
			want: []string{"spec.template.spec.containers[0].image"},
		},
		"a Pod's image": {
			old:  "{apiVersion: v1, kind: Pod, spec: {containers: [{image: a}]}}",
			new:  "{apiVersion: v1, kind: Pod, spec: {containers: [{image: b}]}}",
			want: []string{"spec.containers[0].image!"},
		},
		"below an immutable field": {
			old:  "{apiVersion: apps/v1, kind: Deployment, spec: {selector: {matchLabels: {a: b}}}}",
			new:  "{apiVersion: apps/v1, kind: Deployment, spec: {selector: {matchLabels: {a: c}}}}",
			want: []string{"spec.selector.matchLabels.a!"},
		},
		"above an immutable field that is set": {
			old:  "{apiVersion: v1, kind: Service}",
			new:  "{apiVersion: v1, kind: Service, spec: {clusterIP: None}}",
			want: []string{"spec!"},
		},
		"above an immutable field that is not": {
			old:  "{apiVersion: v1, kind: Service}",
			new:  "{apiVersion: v1, kind: Service, spec: {ports: [{port: 80}]}}",
			want: []string{"spec"},
		},
		"name and namespace": {
			old:  "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: a}}",
			new:  "{apiVersion: v1, kind: Service, metadata: {name: b, namespace: b}}",
			want: []string{"metadata.name!", "metadata.namespace!"},
		},
		"a ConfigMap's data": {
			old:  "{apiVersion: v1, kind: ConfigMap, data: {a: b}}",
			new:  "{apiVersion: v1, kind: ConfigMap, data: {a: c}}",
			want: []string{"data.a!"},
		},
		"a mutable ConfigMap's data": {
			old:     "{apiVersion: v1, kind: ConfigMap, data: {a: b}}",
			new:     "{apiVersion: v1, kind: ConfigMap, data: {a: c}}",
			mutable: diff.Mutability{ConfigMaps: true},
			want:    []string{"data.a"},
		},
		"an immutable ConfigMap's data where the others are mutable": {
			old:     "{apiVersion: v1, kind: ConfigMap, immutable: true, data: {a: b}}",
			new:     "{apiVersion: v1, kind: ConfigMap, immutable: true, data: {a: c}}",
			mutable: diff.Mutability{ConfigMaps: true},
			want:    []string{"data.a!"},
		},
		"a Secret's type": {
			old:     "{apiVersion: v1, kind: Secret, type: Opaque}",
			new:     "{apiVersion: v1, kind: Secret, type: kubernetes.io/tls}",
			mutable: diff.Mutability{Secrets: true},
			want:    []string{"type!"},
		},
		"what is ignored, and what is below it": {
			old:     "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 1, template: {a: 1, b: 1}}}",
			new:     "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 2, template: {a: 2, b: 2}}}",
			ignored: []string{"spec.replicas", "spec.template"},
		},
		"a removed field": {
			old:  "{apiVersion: v1, kind: Service, metadata: {labels: {a: b}}}",
			new:  "{apiVersion: v1, kind: Service, metadata: {labels: {}}}",
			want: []string{"metadata.labels.a"},
		},
		"a key with dots": {
			old:  "{apiVersion: v1, kind: Service, metadata: {labels: {app.kubernetes.io/name: b}}}",
			new:  "{apiVersion: v1, kind: Service, metadata: {labels: {app.kubernetes.io/name: c}}}",
			want: []string{`metadata.labels["app.kubernetes.io/name"]`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			new := object(t, c.new)
			changes, err := diff.Compare(object(t, c.old), new, diff.ReplacingPaths(new, false, c.mutable), c.ignored)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]string, 0, len(changes))
			for _, path := range slices.Sorted(maps.Keys(changes)) {
				if changes[path].Replace {
					path += "!"
				}
				got = append(got, path)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAPatchReplacesOnlyForItsTarget(t *testing.T) {
	pod := object(t, "{apiVersion: v1, kind: Pod}")
	if got := diff.ReplacingPaths(pod, true, diff.Mutability{}); !slices.Equal(got, []string{"metadata.name", "metadata.namespace"}) {
		t.Errorf("got %q", got)
	}
}

func TestAnIgnoredPathThatIsNoneIsAnError(t *testing.T) {
	if _, err := diff.Compare(object(t, "{a: 1}"), object(t, "{a: 2}"), nil, []string{"a["}); err == nil {
		t.Error("no error")
	}
}

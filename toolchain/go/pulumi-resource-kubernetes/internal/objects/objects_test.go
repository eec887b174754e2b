package objects_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	obj := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &obj.Object); err != nil {
		t.Fatal(err)
	}
	// As the API client decodes it: whole numbers are int64.
	return objects.FromProperties(resource.NewPropertyMapFromMap(obj.Object))
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}

func urn(typ, name string) resource.URN {
	return resource.URN("urn:pulumi:dev::test::" + typ + "::" + name)
}

func TestKindOf(t *testing.T) {
	for typ, want := range map[string]schema.GroupVersionKind{
		"kubernetes:apps/v1:Deployment":   {Group: "apps", Version: "v1", Kind: "Deployment"},
		"kubernetes:core/v1:ConfigMap":    {Version: "v1", Kind: "ConfigMap"},
		"kubernetes:v1:ConfigMap":         {Version: "v1", Kind: "ConfigMap"},
		"kubernetes:example.com/v1:Thing": {Group: "example.com", Version: "v1", Kind: "Thing"},
	} {
		got, err := objects.KindOf(urn(typ, "x"))
		if err != nil {
			t.Errorf("%s: %v", typ, err)
		}
		equal(t, got, want)
	}
	if _, err := objects.KindOf(urn("aws:s3/bucket:Bucket", "x")); err == nil {
		t.Error("a type of another package was taken")
	}
}

func TestPatchAndListKinds(t *testing.T) {
	for _, c := range []struct {
		typ, kind   string
		patch, list bool
	}{
		{"kubernetes:apps/v1:DeploymentPatch", "Deployment", true, false},
		{"kubernetes:apps/v1:Deployment", "Deployment", false, false},
		{"kubernetes:example.com/v1:HotPatch", "HotPatch", false, false},
		{"kubernetes:core/v1:ConfigMapList", "ConfigMapList", false, true},
		{"kubernetes:core/v1:List", "List", false, true},
		{"kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinitionList", "", false, true},
		{"kubernetes:example.com/v1:AccessList", "AccessList", false, false},
	} {
		equal(t, objects.IsPatch(urn(c.typ, "x"), c.kind), c.patch)
		equal(t, objects.IsList(urn(c.typ, "x")), c.list)
	}
}

func TestGuessNamespaced(t *testing.T) {
	for kind, want := range map[schema.GroupVersionKind]bool{
		{Version: "v1", Kind: "Pod"}:                                             true,
		{Version: "v1", Kind: "Namespace"}:                                       false,
		{Version: "v1", Kind: "NamespacePatch"}:                                  false,
		{Group: "rbac.authorization.k8s.io", Version: "v1", Kind: "ClusterRole"}: false,
		{Group: "example.com", Version: "v1", Kind: "Namespace"}:                 true,
	} {
		equal(t, objects.GuessNamespaced(kind), want)
	}
}

func TestNames(t *testing.T) {
	unnamed := func() *unstructured.Unstructured { return object(t, "{apiVersion: v1, kind: ConfigMap}") }
	seed := []byte("seed")

	first, second := unnamed(), unnamed()
	for _, obj := range []*unstructured.Unstructured{first, second} {
		if err := objects.AssignName(obj, urn("kubernetes:core/v1:ConfigMap", "web"), seed, nil); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasPrefix(first.GetName(), "web-") || len(first.GetName()) != len("web-")+8 {
		t.Errorf("name %q", first.GetName())
	}
	equal(t, first.GetName(), second.GetName())
	equal(t, objects.IsAutonamed(first), true)

	later := unnamed()
	objects.AdoptName(later, first)
	equal(t, later.GetName(), first.GetName())
	equal(t, objects.IsAutonamed(later), true)

	given := object(t, "{metadata: {name: mine}}")
	objects.AdoptName(given, first)
	if err := objects.AssignName(given, urn("kubernetes:core/v1:ConfigMap", "web"), seed, nil); err != nil {
		t.Fatal(err)
	}
	equal(t, given.GetName(), "mine")
	equal(t, objects.IsAutonamed(given), false)

	unknown := &unstructured.Unstructured{Object: map[string]any{
		"metadata": map[string]any{"name": resource.Computed{Element: resource.NewStringProperty("")}},
	}}
	equal(t, objects.HasName(unknown), true)
	equal(t, objects.HasUnknowns(unknown), true)

	disabled := &pulumirpc.CheckRequest_AutonamingOptions{Mode: pulumirpc.CheckRequest_AutonamingOptions_DISABLE}
	if err := objects.AssignName(unnamed(), urn("kubernetes:core/v1:ConfigMap", "web"), seed, disabled); err == nil {
		t.Error("autonaming is disabled, and a name was made")
	}
	enforced := &pulumirpc.CheckRequest_AutonamingOptions{
		Mode: pulumirpc.CheckRequest_AutonamingOptions_ENFORCE, ProposedName: "proposed",
	}
	obj := unnamed()
	if err := objects.AssignName(obj, urn("kubernetes:core/v1:ConfigMap", "web"), seed, enforced); err != nil {
		t.Fatal(err)
	}
	equal(t, obj.GetName(), "proposed")
}

func TestPruneIsSilentAboutWhatOthersFilledIn(t *testing.T) {
	live := object(t, `
metadata: {name: web, uid: u, annotations: {theirs: x, ours: y}}
spec:
  replicas: 3
  strategy: {type: RollingUpdate}
  template:
    spec:
      containers:
      - {name: web, image: "nginx", terminationMessagePath: /dev/termination-log}
      - {name: sidecar, image: injected}
status: {replicas: 3}
`)
	shape := object(t, `
metadata: {name: web, annotations: {ours: z}}
spec: {replicas: 2, template: {spec: {containers: [{name: web, image: nginx}]}}}
`)
	want := object(t, `
metadata: {name: web, annotations: {ours: y}}
spec: {replicas: 3, template: {spec: {containers: [{name: web, image: nginx}]}}}
`)
	equal(t, objects.Prune(live, shape).Object, want.Object)
}

func TestNormalize(t *testing.T) {
	for name, c := range map[string]struct{ given, want string }{
		"quantities": {
			"{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, resources: {limits: {cpu: 1000m, memory: 1024Mi}}}]}}",
			"{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, resources: {limits: {cpu: '1', memory: 1Gi}}}]}}",
		},
		"stringData becomes data and wins": {
			"{apiVersion: v1, kind: Secret, data: {a: b2xk, b: a2VlcA==}, stringData: {a: new}}",
			"{apiVersion: v1, kind: Secret, data: {a: bmV3, b: a2VlcA==}}",
		},
		"fields of the server": {
			"{apiVersion: example.com/v1, kind: Thing, metadata: {name: a, uid: u, resourceVersion: '1', managedFields: []}}",
			"{apiVersion: example.com/v1, kind: Thing, metadata: {name: a}}",
		},
		"what a custom resource says stays as it says it": {
			"{apiVersion: example.com/v1, kind: Thing, spec: {cpu: 1000m}}",
			"{apiVersion: example.com/v1, kind: Thing, spec: {cpu: 1000m}}",
		},
		"what has the wrong type is left for the server to refuse": {
			"{apiVersion: apps/v1, kind: Deployment, spec: {replicas: many}}",
			"{apiVersion: apps/v1, kind: Deployment, spec: {replicas: many}}",
		},
		"a definition without what the server drops": {
			"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {group: g, preserveUnknownFields: false}, status: {}}",
			"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {group: g}}",
		},
	} {
		t.Run(name, func(t *testing.T) {
			equal(t, objects.Normalize(object(t, c.given)).Object, object(t, c.want).Object)
		})
	}
}

func TestCheckpointKeepsSecretsSecret(t *testing.T) {
	from := resource.PropertyMap{
		"apiVersion": resource.NewStringProperty("v1"),
		"kind":       resource.NewStringProperty("ConfigMap"),
		"data": resource.NewObjectProperty(resource.PropertyMap{
			"open":   resource.NewStringProperty("open"),
			"hidden": resource.MakeSecret(resource.NewStringProperty("hidden")),
		}),
	}
	live := object(t, `
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, uid: u, managedFields: [{manager: m}]}, data: {open: open, hidden: hidden}}`)
	checkpoint := objects.Checkpoint{
		Inputs: objects.FromProperties(from), Live: live, InitialAPIVersion: "v1", FieldManager: "pulumi-kubernetes-1",
	}
	state := checkpoint.Properties(from)
	for _, data := range []resource.PropertyMap{
		state["data"].ObjectValue(), state["__inputs"].ObjectValue()["data"].ObjectValue(),
	} {
		equal(t, data["hidden"].IsSecret(), true)
		equal(t, data["open"].IsSecret(), false)
	}
	equal(t, state["metadata"].ObjectValue().HasValue("managedFields"), false)
	equal(t, len(live.GetManagedFields()), 1)

	parsed := objects.ParseCheckpoint(state)
	equal(t, parsed.InitialAPIVersion, "v1")
	equal(t, parsed.FieldManager, "pulumi-kubernetes-1")
	equal(t, parsed.Inputs.Object, checkpoint.Inputs.Object)
	equal(t, parsed.Live.Object["__inputs"], nil)
	equal(t, parsed.Live.GetUID(), live.GetUID())
}

func TestSecretsAreAlwaysSecret(t *testing.T) {
	state := objects.ToProperties(object(t, "{apiVersion: v1, kind: Secret, data: {a: b}, stringData: {c: d}}"))
	objects.MarkSecrets(state, resource.PropertyMap{})
	equal(t, state["data"].IsSecret(), true)
	equal(t, state["stringData"].IsSecret(), true)
}

func TestASecretInAListHidesTheList(t *testing.T) {
	outs := resource.NewPropertyMapFromMap(map[string]any{"args": []any{"a", "b"}})
	ins := resource.PropertyMap{"args": resource.NewArrayProperty([]resource.PropertyValue{
		resource.NewStringProperty("a"), resource.MakeSecret(resource.NewStringProperty("b")),
	})}
	objects.MarkSecrets(outs, ins)
	equal(t, outs["args"].IsSecret(), true)
}

func TestSchemaKeysHaveDashesOnTheServer(t *testing.T) {
	given := resource.NewPropertyMapFromMap(map[string]any{"x_kubernetes_preserve_unknown_fields": true, "x_other": 1.0})
	obj := objects.FromProperties(given)
	equal(t, obj.Object, map[string]any{"x-kubernetes-preserve-unknown-fields": true, "x_other": int64(1)})
	equal(t, objects.ToProperties(obj).DeepEquals(given), true)
}

func TestTimeout(t *testing.T) {
	annotated := object(t, "{metadata: {annotations: {pulumi.com/timeoutSeconds: '30'}}}")
	equal(t, objects.Timeout(5, annotated, time.Hour), 5*time.Second)
	equal(t, objects.Timeout(0, annotated, time.Hour), 30*time.Second)
	equal(t, objects.Timeout(0, object(t, "{}"), time.Hour), time.Hour)
}

func TestInputsFromLiveLeavesOutWhatNobodyAsksFor(t *testing.T) {
	live := object(t, `
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, uid: u, generation: 2, annotations: {deployment.kubernetes.io/revision: "1", kept: "yes"}}
spec: {replicas: 1}
status: {replicas: 1}
`)
	want := object(t, `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, annotations: {kept: "yes"}}, spec: {replicas: 1}}`)
	equal(t, objects.InputsFromLive(live).Object, want.Object)
}

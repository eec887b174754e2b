package cluster

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func entry(manager string, operation metav1.ManagedFieldsOperationType, fields string) metav1.ManagedFieldsEntry {
	return metav1.ManagedFieldsEntry{
		Manager: manager, Operation: operation, APIVersion: "v1", FieldsType: "FieldsV1",
		FieldsV1: &metav1.FieldsV1{Raw: []byte(fields)},
	}
}

func TestTakenOver(t *testing.T) {
	const own = "pulumi-kubernetes-12345678"
	for name, c := range map[string]struct {
		given, want []string
		changed     bool
	}{
		"created by a POST":        {[]string{own + "/Update"}, []string{own + "/Apply"}, true},
		"applied by it already":    {[]string{own + "/Apply"}, []string{own + "/Apply"}, false},
		"kubectl, both ways":       {[]string{"kubectl/Apply", "kubectl-client-side-apply/Update"}, []string{own + "/Apply"}, true},
		"somebody else's stay":     {[]string{"helm/Update", "argocd/Apply", own + "/Update"}, []string{"helm/Update", "argocd/Apply", own + "/Apply"}, true},
		"another Pulumi's apply":   {[]string{"pulumi-kubernetes-87654321/Apply"}, []string{"pulumi-kubernetes-87654321/Apply"}, false},
		"nothing is managed":       {nil, nil, false},
		"status is a controller's": {[]string{"kube-controller-manager/Update"}, []string{"kube-controller-manager/Update"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var entries []metav1.ManagedFieldsEntry
			for i, text := range c.given {
				manager, operation := split(text)
				entries = append(entries, entry(manager, operation, fmt.Sprintf(`{"f:data":{"f:key%d":{}}}`, i)))
			}
			got, changed, err := takenOver(entries, own)
			if err != nil || changed != c.changed {
				t.Fatalf("changed %v, error %v", changed, err)
			}
			var texts []string
			for _, each := range got {
				texts = append(texts, each.Manager+"/"+string(each.Operation))
			}
			if !slices.Equal(texts, c.want) {
				t.Errorf("got %q, want %q", texts, c.want)
			}
		})
	}
}

func split(text string) (string, metav1.ManagedFieldsOperationType) {
	at := slices.Index([]byte(text), '/')
	return text[:at], metav1.ManagedFieldsOperationType(text[at+1:])
}

func TestTakenOverUnitesTheFields(t *testing.T) {
	got, _, err := takenOver([]metav1.ManagedFieldsEntry{
		entry("kubectl", "Update", `{"f:data":{"f:a":{}}}`), entry("mine", "Apply", `{"f:data":{"f:b":{}}}`),
	}, "mine")
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, %v", got, err)
	}
	if fields := string(got[0].FieldsV1.Raw); fields != `{"f:data":{"f:a":{},"f:b":{}}}` {
		t.Errorf("fields %s", fields)
	}
}

func TestKeepIgnored(t *testing.T) {
	live := &unstructured.Unstructured{Object: map[string]any{
		"spec": map[string]any{"replicas": int64(7), "paused": true},
	}}
	live.SetManagedFields([]metav1.ManagedFieldsEntry{
		entry("autoscaler", "Update", `{"f:spec":{"f:replicas":{}}}`), entry("mine", "Apply", `{"f:spec":{"f:paused":{}}}`),
	})
	desired := &unstructured.Unstructured{Object: map[string]any{
		"spec": map[string]any{"replicas": int64(1), "paused": false, "minReadySeconds": int64(3)},
	}}
	ignored := []string{"spec.replicas", "spec.paused", "spec.template.spec.containers[0].image"}
	if err := keepIgnored(desired, live, "mine", ignored); err != nil {
		t.Fatal(err)
	}
	spec := desired.Object["spec"].(map[string]any)
	if _, there := spec["replicas"]; there || spec["paused"] != true || spec["minReadySeconds"] != int64(3) {
		t.Errorf("spec %v", spec)
	}
	if err := keepIgnored(desired, live, "mine", []string{"spec["}); err == nil {
		t.Error("a path that is none was taken")
	}
}

func TestErrorsWorthAnotherTry(t *testing.T) {
	configMaps := schema.GroupResource{Resource: "configmaps"}
	fieldConflict := apierrors.NewApplyConflict([]metav1.StatusCause{{Type: metav1.CauseTypeFieldManagerConflict}}, "conflict")
	for name, c := range map[string]struct {
		err   error
		again bool
	}{
		"refused":           {&url.Error{Err: errors.New("connection refused")}, true},
		"ended":             {fmt.Errorf("read: %w", io.ErrUnexpectedEOF), true},
		"too many":          {apierrors.NewTooManyRequests("busy", 1), true},
		"newer version":     {apierrors.NewConflict(configMaps, "a", errors.New("modified")), true},
		"field conflict":    {fieldConflict, false},
		"not found":         {apierrors.NewNotFound(configMaps, "a"), false},
		"invalid":           {apierrors.NewBadRequest("no"), false},
		"cancelled":         {&url.Error{Err: context.Canceled}, false},
		"not trusted":       {&url.Error{Err: &tls.CertificateVerificationError{Err: errors.New("unknown authority")}}, false},
		"no credentials":    {&url.Error{Err: errors.New("getting credentials: exec: not found")}, false},
		"starting up":       {apierrors.NewServiceUnavailable("starting"), true},
		"nothing was wrong": {nil, false},
	} {
		if got := isConnectionError(c.err) || isTemporary(c.err); got != c.again {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestRetryReturnsTheLastRealError(t *testing.T) {
	want := errors.New("busy")
	tries := 0
	err := retry(context.Background(), 350*time.Millisecond, func(error) bool { return true }, func() error {
		tries++
		return want
	})
	if !errors.Is(err, want) || tries < 2 {
		t.Errorf("%v after %d tries", err, tries)
	}
}

func TestParseKubeconfigNeverRepeatsIt(t *testing.T) {
	for _, text := range []string{"{token: hidden-token", "users:\n- user: {token: hidden-token}\n"} {
		_, err := ParseKubeconfig(text)
		if err == nil {
			t.Fatalf("%q was taken", text)
		}
		if slices.Contains([]string{text}, err.Error()) || len(err.Error()) > 200 {
			t.Errorf("error %q", err)
		}
	}
	if _, err := ParseKubeconfig("/no/such/file"); err == nil {
		t.Error("a file that does not exist was read")
	}
}

func TestLimiterLetsWatchesPass(t *testing.T) {
	slots := make(chan struct{}, 1)
	slots <- struct{}{}
	next := roundTripper(func(*http.Request) (*http.Response, error) { return &http.Response{}, nil })
	limited := &limiter{next: next, slots: slots}
	watch, _ := http.NewRequest(http.MethodGet, "http://x/api/v1/pods?watch=true", nil)
	if _, err := limited.RoundTrip(watch); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	other, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://x/api/v1/pods", nil)
	if _, err := limited.RoundTrip(other); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a request went through a full limiter: %v", err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (r roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return r(request) }

func TestConflictsWithOthers(t *testing.T) {
	conflict := func(managers ...string) error {
		causes := make([]metav1.StatusCause, 0, len(managers))
		for _, manager := range managers {
			message := fmt.Sprintf("conflict with %q using apps/v1 at 2026-01-02T03:04:05Z", manager)
			causes = append(causes, metav1.StatusCause{Type: metav1.CauseTypeFieldManagerConflict, Message: message, Field: ".spec"})
		}
		return apierrors.NewApplyConflict(causes, "conflict")
	}
	takenOver := []string{"kubectl-create", "pulumi-kubernetes-1"}
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"with those whose fields are taken over": {conflict("kubectl-create", "pulumi-kubernetes-1"), false},
		"with another one too":                   {conflict("kubectl-create", "argocd"), true},
		"with another Pulumi program":            {conflict("pulumi-kubernetes-2"), true},
		"no conflict":                            {errors.New("port is not a number"), false},
		"nothing":                                {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := conflictsWithOthers(c.err, takenOver); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func newRegistry(t *testing.T, pushes *int) string {
	t.Helper()
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		if request.Method == http.MethodPut || request.Method == http.MethodPost || request.Method == http.MethodPatch {
			*pushes++
		}
		handler.ServeHTTP(response, request)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestCopyKeepsTheDigestAndSendsNothingTwice(t *testing.T) {
	var sourcePushes, targetPushes int
	from, to := newRegistry(t, &sourcePushes), newRegistry(t, &targetPushes)
	index, err := random.Index(512, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := index.Digest()
	if err != nil {
		t.Fatal(err)
	}
	reference, err := name.NewDigest(from + "/shop/web@" + digest.String())
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.WriteIndex(reference, index); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"--source", reference.String(), "--repository", to + "/shop/web"}
	printed, err := copyImage(context.Background(), arguments)
	if err != nil {
		t.Fatal(err)
	}
	if want := to + "/shop/web@" + digest.String(); printed != want {
		t.Errorf("printed %s, want %s", printed, want)
	}
	copied, err := name.NewDigest(printed)
	if err != nil {
		t.Fatal(err)
	}
	got, err := remote.Index(copied)
	if err != nil {
		t.Fatal(err)
	}
	if have, _ := got.Digest(); have != digest {
		t.Errorf("the target holds %s, want %s", have, digest)
	}
	before := targetPushes
	if _, err := copyImage(context.Background(), arguments); err != nil {
		t.Fatal(err)
	}
	if targetPushes != before {
		t.Errorf("the second copy sent something")
	}
}

func TestCopyRefusesTagsAndMissingImages(t *testing.T) {
	var pushes int
	from, to := newRegistry(t, &pushes), newRegistry(t, &pushes)
	missing := from + "/shop/web@sha256:" + strings.Repeat("0", 64)
	for source, want := range map[string]string{from + "/shop/web:latest": "must name a digest", missing: "read "} {
		_, err := copyImage(context.Background(), []string{"--source", source, "--repository", to + "/shop/web"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("copy %s: %v, want %q", source, err, want)
		}
	}
}

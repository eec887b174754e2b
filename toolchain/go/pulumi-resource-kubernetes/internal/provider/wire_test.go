package provider

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func TestErrorsDoNotRepeatSecrets(t *testing.T) {
	properties := resource.PropertyMap{"data": resource.MakeSecret(resource.NewObjectProperty(resource.PropertyMap{
		"password": resource.NewStringProperty("hunter2"), "short": resource.NewStringProperty("a"),
	}))}
	encoded := base64.StdEncoding.EncodeToString([]byte("hunter2"))
	err := redact(errors.New("invalid value hunter2 ("+encoded+")"), properties)
	if text := err.Error(); strings.Contains(text, "hunter2") || strings.Contains(text, encoded) || !strings.Contains(text, "invalid") {
		t.Error(text)
	}
	plain := errors.New("hunter2")
	if got := redact(plain, resource.PropertyMap{}); !errors.Is(got, plain) {
		t.Error("an error without secrets was changed")
	}
}

func TestDecodeYAML(t *testing.T) {
	found, err := decodeYAML(`
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: b}}
- {apiVersion: v1, kind: Secret, metadata: {name: c, namespace: other}}
---
`, "default-here")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, obj := range found {
		names = append(names, obj.GetNamespace()+"/"+obj.GetName())
	}
	if got := strings.Join(names, " "); got != "default-here/a /b other/c" {
		t.Error(got)
	}
	if _, err := decodeYAML("a: [", ""); err == nil {
		t.Error("no error")
	}
}

func TestConfiguration(t *testing.T) {
	t.Setenv("PULUMI_K8S_ENABLE_PATCH_FORCE", "true")
	t.Setenv("PULUMI_K8S_CLIENT_BURST", "7")
	config := configuration{
		"kubernetes:config:enableServerSideApply": "false", "kubernetes:config:kubeClientSettings": `{"qps": 12.5, "timeout": 3}`,
	}
	options := config.options()
	if options.serverSideApply || !options.patchForce || options.upsertExisting {
		t.Errorf("%+v", options)
	}
	settings, err := config.settings("test")
	if err != nil || settings.QPS != 12.5 || settings.Burst != 7 || settings.Timeout.Seconds() != 3 {
		t.Errorf("%+v %v", settings, err)
	}
	t.Setenv("PULUMI_K8S_CLIENT_QPS", "many")
	if _, err := (configuration{}).settings("test"); err == nil {
		t.Error("a rate that is no number was taken")
	}
}

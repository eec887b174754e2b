package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/cluster"
)

// options are the provider's configuration, as the official SDK documents it in ProviderArgs.
type options struct {
	serverSideApply       bool
	patchForce            bool
	upsertExisting        bool
	deleteUnreachable     bool
	skipUpdateUnreachable bool
	mutableConfigMaps     bool
	mutableSecrets        bool
	renderDirectory       string
	// awaitAll waits by kstatus for kinds that have no rule of their own.
	awaitAll bool
}

const configPrefix = "kubernetes:config:"

// configuration reads what the engine passes to Configure; environment variables stand in for what is not set.
type configuration map[string]string

func (c configuration) text(name string) string { return c[configPrefix+name] }

func (c configuration) flag(name, variable string, otherwise bool) bool {
	if value, ok := c[configPrefix+name]; ok {
		return value == "true"
	}
	if value, ok := os.LookupEnv(variable); ok {
		return value == "true"
	}
	return otherwise
}

func (c configuration) options() options {
	return options{
		serverSideApply:       c.flag("enableServerSideApply", "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", true),
		patchForce:            c.flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE", false),
		upsertExisting:        c.flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS", false),
		deleteUnreachable:     c.flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE", false),
		skipUpdateUnreachable: c.flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE", false),
		mutableConfigMaps:     c.flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE", false),
		mutableSecrets:        c.flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE", false),
		renderDirectory:       c.text("renderYamlToDirectory"),
		awaitAll:              os.Getenv("PULUMI_K8S_AWAIT_ALL") == "true",
	}
}

// clientSettings are the documented limits of the client: queries per second, burst, and seconds per request.
type clientSettings struct {
	QPS     *float64 `json:"qps"`
	Burst   *int     `json:"burst"`
	Timeout *int     `json:"timeout"`
}

func (c configuration) settings(userAgent string) (cluster.Settings, error) {
	var client clientSettings
	if text := c.text("kubeClientSettings"); text != "" {
		if err := json.Unmarshal([]byte(text), &client); err != nil {
			return cluster.Settings{}, fmt.Errorf("failed to unmarshal kubeClientSettings option: %w", err)
		}
	}
	if err := fromEnvironment(&client.Burst, "PULUMI_K8S_CLIENT_BURST", strconv.Atoi); err != nil {
		return cluster.Settings{}, err
	}
	if err := fromEnvironment(&client.Timeout, "PULUMI_K8S_CLIENT_TIMEOUT", strconv.Atoi); err != nil {
		return cluster.Settings{}, err
	}
	parseFloat := func(text string) (float64, error) { return strconv.ParseFloat(text, 64) }
	if err := fromEnvironment(&client.QPS, "PULUMI_K8S_CLIENT_QPS", parseFloat); err != nil {
		return cluster.Settings{}, err
	}
	settings := cluster.Settings{
		Kubeconfig: c.text("kubeconfig"), Context: c.text("context"), Cluster: c.text("cluster"),
		Namespace: c.text("namespace"), UserAgent: userAgent,
	}
	if client.QPS != nil {
		settings.QPS, settings.Burst = float32(*client.QPS), defaultBurst
	}
	if client.Burst != nil {
		settings.Burst = *client.Burst
	}
	if client.Timeout != nil {
		settings.Timeout = time.Duration(*client.Timeout) * time.Second
	}
	return settings, nil
}

// defaultBurst goes with a configured rate, as documented.
const defaultBurst = 120

func fromEnvironment[T any](into **T, variable string, parse func(string) (T, error)) error {
	text := os.Getenv(variable)
	if *into != nil || text == "" {
		return nil
	}
	value, err := parse(text)
	if err != nil {
		return fmt.Errorf("invalid value specified for %s: %w", variable, err)
	}
	*into = &value
	return nil
}

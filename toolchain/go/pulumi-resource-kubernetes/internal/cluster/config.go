// Package cluster is the connection to one Kubernetes API server: how it is found, what it serves, and how objects are
// written to it, watched and deleted.
package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Settings say which API server to talk to, and how hard.
type Settings struct {
	// Kubeconfig is the contents of a kubeconfig file, or the path to one. Empty: $KUBECONFIG, then ~/.kube/config,
	// then the pod's service account.
	Kubeconfig string
	// Context and Cluster choose within the kubeconfig. Empty: its current context.
	Context string
	Cluster string
	// Namespace is the default for objects that name none. Empty: that of the context.
	Namespace string
	// QPS and Burst limit requests a second on this side. 0: no limit, the API server's Priority and Fairness decides.
	QPS   float32
	Burst int
	// Timeout bounds one request. 0: none but that of the operation.
	Timeout time.Duration
	// UserAgent names this plugin in the API server's audit log.
	UserAgent string
}

// load resolves the settings to a client configuration and a default namespace.
func (s Settings) load() (*rest.Config, string, error) {
	overrides := &clientcmd.ConfigOverrides{
		CurrentContext: s.Context,
		Context:        clientcmdapi.Context{Cluster: s.Cluster, Namespace: s.Namespace},
	}
	var loaded clientcmd.ClientConfig
	if s.Kubeconfig == "" {
		loaded = clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
			clientcmd.NewDefaultClientConfigLoadingRules(), overrides)
	} else {
		kubeconfig, err := ParseKubeconfig(s.Kubeconfig)
		if err != nil {
			return nil, "", err
		}
		loaded = clientcmd.NewDefaultClientConfig(*kubeconfig, overrides)
	}
	config, err := loaded.ClientConfig()
	if err != nil {
		return nil, "", fmt.Errorf("no usable kubeconfig: %w", err)
	}
	namespace, _, err := loaded.Namespace()
	if err != nil {
		return nil, "", fmt.Errorf("default namespace of the kubeconfig: %w", err)
	}
	config.QPS, config.Burst = s.QPS, s.Burst
	if s.QPS == 0 {
		config.QPS = -1
	}
	config.Timeout = s.Timeout
	config.UserAgent = s.UserAgent
	config.WarningHandler = rest.NoWarnings{}
	return config, namespace, nil
}

// ParseKubeconfig reads a kubeconfig given as contents (YAML or JSON) or as a path. Its error never repeats the
// contents, which hold credentials.
func ParseKubeconfig(pathOrContents string) (*clientcmdapi.Config, error) {
	contents := []byte(pathOrContents)
	if path, ok := asPath(pathOrContents); ok {
		config, err := clientcmd.LoadFromFile(path)
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("kubeconfig file %s does not exist", path)
		}
		if err != nil {
			return nil, fmt.Errorf("kubeconfig file %s is not a kubeconfig", path)
		}
		return config, nil
	}
	config, err := clientcmd.Load(contents)
	if err != nil || len(config.Clusters) == 0 {
		return nil, errors.New("the value given as kubeconfig is neither a path nor the contents of a kubeconfig file")
	}
	return config, nil
}

func asPath(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, "\n{") || strings.Contains(text, ": ") {
		return "", false
	}
	if rest, found := strings.CutPrefix(text, "~/"); found {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest), true
		}
	}
	return text, true
}

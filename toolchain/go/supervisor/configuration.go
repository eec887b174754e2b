package main

// configuration describes a node. Whoever starts the cluster writes it; the supervisor knows nothing of Kubernetes.
type configuration struct {
	HostName string `json:"hostName"`
	// Cgroup that holds the node's own processes, relative to the root of every hierarchy.
	Cgroup string `json:"cgroup"`
	// Log of the supervisor itself.
	Log string `json:"log"`
	// Status is rewritten whenever a process starts or ends.
	Status  string  `json:"status"`
	Network network `json:"network"`
	Mounts  []mount `json:"mounts"`
	// Keep are folders that stay visible at their path even when a mount covers one of their parents.
	Keep []string `json:"keep"`
	// Processes in the order of their start; they stop in the opposite order.
	Processes []processConfiguration `json:"processes"`
	// DrainSeconds is how long containers get to end after they were asked to. 0 kills them at once.
	DrainSeconds int `json:"drainSeconds"`
}

type network struct {
	// Interface is the host's end of the pair of virtual interfaces; the node's end is called eth0.
	Interface   string `json:"interface"`
	MTU         int    `json:"mtu"`
	HostAddress string `json:"hostAddress"` // with prefix length: 10.0.0.1/30
	NodeAddress string `json:"nodeAddress"` // with prefix length: 10.0.0.2/30
	// Sysctls of the node's network namespace, as paths below /proc/sys.
	Sysctls map[string]string `json:"sysctls"`
	// Unreachable are subnets that more specific routes lead to, or nothing: never the way through the host.
	Unreachable []string `json:"unreachable"`
	// Rules is an nftables script for the node's network namespace.
	Rules string `json:"rules"`
}

// mount puts a folder (bind), a file with the given contents (file) or an empty file system (tmpfs) at a path.
type mount struct {
	Type     string `json:"type"`
	Source   string `json:"source,omitempty"`
	Contents string `json:"contents,omitempty"`
	Target   string `json:"target"`
}

type processConfiguration struct {
	Name        string            `json:"name"`
	Command     []string          `json:"command"`
	Environment map[string]string `json:"environment"`
	Log         string            `json:"log"`
	// WaitFor names what must accept connections first: tcp:10.0.0.2:6443 or unix:/run/x.sock.
	WaitFor []string `json:"waitFor"`
	// StopSeconds is how long the process gets to end after SIGTERM.
	StopSeconds int `json:"stopSeconds"`
	// Drain ends the containers before this process is stopped.
	Drain bool `json:"drain"`
}

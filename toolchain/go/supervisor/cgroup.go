package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const cgroupRoot = "/sys/fs/cgroup"

// joinCgroup moves a process into a cgroup of its own, so that the node doesn't share the fate of the shell that starts it.
// The cgroup above it exists with every controller afterwards: the kubelet puts its pods there.
func joinCgroup(cgroup string, pid int) error {
	if _, err := os.Stat(filepath.Join(cgroupRoot, "cgroup.controllers")); err == nil {
		return joinUnified(cgroup, pid)
	}
	hierarchies, err := filepath.Glob(filepath.Join(cgroupRoot, "*", "cgroup.procs"))
	if err != nil {
		return err
	}
	for _, file := range hierarchies {
		hierarchy := filepath.Dir(file)
		if err := os.MkdirAll(filepath.Join(hierarchy, filepath.Dir(cgroup)), 0o755); err != nil {
			return err
		}
		if !slices.Contains([]string{"cpu", "memory", "pids", "systemd"}, filepath.Base(hierarchy)) {
			continue
		}
		if err := join(filepath.Join(hierarchy, cgroup), pid); err != nil {
			return err
		}
	}
	return nil
}

func joinUnified(cgroup string, pid int) error {
	if err := join(filepath.Join(cgroupRoot, cgroup), pid); err != nil {
		return err
	}
	controllers, err := os.ReadFile(filepath.Join(cgroupRoot, "cgroup.controllers"))
	if err != nil {
		return err
	}
	folder := cgroupRoot
	for _, name := range strings.Split(strings.Trim(cgroup, "/"), "/") {
		for _, controller := range strings.Fields(string(controllers)) {
			// A controller that can't be handed down is missed by the kubelet only if it needs it, and it says so.
			_ = os.WriteFile(filepath.Join(folder, "cgroup.subtree_control"), []byte("+"+controller), 0)
		}
		folder = filepath.Join(folder, name)
	}
	return nil
}

func join(folder string, pid int) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "cgroup.procs"), fmt.Append(nil, pid), 0)
}

package main

import (
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The kernel cuts a process name at 15 characters.
const shimName = "containerd-shim"

// drainContainers asks the first process of every container to end, and waits for them.
func drainContainers(patience time.Duration) {
	containers := containerProcesses()
	for _, pid := range containers {
		_ = syscall.Kill(pid, syscall.SIGTERM)
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(waitInterval) {
		if len(containerProcesses()) == 0 {
			return
		}
	}
	if left := containerProcesses(); len(left) > 0 {
		log.Printf("%d containers did not end within %s, killing them", len(left), patience)
	}
}

// containerProcesses are the children of shims, without the pause processes, which have nothing to finish.
func containerProcesses() []int {
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	var found []int
	for _, folder := range folders {
		name, parent := nameAndParent(folder)
		if name == "pause" || parent == "" {
			continue
		}
		if parentName, _ := nameAndParent(filepath.Join("/proc", parent)); parentName != shimName {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(folder)); err == nil {
			found = append(found, pid)
		}
	}
	return found
}

// nameAndParent reads the second and fourth field of /proc/PID/stat; the name is in brackets and may hold anything.
func nameAndParent(folder string) (name, parent string) {
	data, err := os.ReadFile(filepath.Join(folder, "stat"))
	if err != nil {
		return "", ""
	}
	line := string(data)
	opening, closing := strings.IndexByte(line, '('), strings.LastIndexByte(line, ')')
	fields := strings.Fields(line[closing+1:])
	const state, parentField = 0, 1
	if fields[state] == "Z" {
		return "", ""
	}
	return line[opening+1 : closing], fields[parentField]
}

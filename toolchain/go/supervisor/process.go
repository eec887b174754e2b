package main

import (
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

const (
	stateWaiting = "waiting"
	stateRunning = "running"
)

// process is one part of the node; its exported fields are what the status file says about it.
type process struct {
	configuration processConfiguration
	ended         chan struct{}

	State string `json:"state"`
	// PID in the node's process namespace; 0 while it isn't running.
	PID      int       `json:"pid"`
	Restarts int       `json:"restarts"`
	Since    time.Time `json:"since"`
	LastEnd  string    `json:"lastEnd,omitempty"`
	log      *rotatingLog
}

func (p *process) launch() (int, error) {
	if p.log == nil {
		log, err := openRotatingLog(p.configuration.Log)
		if err != nil {
			return 0, err
		}
		p.log = log
	}
	read, write, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer write.Close()
	input, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer input.Close()

	environment := make([]string, 0, len(p.configuration.Environment))
	for name, value := range p.configuration.Environment {
		environment = append(environment, name+"="+value)
	}
	pid, err := syscall.ForkExec(p.configuration.Command[0], p.configuration.Command, &syscall.ProcAttr{
		Dir:   "/",
		Env:   environment,
		Files: []uintptr{input.Fd(), write.Fd(), write.Fd()},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		read.Close()
		return 0, fmt.Errorf("%s: %w", p.configuration.Command[0], err)
	}
	go func() {
		_, _ = io.Copy(p.log, read)
		read.Close()
	}()
	p.State, p.PID, p.Since = stateRunning, pid, time.Now().UTC()
	return pid, nil
}

func (p *process) ending(status syscall.WaitStatus) {
	p.State, p.PID, p.Since = stateWaiting, 0, time.Now().UTC()
	p.Restarts++
	if status.Signaled() {
		p.LastEnd = fmt.Sprintf("killed by signal %s", status.Signal())
		return
	}
	p.LastEnd = fmt.Sprintf("exit code %d", status.ExitStatus())
}

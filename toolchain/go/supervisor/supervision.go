package main

import (
	"context"
	"encoding/json"
	"log"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	firstDelay = 100 * time.Millisecond
	longDelay  = 30 * time.Second
	// A process that ran this long before it ended starts again with the first delay.
	healthyAfter = 30 * time.Second
	// How often the supervisor looks whether what a process waits for has come up.
	waitInterval = 20 * time.Millisecond
)

// supervision runs the node's processes and reaps every process that ends in the node: orphans become its children.
type supervision struct {
	node      configuration
	processes []*process

	// mutex guards children and every process's state.
	mutex    sync.Mutex
	children map[int]chan syscall.WaitStatus
	cancel   context.CancelFunc
	reaping  chan os.Signal
}

func newSupervision(node configuration) *supervision {
	s := &supervision{node: node, children: map[int]chan syscall.WaitStatus{}}
	for _, configuration := range node.Processes {
		s.processes = append(s.processes, &process{configuration: configuration, State: stateWaiting, ended: make(chan struct{})})
	}
	return s
}

func (s *supervision) start(ctx context.Context) {
	ctx, s.cancel = context.WithCancel(ctx)
	signals := make(chan os.Signal, 1)
	// Before the first child, whose end would be missed otherwise.
	signal.Notify(signals, syscall.SIGCHLD)
	s.reaping = signals
	go s.reap(signals)
	for _, process := range s.processes {
		go s.keepRunning(ctx, process)
	}
}

// stop ends the processes one after the other, the last started first. What is left dies with the supervisor.
func (s *supervision) stop() {
	s.cancel()
	for _, process := range slices.Backward(s.processes) {
		if process.configuration.Drain {
			drainContainers(time.Duration(s.node.DrainSeconds) * time.Second)
		}
		s.end(process)
	}
	signal.Stop(s.reaping)
	close(s.reaping)
}

func (s *supervision) end(process *process) {
	s.signal(process, syscall.SIGTERM)
	select {
	case <-process.ended:
	case <-time.After(time.Duration(process.configuration.StopSeconds) * time.Second):
		log.Printf("%s did not end within %d s, killing it", process.configuration.Name, process.configuration.StopSeconds)
		s.signal(process, syscall.SIGKILL)
		<-process.ended
	}
}

func (s *supervision) signal(process *process, signal syscall.Signal) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if process.PID != 0 {
		_ = syscall.Kill(process.PID, signal)
	}
}

func (s *supervision) keepRunning(ctx context.Context, process *process) {
	defer close(process.ended)
	delay := firstDelay
	for {
		if !waitFor(ctx, process.configuration.WaitFor) {
			return
		}
		began := time.Now()
		exit, err := s.launch(process)
		if err != nil {
			log.Printf("%s could not be started: %v", process.configuration.Name, err)
		} else {
			status := <-exit
			s.update(process, func() { process.ending(status) })
			log.Printf("%s ended: %s", process.configuration.Name, process.LastEnd)
		}
		if time.Since(began) > healthyAfter {
			delay = firstDelay
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(delay):
		}
		delay = min(2*delay, longDelay)
	}
}

// launch holds the lock from before the start until the child is known, so that reap can't miss its end.
func (s *supervision) launch(process *process) (chan syscall.WaitStatus, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	pid, err := process.launch()
	if err != nil {
		return nil, err
	}
	exit := make(chan syscall.WaitStatus, 1)
	s.children[pid] = exit
	s.writeStatus()
	return exit, nil
}

func (s *supervision) reap(signals <-chan os.Signal) {
	for range signals {
		for {
			var status syscall.WaitStatus
			s.mutex.Lock()
			pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
			if exit, own := s.children[pid]; err == nil && own {
				delete(s.children, pid)
				exit <- status
			}
			s.mutex.Unlock()
			if err == syscall.EINTR {
				continue
			}
			if err != nil || pid <= 0 {
				break
			}
		}
	}
}

func (s *supervision) update(process *process, change func()) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	change()
	s.writeStatus()
}

func (s *supervision) writeStatus() {
	status := make(map[string]*process, len(s.processes))
	for _, process := range s.processes {
		status[process.configuration.Name] = process
	}
	data, err := json.Marshal(status)
	if err == nil {
		next := s.node.Status + ".next"
		if err = os.WriteFile(next, data, 0o600); err == nil {
			err = os.Rename(next, s.node.Status)
		}
	}
	if err != nil {
		log.Printf("write the status: %v", err)
	}
}

// waitFor returns when every endpoint accepts connections, or false when the context ends first.
func waitFor(ctx context.Context, endpoints []string) bool {
	for _, endpoint := range endpoints {
		network, address, _ := strings.Cut(endpoint, ":")
		for {
			connection, err := net.DialTimeout(network, address, time.Second)
			if err == nil {
				connection.Close()
				break
			}
			select {
			case <-ctx.Done():
				return false
			case <-time.After(waitInterval):
			}
		}
	}
	return ctx.Err() == nil
}

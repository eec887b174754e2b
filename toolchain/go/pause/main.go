// Command pause holds the namespaces of a pod open until the pod ends.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// Where SIGCHLD is ignored the kernel reaps the orphans that process 1 of a shared PID namespace inherits.
	signal.Ignore(syscall.SIGCHLD)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
}

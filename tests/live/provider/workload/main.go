// Command workload behaves as its first argument says, for tests of what the provider waits for and reports:
//
//	serve          runs until it is told to stop
//	work DURATION  succeeds after a while
//	crash WORDS    prints the words and fails
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	switch os.Args[1] {
	case "serve":
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGTERM)
		<-stop
	case "work":
		duration, err := time.ParseDuration(os.Args[2])
		if err != nil {
			panic(err)
		}
		time.Sleep(duration)
	case "crash":
		fmt.Println(strings.Join(os.Args[2:], " "))
		os.Exit(3)
	}
}

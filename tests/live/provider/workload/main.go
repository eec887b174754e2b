// Command workload behaves as its first argument says, for tests of what the provider waits for and reports:
//
//	serve          runs until it is told to stop
//	work DURATION  succeeds after a while
//	crash WORDS    prints the words and fails
//
// With any other arguments, or none, it stands in for the server of an image that can't be had: it answers HTTP on port 80.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	mode := ""
	if len(os.Args) > 1 {
		mode = os.Args[1]
	}
	switch mode {
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
	default:
		answer := func(http.ResponseWriter, *http.Request) {}
		if err := http.ListenAndServe(":80", http.HandlerFunc(answer)); err != nil {
			panic(err)
		}
	}
}

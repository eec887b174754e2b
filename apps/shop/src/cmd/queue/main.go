// Command queue is the shop's message queue: a NATS server with JetStream, which writes to the folder in STORE.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"shop/internal/program"
)

const (
	monitorPort    = 8222
	largestMessage = 64 << 10
	// startTime is enough to read a store of the largest size again.
	startTime = time.Minute
)

func main() { program.Main(run) }

func run(ctx context.Context, logger *slog.Logger) error {
	port, err := strconv.Atoi(os.Getenv("PORT"))
	if err != nil {
		return fmt.Errorf("PORT: %w", err)
	}
	password := os.Getenv("PASSWORD")
	if password == "" {
		return errors.New("PASSWORD is empty: anybody could read and place orders")
	}
	queue, err := server.NewServer(&server.Options{
		ServerName: "queue",
		Host:       "0.0.0.0",
		Port:       port,
		HTTPHost:   "0.0.0.0",
		HTTPPort:   monitorPort,
		Username:   os.Getenv("USER"),
		Password:   password,
		MaxPayload: largestMessage,
		JetStream:  true,
		StoreDir:   os.Getenv("STORE"),
		// A confirmed order is on the disk, not on its way there.
		SyncAlways: true,
		NoSigs:     true,
	})
	if err != nil {
		return err
	}
	queue.SetLoggerV2(natsLogger{logger}, false, false, false)
	queue.Start()
	if !queue.ReadyForConnections(startTime) {
		queue.Shutdown()
		return errors.New("the server did not start in time")
	}
	<-ctx.Done()
	queue.Shutdown()
	queue.WaitForShutdown()
	return nil
}

// natsLogger writes what the server says as the shop's other programs write it.
type natsLogger struct{ logger *slog.Logger }

func (l natsLogger) Noticef(format string, v ...any) { l.logger.Info(fmt.Sprintf(format, v...)) }
func (l natsLogger) Warnf(format string, v ...any)   { l.logger.Warn(fmt.Sprintf(format, v...)) }
func (l natsLogger) Errorf(format string, v ...any)  { l.logger.Error(fmt.Sprintf(format, v...)) }
func (l natsLogger) Fatalf(format string, v ...any)  { l.logger.Error(fmt.Sprintf(format, v...)) }
func (l natsLogger) Debugf(string, ...any)           {}
func (l natsLogger) Tracef(string, ...any)           {}

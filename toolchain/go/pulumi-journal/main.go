// Command pulumi-journal runs the Pulumi engine on a stack of a file backend so that each step costs a line of a journal
// instead of a checkpoint of the whole stack.
//
//	pulumi-journal run ARGUMENTS…         runs `pulumi ARGUMENTS…` and keeps its journal
//	pulumi-journal fold PROJECT STACK     brings what a killed run has left into the state
//
// PULUMI_BACKEND_URL names the file backend. It stays the state of record: between runs plain `pulumi` works on it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
)

func main() {
	code, err := run(context.Background(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(ctx context.Context, args []string) (int, error) {
	record, err := openRecord(ctx, os.Getenv("PULUMI_BACKEND_URL"))
	if err != nil {
		return 1, err
	}
	switch {
	case len(args) > 1 && args[0] == "run":
		return keep(ctx, record, args[1:])
	case len(args) == 3 && args[0] == "fold":
		return 0, foldLeft(ctx, record, args[1], args[2])
	}
	return 2, errors.New("usage: pulumi-journal run ARGUMENTS… | pulumi-journal fold PROJECT STACK")
}

// keep runs the engine against a service of its own and folds the journal when the engine is gone, however it went.
func keep(ctx context.Context, record *record, args []string) (int, error) {
	served, err := serve(record)
	if err != nil {
		return 1, err
	}
	code, err := runEngine(args, served.address, served.token)
	return code, errors.Join(err, served.finish(ctx))
}

func foldLeft(ctx context.Context, record *record, project, name string) error {
	stack, err := record.stack(ctx, project, name)
	if err != nil || stack == nil {
		return err
	}
	if err := record.lock(ctx, stack); err != nil {
		return err
	}
	record.Unlock(ctx, stack.Ref())
	return nil
}

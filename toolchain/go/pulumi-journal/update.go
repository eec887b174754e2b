package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/pulumi/pulumi/pkg/v3/backend"
)

// update is one under way: its stack is locked and its journal open.
type update struct {
	stack   backend.Stack
	path    string
	journal *journal
	info    backend.UpdateInfo
}

// begin locks a stack and opens a journal.
func (r *record) begin(ctx context.Context, stack backend.Stack, info backend.UpdateInfo) (*update, error) {
	if err := r.lock(ctx, stack); err != nil {
		return nil, err
	}
	begun, err := r.open(ctx, stack, info)
	if err != nil {
		r.Unlock(ctx, stack.Ref())
	}
	return begun, err
}

func (r *record) open(ctx context.Context, stack backend.Stack, info backend.UpdateInfo) (*update, error) {
	_, base, err := r.current(ctx, stack)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	info.StartTime = now.Unix()
	info.Result = backend.FailedResult
	// Names sort by age. A name of its own lets an update take away its journal and never another's.
	path := filepath.Join(r.journals(stack), fmt.Sprintf("%d-%d.jsonl", now.UnixNano(), os.Getpid()))
	opened, err := createJournal(path, head{Format: format, Base: base, Update: info})
	if err != nil {
		return nil, err
	}
	return &update{stack: stack, path: path, journal: opened, info: info}, nil
}

// end folds the journal and gives the lock back.
func (r *record) end(ctx context.Context, done *update) error {
	return errors.Join(done.journal.file.Close(), r.fold(ctx, done.stack, done.path, &done.info))
}

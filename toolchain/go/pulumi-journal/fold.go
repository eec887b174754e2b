package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/pkg/v3/backend"
	"github.com/pulumi/pulumi/pkg/v3/resource/stack/snapshot"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// lock takes a stack's lock as the file backend does, so that this and plain `pulumi` keep each other out. What killed updates
// have left is in the state when it returns.
func (r *record) lock(ctx context.Context, stack backend.Stack) error {
	for {
		if err := r.Lock(ctx, stack.Ref()); err != nil {
			return err
		}
		left, err := filepath.Glob(filepath.Join(r.journals(stack), "*.jsonl"))
		if len(left) == 0 || err != nil {
			return err
		}
		if err := r.fold(ctx, stack, left[0], nil); err != nil {
			return err
		}
	}
}

// fold turns a journal into the state of its stack, adds the update to the history and takes the journal away. It may be killed
// anywhere and be run again. The caller holds the stack's lock, which is given back.
func (r *record) fold(ctx context.Context, stack backend.Stack, path string, told *backend.UpdateInfo) error {
	found, next, err := r.unfold(ctx, stack, path)
	if next == nil {
		r.Unlock(ctx, stack.Ref())
		return err
	}
	broken := snapshot.VerifyIntegrity(next.Deployment)
	if err := r.save(ctx, stack, next); err != nil {
		return err
	}
	if told == nil {
		told = &found.Update
	}
	err = errors.Join(r.remember(stack, *told), os.Remove(path))
	if errors.Is(err, fs.ErrNotExist) {
		// Somebody who took the lock meanwhile saw that it was done with.
		err = nil
	}
	return errors.Join(broken, err)
}

// unfold reads a journal and computes the state that it leads to, which it marks the journal with. A journal that is done with
// is taken away, and no state comes of it.
func (r *record) unfold(ctx context.Context, stack backend.Stack, path string) (*contents, *apitype.TypedDeployment, error) {
	found, err := readJournal(path)
	if err != nil {
		return nil, nil, err
	}
	base, identity, err := r.current(ctx, stack)
	if err != nil {
		return nil, nil, err
	}
	if identity == found.folded || len(found.entries) == 0 {
		return nil, nil, os.Remove(path)
	}
	if identity != found.Base {
		return nil, nil, fmt.Errorf("the state of %s was changed after a run was killed that left the journal %s: the two don't fit. "+
			"Compare the state with what is really there, then delete the journal", stack.Ref().Name(), path)
	}
	next, err := replay(base, found.entries)
	if err != nil {
		return nil, nil, err
	}
	if identity, err = digest(next.Deployment); err != nil {
		return nil, nil, err
	}
	return found, &next, mark(path, identity)
}

// replay computes the state that a journal leads to, by the engine's own rules.
func replay(base *apitype.DeploymentV3, entries []apitype.JournalEntry) (apitype.TypedDeployment, error) {
	replayer := backend.NewJournalReplayer(base)
	for _, entry := range entries {
		if err := replayer.Add(entry); err != nil {
			return apitype.TypedDeployment{}, err
		}
	}
	next, err := replayer.GenerateDeployment()
	if err == nil {
		next.Deployment.Metadata.IntegrityErrorMetadata = nil
	}
	return next, err
}

// save writes the state as the file backend does. The lock is given back.
func (r *record) save(ctx context.Context, stack backend.Stack, next *apitype.TypedDeployment) error {
	text, err := encode(next.Deployment)
	if err != nil {
		return err
	}
	return r.ImportDeployment(ctx, stack, &apitype.UntypedDeployment{
		Version: next.Version, Features: next.Features, Deployment: text,
	})
}

// remember adds an update to the history as the file backend lays it out, beside a copy of the state that it led to.
func (r *record) remember(stack backend.Stack, told backend.UpdateInfo) error {
	if told.EndTime == 0 {
		told.EndTime = time.Now().Unix()
	}
	text, err := encode(told)
	if err != nil {
		return err
	}
	project, _ := stack.Ref().Project()
	name := stack.Ref().Name().String()
	states, err := filepath.Glob(filepath.Join(r.folder, "stacks", project.String(), name+".json*"))
	if err != nil {
		return err
	}
	folder := filepath.Join(r.folder, "history", project.String(), name)
	prefix := filepath.Join(folder, name+"-"+strconv.FormatInt(time.Now().UnixNano(), 10))
	if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(prefix+".history.json", text, 0o600)); err != nil {
		return err
	}
	for _, state := range states {
		kind := strings.TrimPrefix(filepath.Base(state), name)
		if kind != ".json" && kind != ".json.gz" && kind != ".json.zst" {
			continue
		}
		copied, err := os.ReadFile(state)
		if err != nil {
			return err
		}
		return os.WriteFile(prefix+".checkpoint"+kind, copied, 0o600)
	}
	return nil
}

func encode(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(text.Bytes()), err
}

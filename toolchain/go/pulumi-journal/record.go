package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/backend"
	"github.com/pulumi/pulumi/pkg/v3/backend/diy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

// organization is what the file backend calls the owner of every stack.
const organization = "organization"

// record is the state of record: the engine's own file backend, read and written by the engine's own code.
type record struct {
	diy.Backend
	unlocker
	folder string
}

// unlocker is the half of the file backend's lock that its interface leaves out.
type unlocker interface {
	Unlock(ctx context.Context, stack backend.StackReference)
}

func openRecord(ctx context.Context, address string) (*record, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "file" {
		return nil, fmt.Errorf("PULUMI_BACKEND_URL is %q: a journal is kept for file:// backends only", address)
	}
	sink := diag.DefaultSink(os.Stderr, os.Stderr, diag.FormatOptions{Color: colors.Never})
	opened, err := diy.New(ctx, sink, address, nil)
	if err != nil {
		return nil, err
	}
	unlocks, ok := opened.(unlocker)
	if !ok {
		return nil, errors.New("the file backend of this engine can't give a lock back")
	}
	return &record{Backend: opened, unlocker: unlocks, folder: filepath.Join(parsed.Path, ".pulumi")}, nil
}

// stack finds a stack by the names of its project and itself; nothing if there is none.
func (r *record) stack(ctx context.Context, project, name string) (backend.Stack, error) {
	reference, err := r.ParseStackReference(organization + "/" + project + "/" + name)
	if err != nil {
		return nil, err
	}
	return r.GetStack(ctx, reference)
}

// journals is the folder of a stack's journals: of the update under way, and of those that were killed.
func (r *record) journals(stack backend.Stack) string {
	project, _ := stack.Ref().Project()
	return filepath.Join(r.folder, "journals", project.String(), stack.Ref().Name().String())
}

// current returns the state of a stack and what identifies it.
func (r *record) current(ctx context.Context, stack backend.Stack) (*apitype.DeploymentV3, string, error) {
	exported, err := r.ExportDeployment(ctx, stack)
	if err != nil {
		return nil, "", err
	}
	deployment := &apitype.DeploymentV3{}
	if err := json.Unmarshal(exported.Deployment, deployment); err != nil {
		return nil, "", err
	}
	identity, err := digest(deployment)
	return deployment, identity, err
}

// digest identifies a state, as it is when it has been written and read back.
func digest(deployment *apitype.DeploymentV3) (string, error) {
	text, err := json.Marshal(deployment)
	if err != nil {
		return "", err
	}
	var back apitype.DeploymentV3
	if err := json.Unmarshal(text, &back); err != nil {
		return "", err
	}
	if text, err = json.Marshal(back); err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

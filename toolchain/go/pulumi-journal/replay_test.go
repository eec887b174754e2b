package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/pkg/v3/backend"
	"github.com/pulumi/pulumi/pkg/v3/engine"
	states "github.com/pulumi/pulumi/pkg/v3/resource"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/pkg/v3/resource/stack"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Both of the engine's ways to remember an update see the same steps, in a random order: the checkpoints of the file backend, and
// the journal. After every write of a checkpoint the journal, as it lies on disk at that moment, has to lead to the same state.
func TestEveryPrefixOfAJournalLeadsToTheCheckpointOfThatMoment(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			run := newComparison(t, rand.New(rand.NewPCG(seed, 1)))
			for range 60 {
				run.step()
			}
			if run.compared < 20 {
				t.Fatalf("only %d checkpoints were compared", run.compared)
			}
		})
	}
}

type comparison struct {
	t        *testing.T
	random   *rand.Rand
	base     *apitype.DeploymentV3
	path     string
	managers []engine.SnapshotManager
	saved    *checkpoints
	compared int
	// untouched are resources of the base that no step has taken; open are steps that have begun.
	untouched []*states.State
	done      []resource.URN
	open      []begun
	made      int
}

type begun struct {
	step      deploy.Step
	mutations []engine.SnapshotMutation
	finish    func()
}

type checkpoints struct {
	count int
	last  *apitype.DeploymentV3
}

func (c *checkpoints) Save(deployment apitype.TypedDeployment) error {
	c.count++
	// The engine goes on to change what it hands out.
	text, err := json.Marshal(deployment.Deployment)
	c.last = &apitype.DeploymentV3{}
	return orElse(err, func() error { return json.Unmarshal(text, c.last) })
}

func orElse(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

type onDisk struct{ *journal }

func (d onDisk) Append(_ context.Context, entry apitype.JournalEntry) error {
	// Every entry comes twice, as after an answer that got lost.
	return orElse(d.append([]apitype.JournalEntry{entry}), func() error { return d.append([]apitype.JournalEntry{entry}) })
}

func newComparison(t *testing.T, random *rand.Rand) *comparison {
	t.Helper()
	run := &comparison{t: t, random: random, saved: &checkpoints{}, path: filepath.Join(t.TempDir(), "journal.jsonl")}
	for index := range 12 {
		run.untouched = append(run.untouched, state(fmt.Sprintf("old-%d", index), nil))
	}
	keeper := b64.NewBase64SecretsManager()
	pending := []states.Operation{states.NewOperation(state("never-made", nil), states.OperationTypeCreating)}
	base := deploy.NewSnapshot(deploy.Manifest{Time: time.Now()}, keeper, slices.Clone(run.untouched), pending,
		deploy.SnapshotMetadata{}, nil, nil)
	serialized, _, _, err := stack.SerializeDeploymentWithMetadata(t.Context(), base, false)
	check(t, err)
	run.base = serialized
	file, err := createJournal(run.path, head{Format: format})
	check(t, err)
	journaled, err := backend.NewJournaler(t.Context(), onDisk{file}, keeper, base)
	check(t, err)
	second, err := engine.NewJournalSnapshotManager(journaled, base, keeper)
	check(t, err)
	run.managers = []engine.SnapshotManager{backend.NewSnapshotManager(run.saved, keeper, base, nil), second}
	return run
}

// step begins a step of the engine or ends one that is under way, now and then with a failure.
func (c *comparison) step() {
	before := c.saved.count
	if len(c.open) == 0 || len(c.open) < 5 && c.random.IntN(2) == 0 {
		c.begin()
	} else {
		c.end(c.random.IntN(len(c.open)), c.random.IntN(5) > 0)
	}
	if c.saved.count > before {
		c.compared++
		c.compare()
	}
}

func (c *comparison) begin() {
	next := begun{}
	if kind := c.random.IntN(4); kind == 0 || len(c.untouched) == 0 {
		made := state(fmt.Sprintf("new-%d", c.made), c.done)
		c.made++
		next.step = deploy.NewCreateStep(nil, registration{}, made)
		next.finish = func() { c.done = append(c.done, made.URN) }
	} else {
		index := c.random.IntN(len(c.untouched))
		old := c.untouched[index]
		c.untouched = slices.Delete(c.untouched, index, index+1)
		changed := state(old.URN.Name(), c.done)
		next.finish = func() { c.done = append(c.done, old.URN) }
		switch kind {
		case 1:
			next.step = deploy.NewSameStep(nil, registration{}, old, changed)
		case 2:
			changed.Inputs["changed"] = resource.NewProperty("yes & <no>")
			next.step = deploy.NewUpdateStep(nil, registration{}, old, changed, nil, nil, nil, nil, nil)
		case 3:
			next.step = deploy.NewDeleteStep(nil, map[resource.URN]bool{}, old, nil)
			next.finish = func() {}
		}
	}
	for _, manager := range c.managers {
		mutation, err := manager.BeginMutation(next.step)
		check(c.t, err)
		next.mutations = append(next.mutations, mutation)
	}
	c.open = append(c.open, next)
}

func (c *comparison) end(index int, successful bool) {
	ended := c.open[index]
	c.open = slices.Delete(c.open, index, index+1)
	for _, mutation := range ended.mutations {
		check(c.t, mutation.End(ended.step, successful))
	}
	if successful {
		ended.finish()
	}
}

func (c *comparison) compare() {
	c.t.Helper()
	// A line that was being written when the machine stopped.
	torn := filepath.Join(c.t.TempDir(), "torn.jsonl")
	text, err := os.ReadFile(c.path)
	check(c.t, err)
	check(c.t, os.WriteFile(torn, append(text, `{"entry":{"version":1,"kind":1,"seq`...), 0o600))
	found, err := readJournal(torn)
	check(c.t, err)
	copied := &apitype.DeploymentV3{}
	plain, err := json.Marshal(c.base)
	check(c.t, err)
	check(c.t, json.Unmarshal(plain, copied))
	replayed, err := replay(copied, found.entries)
	check(c.t, err)
	if want, got := comparable(c.t, c.saved.last), comparable(c.t, replayed.Deployment); want != got {
		c.t.Fatalf("checkpoint:\n%s\njournal:\n%s", want, got)
	}
}

// comparable is a state without the moment at which it was written, and without the order of what is pending.
func comparable(t *testing.T, deployment *apitype.DeploymentV3) string {
	t.Helper()
	pending := slices.SortedFunc(slices.Values(deployment.PendingOperations), func(a, b apitype.OperationV2) int {
		return strings.Compare(string(a.Resource.URN)+string(a.Type), string(b.Resource.URN)+string(b.Type))
	})
	text, err := json.MarshalIndent([]any{deployment.Resources, pending, deployment.SecretsProviders}, "", " ")
	check(t, err)
	return string(text)
}

func state(name string, dependencies []resource.URN) *states.State {
	return &states.State{
		Type:         tokens.Type("test:index:Thing"),
		URN:          resource.NewURN("dev", "small", "", "test:index:Thing", name),
		Inputs:       resource.PropertyMap{"name": resource.NewProperty(name)},
		Outputs:      resource.PropertyMap{"secret": resource.MakeSecret(resource.NewProperty("hidden"))},
		Dependencies: slices.Clone(dependencies),
	}
}

type registration struct{ deploy.SourceEvent }

func (registration) Goal() *states.Goal                 { return nil }
func (registration) Done(*deploy.RegisterResult)        {}
func (registration) Extension() *apitype.Extension      { return nil }
func (registration) ExtensionRef() apitype.ExtensionRef { return "" }

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

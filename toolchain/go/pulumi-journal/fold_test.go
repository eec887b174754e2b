package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/backend"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// home is a file backend with a stack, in a folder of the test's.
func home(t *testing.T) (*record, backend.Stack) {
	t.Helper()
	folder := t.TempDir()
	opened, err := openRecord(t.Context(), "file://"+folder)
	check(t, err)
	reference, err := opened.ParseStackReference("organization/small/dev")
	check(t, err)
	stack, err := opened.CreateStack(t.Context(), reference, folder, nil, nil)
	check(t, err)
	return opened, stack
}

func created(sequence int64, name string) []apitype.JournalEntry {
	made := apitype.ResourceV3{URN: resource.NewURN("dev", "small", "", "test:index:Thing", name), Type: "test:index:Thing"}
	return []apitype.JournalEntry{
		{Version: 1, Kind: apitype.JournalEntryKindBegin, SequenceID: sequence, OperationID: sequence,
			Operation: &apitype.OperationV2{Resource: made, Type: apitype.OperationTypeCreating}},
		{Version: 1, Kind: apitype.JournalEntryKindSuccess, SequenceID: sequence + 1, OperationID: sequence, State: &made},
	}
}

// underWay is an update that has made a thing and is making another.
func underWay(t *testing.T, record *record, stack backend.Stack) *update {
	t.Helper()
	under, err := record.begin(t.Context(), stack, backend.UpdateInfo{Kind: apitype.UpdateUpdate})
	check(t, err)
	check(t, under.journal.append(created(1, "made")))
	check(t, under.journal.append(created(3, "half")[:1]))
	return under
}

func expectMadeAndHalf(t *testing.T, record *record, stack backend.Stack) {
	t.Helper()
	found, _, err := record.current(t.Context(), stack)
	check(t, err)
	if len(found.Resources) != 1 || found.Resources[0].URN.Name() != "made" {
		t.Fatalf("resources: %v", found.Resources)
	}
	if len(found.PendingOperations) != 1 || found.PendingOperations[0].Resource.URN.Name() != "half" {
		t.Fatalf("pending: %v", found.PendingOperations)
	}
	if left, _ := filepath.Glob(filepath.Join(record.journals(stack), "*")); len(left) > 0 {
		t.Fatalf("left: %v", left)
	}
	check(t, record.Lock(t.Context(), stack.Ref()))
	record.Unlock(t.Context(), stack.Ref())
}

// forget is what a kill does to a lock once `petrichor` has seen that its process is gone.
func forget(t *testing.T, record *record) {
	t.Helper()
	check(t, os.RemoveAll(filepath.Join(record.folder, "locks")))
}

// again opens a file backend as another process would.
func again(t *testing.T, record *record) *record {
	t.Helper()
	opened, err := openRecord(t.Context(), "file://"+filepath.Dir(record.folder))
	check(t, err)
	return opened
}

func TestAnUpdateEndsInTheStateAndInTheHistory(t *testing.T) {
	record, stack := home(t)
	under := underWay(t, record, stack)
	under.info.Result = backend.SucceededResult
	check(t, record.end(t.Context(), under))
	expectMadeAndHalf(t, record, stack)
	told, err := record.GetHistory(t.Context(), stack.Ref(), 0, 0)
	check(t, err)
	if len(told) != 1 || told[0].Result != backend.SucceededResult || told[0].Kind != apitype.UpdateUpdate || told[0].EndTime == 0 {
		t.Fatalf("history: %+v", told)
	}
	copies, _ := filepath.Glob(filepath.Join(record.folder, "history/small/dev/*.checkpoint.json"))
	if len(copies) != 1 {
		t.Fatalf("copies of the state: %v", copies)
	}
}

func TestTheNextRunBringsInWhatAKilledOneLeft(t *testing.T) {
	record, stack := home(t)
	underWay(t, record, stack)
	forget(t, record)
	check(t, foldLeft(t.Context(), again(t, record), "small", "dev"))
	expectMadeAndHalf(t, record, stack)
	check(t, foldLeft(t.Context(), again(t, record), "small", "dev"))
	expectMadeAndHalf(t, record, stack)
}

func TestAnUpdateBeginsWithWhatAKilledOneLeft(t *testing.T) {
	record, stack := home(t)
	underWay(t, record, stack)
	forget(t, record)
	other := again(t, record)
	under, err := other.begin(t.Context(), stack, backend.UpdateInfo{})
	check(t, err)
	check(t, other.end(t.Context(), under))
	expectMadeAndHalf(t, record, stack)
}

// Killed after the mark and before the state was written, or after the state and before the journal was taken away.
func TestFoldingGoesOnWhereItWasKilled(t *testing.T) {
	for _, saved := range []bool{false, true} {
		record, stack := home(t)
		under := underWay(t, record, stack)
		_, next, err := record.unfold(t.Context(), stack, under.path)
		check(t, err)
		if saved {
			check(t, record.save(t.Context(), stack, next))
		}
		forget(t, record)
		check(t, foldLeft(t.Context(), again(t, record), "small", "dev"))
		expectMadeAndHalf(t, record, stack)
	}
}

func TestAJournalOfAnotherStateIsRefusedAndKept(t *testing.T) {
	record, stack := home(t)
	under := underWay(t, record, stack)
	forget(t, record)
	other, err := replay(&apitype.DeploymentV3{}, created(1, "of somebody else"))
	check(t, err)
	check(t, again(t, record).save(t.Context(), stack, &other))
	err = foldLeft(t.Context(), again(t, record), "small", "dev")
	if err == nil || !strings.Contains(err.Error(), under.path) {
		t.Fatalf("error: %v", err)
	}
	if _, err := os.Stat(under.path); err != nil {
		t.Fatal(err)
	}
	check(t, again(t, record).Lock(t.Context(), stack.Ref()))
}

func TestAnUpdateAndPlainPulumiKeepEachOtherOut(t *testing.T) {
	record, stack := home(t)
	under := underWay(t, record, stack)
	if err := again(t, record).Lock(t.Context(), stack.Ref()); err == nil || !strings.Contains(err.Error(), "locked") {
		t.Fatalf("plain pulumi got the lock: %v", err)
	}
	if _, err := again(t, record).begin(t.Context(), stack, backend.UpdateInfo{}); err == nil {
		t.Fatal("a second update began")
	}
	check(t, record.end(t.Context(), under))
	expectMadeAndHalf(t, record, stack)
}

func TestEntriesThatTheReplayDoesNotKnowAreRefused(t *testing.T) {
	record, stack := home(t)
	under := underWay(t, record, stack)
	for _, entry := range []apitype.JournalEntry{{Version: 2}, {Version: 1, Kind: 42}} {
		if err := under.journal.append([]apitype.JournalEntry{entry}); err == nil {
			t.Errorf("stored %+v", entry)
		}
	}
	path := filepath.Join(t.TempDir(), "younger.jsonl")
	check(t, os.WriteFile(path, []byte(`{"format":2}`+"\n"), 0o600))
	if _, err := readJournal(path); err == nil {
		t.Error("read a journal of another format")
	}
}

func TestTheServiceListensToItsEngineOnly(t *testing.T) {
	record, _ := home(t)
	served, err := serve(record)
	check(t, err)
	for token, want := range map[string]int{"": 401, "token other": 401, "token " + served.token: 200, "update-token " + served.token: 200} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, served.address+"/api/stacks/organization/small/dev/export", nil)
		check(t, err)
		request.Header.Set("Authorization", token)
		answered, err := http.DefaultClient.Do(request)
		check(t, err)
		var body map[string]any
		check(t, json.NewDecoder(answered.Body).Decode(&body))
		check(t, answered.Body.Close())
		if answered.StatusCode != want {
			t.Errorf("%q: %d %v", token, answered.StatusCode, body)
		}
	}
}

func TestOnlyFileBackendsHaveAJournal(t *testing.T) {
	for _, address := range []string{"", "s3://bucket", "https://api.pulumi.com"} {
		if _, err := openRecord(context.Background(), address); err == nil {
			t.Errorf("opened %q", address)
		}
	}
}

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/backend"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// format is the version of the file's layout. A file of another one is refused, never guessed at.
const format = 1

// head is the first line of a journal: what the entries below it apply to.
type head struct {
	Format int `json:"format"`
	// Base is the digest of the state that the update began with: entries name resources by their place in it.
	Base string `json:"base"`
	// Update is what the history is to tell of the update.
	Update backend.UpdateInfo `json:"update"`
}

// line is any other line: an entry of the engine's, or at the end the digest of the state that the journal is being folded
// into. Whoever finds that state knows that there is nothing left to do.
type line struct {
	Entry  *apitype.JournalEntry `json:"entry,omitempty"`
	Folded string                `json:"folded,omitempty"`
}

// journal is an append-only file of what one update did. A line is in the file when the call that writes it returns: it outlives
// every process. Like a checkpoint of the file backend it is not forced to the disk, which would hold up each step for 3 to 14 ms.
type journal struct {
	file *os.File
	seen map[int64]bool
}

func createJournal(path string, first head) (*journal, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	created := &journal{file: file, seen: map[int64]bool{}}
	return created, created.write(first)
}

// append stores entries in the order given. The engine repeats a request whose answer it missed: what is stored already is
// passed over.
func (j *journal) append(entries []apitype.JournalEntry) error {
	lines := make([]any, 0, len(entries))
	for _, entry := range entries {
		if err := known(entry); err != nil {
			return err
		}
		if !j.seen[entry.SequenceID] {
			lines = append(lines, line{Entry: &entry})
		}
	}
	if err := j.write(lines...); err != nil {
		return err
	}
	for _, entry := range entries {
		j.seen[entry.SequenceID] = true
	}
	return nil
}

func (j *journal) write(lines ...any) error {
	if len(lines) == 0 {
		return nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	for _, each := range lines {
		if err := encoder.Encode(each); err != nil {
			return err
		}
	}
	_, err := j.file.Write(text.Bytes())
	return err
}

// mark tells what the journal is about to be folded into. From here on two files have to agree, so the disk has to have it first.
func mark(path, digest string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	return errors.Join((&journal{file: file}).write(line{Folded: digest}), file.Sync(), file.Close())
}

// known refuses entries that the replay would pass over without a word.
func known(entry apitype.JournalEntry) error {
	if entry.Version != 1 || entry.Kind.String() == "invalid" {
		return fmt.Errorf("the engine writes journal entries that are not known here (kind %d, version %d)", entry.Kind, entry.Version)
	}
	return nil
}

// contents is a journal as it is read back.
type contents struct {
	head
	entries []apitype.JournalEntry
	folded  string
}

// readJournal reads what was stored. A last line without an end was being written when the machine stopped: the engine
// never got an answer to it, so it does not count.
func readJournal(path string) (*contents, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader := bufio.NewReader(file)
	found := &contents{}
	seen := map[int64]bool{}
	for number := 1; ; number++ {
		text, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err == nil && number == 1 {
			err = found.begin(text)
		} else if err == nil {
			err = found.add(text, seen)
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, number, err)
		}
	}
}

func (c *contents) begin(text []byte) error {
	if err := json.Unmarshal(text, &c.head); err != nil {
		return err
	}
	if c.Format != format {
		return fmt.Errorf("format %d instead of %d", c.Format, format)
	}
	return nil
}

func (c *contents) add(text []byte, seen map[int64]bool) error {
	var each line
	if err := json.Unmarshal(text, &each); err != nil {
		return err
	}
	if each.Entry == nil {
		c.folded = each.Folded
		return nil
	}
	if err := known(*each.Entry); err != nil {
		return err
	}
	if !seen[each.Entry.SequenceID] {
		seen[each.Entry.SequenceID] = true
		c.entries = append(c.entries, *each.Entry)
	}
	return nil
}

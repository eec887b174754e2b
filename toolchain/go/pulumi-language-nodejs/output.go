package main

import (
	"bytes"
	"io"
)

// plainWriter hides that a writer is a file.
type plainWriter struct{ io.Writer }

const outOfMemoryAdvice = "It seems to have run out of memory. Give node more by the runtime option nodeargs in Pulumi.yaml, " +
	"for example `nodeargs: --max-old-space-size=4096` (in MiB)."

// outOfMemoryMarkers are what V8 writes when its heap is full; the second where an attached inspector hides the first.
var outOfMemoryMarkers = [][]byte{
	[]byte("<--- Last few GCs --->"),
	[]byte("Check failed: needs_context && current_scope_ == closure_scope_"),
}

// outOfMemoryWatch passes output on and notices when it tells that node ran out of memory.
type outOfMemoryWatch struct {
	to   io.Writer
	seen bool
	// tail holds the end of what was written, as long as the longest marker: a marker may come in two writes.
	tail []byte
}

func (watch *outOfMemoryWatch) Write(data []byte) (int, error) {
	text := append(watch.tail, data...)
	longest := 0
	for _, marker := range outOfMemoryMarkers {
		watch.seen = watch.seen || bytes.Contains(text, marker)
		longest = max(longest, len(marker))
	}
	watch.tail = bytes.Clone(text[max(0, len(text)-longest):])
	return watch.to.Write(data)
}

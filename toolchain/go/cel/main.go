// Command cel judges Kubernetes objects by ValidatingAdmissionPolicies with the API server's own libraries: the same CEL
// environment, the same evaluation, the same type checks, the same defaulting of objects.
//
// It reads one JSON request a line on standard input and answers with one JSON line each, in order, until the input ends.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// request holds one operation; exactly one of the fields beside ID is set.
type request struct {
	ID      int             `json:"id"`
	Load    *loadRequest    `json:"load,omitempty"`
	Judge   *judgeRequest   `json:"judge,omitempty"`
	Check   *checkRequest   `json:"check,omitempty"`
	Admit   *admitRequest   `json:"admit,omitempty"`
	Mutants *mutantsRequest `json:"mutants,omitempty"`
}

type response struct {
	ID     int    `json:"id"`
	Error  string `json:"error,omitempty"`
	Result any    `json:"result,omitempty"`
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(input io.Reader, output io.Writer) error {
	reader := bufio.NewReaderSize(input, 1<<20)
	writer := bufio.NewWriterSize(output, 1<<20)
	encoder := json.NewEncoder(writer)
	encoder.SetEscapeHTML(false)
	server := &server{}
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			if err := encoder.Encode(server.answer(line)); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
			if err := writer.Flush(); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read request: %w", err)
		}
	}
}

// server keeps the policies that were loaded last; requests are answered one after another.
type server struct {
	rules *ruleSet
}

func (s *server) answer(line []byte) response {
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		return response{Error: fmt.Sprintf("the request is not valid JSON: %v", err)}
	}
	result, err := s.run(&r)
	if err != nil {
		return response{ID: r.ID, Error: err.Error()}
	}
	return response{ID: r.ID, Result: result}
}

func (s *server) run(r *request) (any, error) {
	switch {
	case r.Load != nil:
		rules, err := load(r.Load)
		if err != nil {
			return nil, err
		}
		s.rules = rules
		return map[string]int{"policies": len(rules.rules)}, nil
	case r.Judge != nil:
		if s.rules == nil {
			return nil, errors.New("no policies are loaded")
		}
		return s.rules.judge(r.Judge)
	case r.Check != nil:
		return check(r.Check)
	case r.Admit != nil:
		return admit(r.Admit)
	case r.Mutants != nil:
		return mutants(r.Mutants)
	default:
		return nil, errors.New("the request names no operation")
	}
}

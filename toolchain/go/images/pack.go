package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return strings.Join(*l, " ") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

func packImage(ctx context.Context, arguments []string) (string, error) {
	var files, commands, environment list
	flags := flag.NewFlagSet("pack", flag.ContinueOnError)
	reference := flags.String("reference", "", "`name` of the image: NAME:TAG")
	output := flags.String("output", "", "archive `file` to write")
	repository := flags.String("push", "", "registry to push to: `HOST/NAME` or HOST/NAME:TAG")
	architecture := flags.String("architecture", runtime.GOARCH, "`architecture` of the programs, in Go's words")
	user := flags.String("user", nonroot, "`UID:GID` the program runs as")
	flags.Var(&files, "file", "`/PATH=FILE` in the image and on this machine; several times")
	flags.Var(&commands, "entrypoint", "program and its first arguments, one a flag; default: the first file")
	flags.Var(&environment, "env", "`NAME=VALUE`; several times")
	if err := parse(flags, arguments, "reference", "file"); err != nil {
		return "", err
	}

	entries := baseEntries()
	for _, file := range files {
		destination, source, found := strings.Cut(file, "=")
		if !found || !strings.HasPrefix(destination, "/") {
			return "", fmt.Errorf("--file %q: write /PATH=FILE", file)
		}
		e, err := fileEntry(destination, source)
		if err != nil {
			return "", err
		}
		entries = append(entries, e)
		if len(commands) == 0 {
			commands = list{destination}
		}
	}
	image, err := imageOf(entries, *architecture, v1.Config{Entrypoint: commands, Env: environment, User: *user, WorkingDir: "/"})
	if err != nil {
		return "", err
	}
	if *output != "" {
		if err := save(image, *reference, *output); err != nil {
			return "", err
		}
	}
	if *repository != "" {
		return publish(ctx, image, *repository)
	}
	digest, err := image.Digest()
	if err != nil {
		return "", err
	}
	return *reference + "@" + digest.String(), nil
}

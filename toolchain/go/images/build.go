package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	ko "github.com/google/ko/pkg/build"
)

func buildImage(ctx context.Context, arguments []string) (string, error) {
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	source := flags.String("source", "", "`folder` of a Go module")
	main := flags.String("package", ".", "main package, relative to the source `folder`")
	repository := flags.String("repository", "", "registry to push to: `HOST/NAME` or HOST/NAME:TAG")
	output := flags.String("output", "", "archive `file` to write, named by --repository")
	architecture := flags.String("architecture", runtime.GOARCH, "`architecture` to build for, in Go's words")
	dryRun := flags.Bool("no-push", false, "build and print the digest, push nothing")
	if err := parse(flags, arguments, "source", "repository"); err != nil {
		return "", err
	}
	if _, err := exec.LookPath("go"); err != nil {
		return "", fmt.Errorf("go is not on PATH: %w", err)
	}

	archive, err := filepath.Abs(*output)
	if err != nil {
		return "", err
	}
	image, err := compile(ctx, *source, *main, *architecture)
	if err != nil {
		return "", err
	}
	if *output != "" {
		if err := save(image, *repository, archive); err != nil {
			return "", err
		}
	}
	if *dryRun {
		return digestIn(image, *repository)
	}
	return publish(ctx, image, *repository)
}

func compile(ctx context.Context, source, main, architecture string) (v1.Image, error) {
	folder, err := filepath.Abs(source)
	if err != nil {
		return nil, err
	}
	// ko and the go command name the main package relative to the working folder.
	if err := os.Chdir(folder); err != nil {
		return nil, err
	}
	// What ko tells along the way is about git, which plays no part here; what goes wrong it returns.
	log.SetOutput(io.Discard)
	builder, err := ko.NewGo(ctx, folder,
		ko.WithBaseImages(emptyBase(architecture)),
		ko.WithPlatforms("linux/"+architecture),
		ko.WithTrimpath(true),
		// The commit that the source stands at is no part of it: the same source in a later commit is the same image.
		ko.WithDefaultFlags([]string{"-buildvcs=false"}),
		ko.WithDefaultEnv([]string{"CGO_ENABLED=0"}),
		ko.WithDisabledSBOM(),
		ko.WithCreationTime(epoch),
		ko.WithKoDataCreationTime(epoch),
	)
	if err != nil {
		return nil, err
	}
	reference, err := builder.QualifyImport("./" + filepath.ToSlash(filepath.Clean(main)))
	if err != nil {
		return nil, err
	}
	if err := builder.IsSupportedReference(reference); err != nil {
		return nil, err
	}
	result, err := builder.Build(ctx, reference)
	if err != nil {
		return nil, err
	}
	image, single := result.(v1.Image)
	if !single {
		return nil, fmt.Errorf("%s: several images were built for one platform", reference)
	}
	return image, nil
}

func emptyBase(architecture string) ko.GetBase {
	return func(context.Context, string) (name.Reference, ko.Result, error) {
		image, err := imageOf(baseEntries(), architecture, v1.Config{User: nonroot, WorkingDir: "/"})
		if err != nil {
			return nil, nil, err
		}
		reference, err := name.ParseReference("petrichor.invalid/base")
		return reference, image, err
	}
}

func digestIn(image v1.Image, repository string) (string, error) {
	digest, err := image.Digest()
	if err != nil {
		return "", err
	}
	reference, err := name.ParseReference(repository)
	if err != nil {
		return "", fmt.Errorf("repository %q: %w", repository, err)
	}
	return reference.Context().Digest(digest.String()).String(), nil
}

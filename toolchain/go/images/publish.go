package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func pushImage(ctx context.Context, arguments []string) (string, error) {
	flags := flag.NewFlagSet("push", flag.ContinueOnError)
	archive := flags.String("archive", "", "image `file` made by pack")
	repository := flags.String("repository", "", "where to: `HOST/NAME`, or HOST/NAME:TAG to set a tag too")
	if err := parse(flags, arguments, "archive", "repository"); err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "images-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	image, err := load(*archive, folder)
	if err != nil {
		return "", fmt.Errorf("archive %s: %w", *archive, err)
	}
	return publish(ctx, image, *repository)
}

// publish pushes by digest, and sets a tag only where one is named; layers that the registry has already are not sent again.
func publish(ctx context.Context, image v1.Image, repository string) (string, error) {
	digest, err := image.Digest()
	if err != nil {
		return "", err
	}
	reference, err := name.ParseReference(repository)
	if err != nil {
		return "", fmt.Errorf("repository %q: %w", repository, err)
	}
	target := reference.Context().Digest(digest.String())
	if err := remote.Write(target, image, remote.WithContext(ctx)); err != nil {
		return "", fmt.Errorf("push to %s: %w", target, err)
	}
	if tag, tagged := reference.(name.Tag); tagged && tag.String() != reference.Context().String() {
		if err := remote.Tag(tag, image, remote.WithContext(ctx)); err != nil {
			return "", fmt.Errorf("tag %s: %w", tag, err)
		}
	}
	return target.String(), nil
}

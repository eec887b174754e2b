package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// copyImage carries an image, or an index of images, from one registry to another by its digest. What the target has already is not sent
// again. Credentials are those of the person: Docker's configuration and its credential helpers.
func copyImage(ctx context.Context, arguments []string) (string, error) {
	flags := flag.NewFlagSet("copy", flag.ContinueOnError)
	source := flags.String("source", "", "`HOST/NAME@sha256:…` to copy")
	repository := flags.String("repository", "", "where to: `HOST/NAME`")
	if err := parse(flags, arguments, "source", "repository"); err != nil {
		return "", err
	}
	from, err := name.NewDigest(*source)
	if err != nil {
		return "", fmt.Errorf("source %q must name a digest: %w", *source, err)
	}
	to, err := name.NewRepository(*repository)
	if err != nil {
		return "", fmt.Errorf("repository %q: %w", *repository, err)
	}
	target := to.Digest(from.DigestStr())
	options := []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)}
	if there, err := exists(target, options); err != nil || there {
		return target.String(), err
	}
	image, err := remote.Get(from, options...)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", from, err)
	}
	pusher, err := remote.NewPusher(options...)
	if err != nil {
		return "", err
	}
	if err := pusher.Push(ctx, target, image); err != nil {
		return "", fmt.Errorf("push to %s: %w", target, err)
	}
	return target.String(), nil
}

func exists(target name.Digest, options []remote.Option) (bool, error) {
	_, err := remote.Head(target, options...)
	var failure *transport.Error
	if errors.As(err, &failure) && failure.StatusCode == http.StatusNotFound {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", target, err)
	}
	return true, nil
}

// Command images makes OCI images without a container engine and without a base image from elsewhere:
//
//	images build --source DIR --repository HOST/NAME    Go source to an image in a registry; prints HOST/NAME@sha256:…
//	images pack  --reference NAME:TAG --file /PATH=FILE static programs to an image; prints NAME:TAG@sha256:…
//	images push  --archive FILE --repository HOST/NAME  an image made before to a registry; prints HOST/NAME@sha256:…
//	images copy  --source HOST/NAME@sha256:… --repository HOST/NAME  from one registry to another; prints HOST/NAME@sha256:…
//
// The same input gives the same digest: no clock, no host name, no owner of a file enters an image. Registries on loopback
// and private addresses are spoken to in plain HTTP, all others in TLS. Exit codes: 2 wrong usage, 1 any other failure.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// errUsage marks mistakes in the command line; the flag package has told the person already.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	reference, err := run(ctx, os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, "usage: images build|pack|push|copy [flags]; images COMMAND --help lists the flags")
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	default:
		fmt.Println(reference)
	}
}

func run(ctx context.Context, arguments []string) (string, error) {
	if len(arguments) == 0 {
		return "", errUsage
	}
	switch name, rest := arguments[0], arguments[1:]; name {
	case "build":
		return buildImage(ctx, rest)
	case "pack":
		return packImage(ctx, rest)
	case "push":
		return pushImage(ctx, rest)
	case "copy":
		return copyImage(ctx, rest)
	case "help", "--help", "-h":
		return "", errUsage
	default:
		return "", fmt.Errorf("%w: there is no command %q", errUsage, name)
	}
}

// parse reads flags, and names the required ones that are missing.
func parse(flags *flag.FlagSet, arguments []string, required ...string) error {
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	for _, name := range required {
		if flags.Lookup(name).Value.String() == "" {
			fmt.Fprintf(os.Stderr, "images %s: --%s is missing\n", flags.Name(), name)
			return errUsage
		}
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "images %s: %q is no flag\n", flags.Name(), flags.Arg(0))
		return errUsage
	}
	return nil
}

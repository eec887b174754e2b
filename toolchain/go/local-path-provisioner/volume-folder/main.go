// Command volume-folder makes and removes the folder behind a volume. The local-path provisioner runs it on the volume's
// node, as its setupCommand and teardownCommand, so that no shell and no image of other origin is needed.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	folder := flag.String("p", "", "folder of the volume")
	action := flag.String("a", "", "create or delete")
	// The provisioner names size and mode too; a folder has no size and a block device is none.
	flag.String("s", "", "size in bytes")
	mode := flag.String("m", "", "Filesystem or Block")
	flag.Parse()

	if err := run(*action, *folder, *mode); err != nil {
		fmt.Fprintln(os.Stderr, "volume-folder:", err)
		os.Exit(1)
	}
}

func run(action, folder, mode string) error {
	if !filepath.IsAbs(folder) || filepath.Dir(folder) == "/" || filepath.Clean(folder) != folder {
		return fmt.Errorf("-p %q: want a clean absolute path at least two levels deep", folder)
	}
	switch {
	case action == "create" && mode == "Block":
		return fmt.Errorf("-m Block: only Filesystem volumes can be made of a folder")
	case action == "create":
		if err := os.MkdirAll(folder, 0o777); err != nil {
			return err
		}
		// Any user may write: which one the pod runs as is not known here, and the folder above lets only root in.
		return os.Chmod(folder, 0o777)
	case action == "delete":
		return os.RemoveAll(folder)
	default:
		return fmt.Errorf("-a %q: want create or delete", action)
	}
}

package main

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// imageName is the annotation by which `ctr images import` and other engines name an image of an archive.
const imageName = "io.containerd.image.name"

// save writes an archive in the OCI layout, which keeps the digest that the image has in a registry. It is loaded by
// `ctr images import`, and appears whole or not at all.
func save(image v1.Image, reference, file string) error {
	tag, err := name.NewTag(reference)
	if err != nil {
		return fmt.Errorf("reference %q: %w", reference, err)
	}
	folder, err := os.MkdirTemp(filepath.Dir(file), ".image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	index, err := layout.Write(filepath.Join(folder, "layout"), empty.Index)
	if err != nil {
		return err
	}
	annotations := map[string]string{imageName: tag.Name(), "org.opencontainers.image.ref.name": tag.TagStr()}
	if err := index.AppendImage(image, layout.WithAnnotations(annotations)); err != nil {
		return err
	}
	whole := filepath.Join(folder, "archive")
	if err := pack(filepath.Join(folder, "layout"), whole); err != nil {
		return err
	}
	return os.Rename(whole, file)
}

// load reads the one image of an archive; the folder must live as long as the image.
func load(archive, folder string) (v1.Image, error) {
	if err := unpack(archive, folder); err != nil {
		return nil, err
	}
	index, err := layout.ImageIndexFromPath(folder)
	if err != nil {
		return nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	if len(manifest.Manifests) != 1 {
		return nil, fmt.Errorf("want one image, have %d", len(manifest.Manifests))
	}
	return index.Image(manifest.Manifests[0].Digest)
}

// pack writes the files of a folder sorted by path, without time or owner.
func pack(folder, file string) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer out.Close()
	writer := tar.NewWriter(out)
	err = filepath.WalkDir(folder, func(path string, item fs.DirEntry, err error) error {
		if err != nil || item.IsDir() {
			return err
		}
		return add(writer, folder, path)
	})
	return errors.Join(err, writer.Close(), out.Close())
}

func add(writer *tar.Writer, folder, path string) error {
	relative, err := filepath.Rel(folder, path)
	if err != nil {
		return err
	}
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if err := writer.WriteHeader(&tar.Header{Name: filepath.ToSlash(relative), Mode: 0o644, Size: info.Size(), Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	_, err = io.Copy(writer, in)
	return err
}

// unpack writes plain files only, and none outside of the folder.
func unpack(archive, folder string) error {
	in, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer in.Close()
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	for reader := tar.NewReader(in); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if err := extract(root, header.Name, reader); err != nil {
			return err
		}
	}
}

func extract(root *os.Root, path string, content io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	out, err := root.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, content)
	return errors.Join(err, out.Close())
}

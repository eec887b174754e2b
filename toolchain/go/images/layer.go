package main

import (
	"archive/tar"
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// nonroot is the user that distroless images and Kubernetes' examples use for "no user of the host".
const nonroot = "65532:65532"

// epoch is when everything was made: a true time would change the digest.
var epoch = v1.Time{Time: time.Unix(0, 0).UTC()}

// entry is a file of a layer; a path that ends in a slash is a folder.
type entry struct {
	path string
	mode int64
	data []byte
}

// baseEntries is what a static program expects of its root: users, certificate authorities, a writable /tmp.
func baseEntries() []entry {
	return []entry{
		{path: "/tmp/", mode: 0o1777},
		{path: "/etc/passwd", mode: 0o644, data: []byte("root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n")},
		{path: "/etc/group", mode: 0o644, data: []byte("root:x:0:\nnonroot:x:65532:\n")},
		{path: "/etc/ssl/certs/ca-certificates.crt", mode: 0o644, data: certificateAuthorities()},
	}
}

// certificateAuthorities are Mozilla's, without those that hold for a part of the names only: a bundle can't say that.
func certificateAuthorities() []byte {
	var out bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate})
		}
	}
	return out.Bytes()
}

func fileEntry(destination, source string) (entry, error) {
	data, err := os.ReadFile(source)
	if err != nil {
		return entry{}, err
	}
	info, err := os.Stat(source)
	if err != nil {
		return entry{}, err
	}
	mode := int64(0o644)
	if info.Mode()&0o111 != 0 {
		mode = 0o755
	}
	return entry{path: destination, mode: mode, data: data}, nil
}

// layerOf writes the entries, and the folders above them, sorted by path and without time or owner.
func layerOf(entries []entry) (v1.Layer, error) {
	all := withFolders(entries)
	var out bytes.Buffer
	writer := tar.NewWriter(&out)
	for _, e := range all {
		header := &tar.Header{Name: strings.TrimPrefix(e.path, "/"), Mode: e.mode, Size: int64(len(e.data)), Typeflag: tar.TypeReg, Format: tar.FormatPAX}
		if strings.HasSuffix(e.path, "/") {
			header.Typeflag = tar.TypeDir
		}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write(e.data); err != nil {
			return nil, err
		}
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	opener := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(out.Bytes())), nil }
	return tarball.LayerFromOpener(opener, tarball.WithMediaType(types.OCILayer), tarball.WithCompressedCaching)
}

func withFolders(entries []entry) []entry {
	byPath := map[string]entry{}
	for _, e := range entries {
		for folder := path.Dir(strings.TrimSuffix(e.path, "/")); folder != "/"; folder = path.Dir(folder) {
			if _, known := byPath[folder+"/"]; !known {
				byPath[folder+"/"] = entry{path: folder + "/", mode: 0o755}
			}
		}
		byPath[e.path] = e
	}
	all := make([]entry, 0, len(byPath))
	for _, e := range byPath {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	return all
}

// imageOf is an image of one layer for a Linux platform.
func imageOf(entries []entry, architecture string, config v1.Config) (v1.Image, error) {
	layer, err := layerOf(entries)
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err = mutate.Append(image, mutate.Addendum{Layer: layer, MediaType: types.OCILayer, History: v1.History{Created: epoch}})
	if err != nil {
		return nil, err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Config, file.Created = "linux", architecture, config, epoch
	image, err = mutate.ConfigFile(image, file)
	if err != nil {
		return nil, fmt.Errorf("image configuration: %w", err)
	}
	return image, nil
}

package diff

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"petrichor.dev/toolchain/pulumi-resource-kubernetes/internal/objects"
)

// Change is one difference, by its property path.
type Change struct {
	Kind    plugin.DiffKind
	Replace bool
}

// Compare lists the differences between the old object (live state cut to the shape of the old inputs) and the new
// inputs. Changes at or under an ignored path are left out; replacing says which paths need a replacement.
func Compare(old, new *unstructured.Unstructured, replacing, ignored []string) (map[string]Change, error) {
	oldProperties, newProperties := objects.ToProperties(old), objects.ToProperties(new)
	difference := oldProperties.Diff(newProperties)
	if difference == nil {
		return nil, nil
	}
	ignoredPaths, err := parsePaths(ignored)
	if err != nil {
		return nil, err
	}
	replacingPaths, err := parsePaths(replacing)
	if err != nil {
		return nil, err
	}

	changes := map[string]Change{}
	for key, found := range plugin.NewDetailedDiffFromObjectDiff(difference, false) {
		path, err := resource.ParsePropertyPath(key)
		if err != nil {
			return nil, fmt.Errorf("path %q of a change: %w", key, err)
		}
		if slices.ContainsFunc(ignoredPaths, func(ignored resource.PropertyPath) bool { return ignored.Contains(path) }) {
			continue
		}
		changed := func(replacing resource.PropertyPath) bool {
			return replacing.Contains(path) || path.Contains(replacing) &&
				(has(oldProperties, replacing) || has(newProperties, replacing))
		}
		changes[key] = Change{Kind: found.Kind, Replace: slices.ContainsFunc(replacingPaths, changed)}
	}
	return changes, nil
}

func parsePaths(texts []string) ([]resource.PropertyPath, error) {
	paths := make([]resource.PropertyPath, 0, len(texts))
	for _, text := range texts {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			return nil, fmt.Errorf("property path %q: %w", text, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// has reports whether the properties hold anything at a path, which may have `*` in place of a list index.
func has(properties resource.PropertyMap, path resource.PropertyPath) bool {
	value := resource.NewObjectProperty(properties)
	for i, key := range path {
		switch key := key.(type) {
		case string:
			if key == "*" && value.IsArray() {
				rest := path[i+1:]
				return slices.ContainsFunc(value.ArrayValue(), func(element resource.PropertyValue) bool {
					return len(rest) == 0 || element.IsObject() && has(element.ObjectValue(), rest)
				})
			}
			if !value.IsObject() || !value.ObjectValue().HasValue(resource.PropertyKey(key)) {
				return false
			}
			value = value.ObjectValue()[resource.PropertyKey(key)]
		case int:
			if !value.IsArray() || key >= len(value.ArrayValue()) {
				return false
			}
			value = value.ArrayValue()[key]
		}
	}
	return true
}

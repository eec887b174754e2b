package objects

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// The keys which a checkpoint has beside the live object. They are those of the official plugin, so that either plugin
// can go on with a state that the other one wrote.
const (
	keyInputs            = "__inputs"
	keyInitialAPIVersion = "__initialApiVersion"
	keyFieldManager      = "__fieldManager"
)

// Checkpoint is what Pulumi's state keeps of a resource: the object as the API server returned it, the inputs it was
// made from, the apiVersion it was first created with, and the field manager that owns the inputs' fields.
type Checkpoint struct {
	Inputs            *unstructured.Unstructured
	Live              *unstructured.Unstructured
	InitialAPIVersion string
	FieldManager      string
}

// ParseCheckpoint reads a checkpoint. Very old states of the official plugin kept `inputs` and `live` side by side.
func ParseCheckpoint(state resource.PropertyMap) Checkpoint {
	object := FromProperties(state).Object
	checkpoint := Checkpoint{
		InitialAPIVersion: stringOf(object[keyInitialAPIVersion]),
		FieldManager:      stringOf(object[keyFieldManager]),
	}
	live, hasLive := object["live"].(map[string]any)
	inputs, hasInputs := object["inputs"].(map[string]any)
	if !hasLive || !hasInputs {
		live = object
		inputs, _ = object[keyInputs].(map[string]any)
	}
	for _, key := range []string{keyInputs, keyInitialAPIVersion, keyFieldManager} {
		delete(live, key)
	}
	if inputs == nil {
		inputs = map[string]any{}
	}
	checkpoint.Live = &unstructured.Unstructured{Object: live}
	checkpoint.Inputs = &unstructured.Unstructured{Object: inputs}
	if checkpoint.InitialAPIVersion == "" {
		checkpoint.InitialAPIVersion = checkpoint.Inputs.GetAPIVersion()
	}
	return checkpoint
}

// Properties writes the checkpoint. What is secret in from (the program's inputs) is secret in the inputs and in the
// live object, too.
//
// managedFields are left out: they are as large as the object, change with every write of anybody, and nobody reads
// them from the state. Every checkpoint of a stack writes the state of all its resources, so size is time.
func (c Checkpoint) Properties(from resource.PropertyMap) resource.PropertyMap {
	live := c.Live
	if _, found, _ := unstructured.NestedFieldNoCopy(live.Object, "metadata", "managedFields"); found {
		live = live.DeepCopy()
		live.SetManagedFields(nil)
	}
	state, inputs := ToProperties(live), ToProperties(c.Inputs)
	MarkSecrets(state, from)
	MarkSecrets(inputs, from)
	state[keyInputs] = resource.NewObjectProperty(inputs)
	state[keyInitialAPIVersion] = resource.NewStringProperty(c.InitialAPIVersion)
	state[keyFieldManager] = resource.NewStringProperty(c.FieldManager)
	return state
}

func stringOf(value any) string {
	text, _ := value.(string)
	return text
}

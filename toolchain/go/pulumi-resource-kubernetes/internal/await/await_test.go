package await

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	obj := &unstructured.Unstructured{}
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := obj.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	return obj
}

func TestWaitFor(t *testing.T) {
	thing := `
apiVersion: example.com/v1
kind: Thing
metadata: {name: a, generation: 2}
status: {observedGeneration: 2, phase: Running, addresses: [{ip: 192.0.2.1}], conditions: [{type: Ready, status: "True"}, {type: Broken, status: "False"}]}
`
	for expression, want := range map[string]bool{
		"condition=Ready":                                           true,
		"condition=ready=true":                                      true,
		"condition=Broken=False":                                    true,
		"condition=Broken":                                          false,
		"condition=Missing":                                         false,
		"jsonpath={.status.phase}=Running":                          true,
		`jsonpath={.status.phase}="Running"`:                        true,
		"jsonpath={.status.phase}=Failed":                           false,
		"jsonpath={.status.addresses[0].ip}":                        true,
		"jsonpath={.status.nothing}":                                false,
		"jsonpath=.status.phase=Running":                            true,
		`["condition=Ready", "jsonpath={.status.phase}=Running"]`:   true,
		`["condition=Ready", "jsonpath={.status.phase}=Elsewhere"]`: false,
	} {
		condition, err := waitFor(expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		if got := condition.Evaluate(object(t, thing), nil); got.Ready != want {
			t.Errorf("%s: %+v", expression, got)
		}
	}
	for _, expression := range []string{"Ready", "[]", "jsonpath={.a", "jsonpath={.a}=", "jsonpath={.a}x"} {
		if _, err := waitFor(expression); err == nil {
			t.Errorf("%s was taken", expression)
		}
	}
}

func TestPodProblems(t *testing.T) {
	for name, c := range map[string]struct {
		status string
		want   []string
	}{
		"starting": {"{phase: Pending, containerStatuses: [{name: a, state: {waiting: {reason: ContainerCreating}}}]}", nil},
		"ready":    {"{phase: Running, containerStatuses: [{name: a, ready: true, started: true, state: {running: {}}}]}", nil},
		"unschedulable": {
			"{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: no nodes}]}",
			[]string{"pod p: Unschedulable: no nodes"},
		},
		"image": {
			"{containerStatuses: [{name: a, state: {waiting: {reason: ImagePullBackOff, message: no such image}}}]}",
			[]string{`pod p: container "a": ImagePullBackOff: no such image`},
		},
		"crash loop": {
			`{containerStatuses: [{name: a, state: {waiting: {reason: CrashLoopBackOff, message: back-off}},
			  lastState: {terminated: {exitCode: 3, reason: Error}}}]}`,
			[]string{`pod p: container "a": CrashLoopBackOff: Error, exit code 3`},
		},
		"between two crashes": {
			`{containerStatuses: [{name: a, ready: false, started: true, restartCount: 2, state: {running: {}},
			  lastState: {terminated: {exitCode: 3, reason: Error}}}]}`,
			[]string{`pod p: container "a": running again, not ready: Error, exit code 3`},
		},
		"started again after a good end": {
			`{containerStatuses: [{name: a, ready: false, started: true, restartCount: 1, state: {running: {}},
			  lastState: {terminated: {exitCode: 0, reason: Completed}}}]}`,
			[]string{`pod p: container "a": running but not ready`},
		},
		"killed for memory": {
			"{containerStatuses: [{name: a, state: {terminated: {exitCode: 137, reason: OOMKilled}}}]}",
			[]string{`pod p: container "a": terminated: OOMKilled, exit code 137`},
		},
		"init container": {
			"{initContainerStatuses: [{name: i, state: {terminated: {exitCode: 1, reason: Error}}}]}",
			[]string{`pod p: container "i": terminated: Error, exit code 1`},
		},
		"not ready": {
			"{containerStatuses: [{name: a, ready: false, started: true, state: {running: {}}}]}",
			[]string{`pod p: container "a": running but not ready`},
		},
		"evicted": {
			"{phase: Failed, reason: Evicted, message: disk pressure}",
			[]string{"pod p: Evicted: disk pressure"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			pod := object(t, "{apiVersion: v1, kind: Pod, metadata: {name: p}, status: "+c.status+"}")
			var got []string
			for _, found := range podProblems(pod) {
				got = append(got, found.text)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Expected verdicts are ready, failed or waiting.
func TestConditionsOfKinds(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"{apiVersion: batch/v1, kind: Job, metadata: {name: a}}", "waiting"},
		{"{apiVersion: batch/v1, kind: Job, metadata: {name: a}, status: {startTime: x, active: 1}}", "waiting"},
		{"{apiVersion: batch/v1, kind: Job, metadata: {name: a}, status: {conditions: [{type: Complete, status: 'True'}]}}", "ready"},
		{"{apiVersion: batch/v1, kind: Job, metadata: {name: a}, status: {conditions: [{type: Failed, status: 'True'}]}}", "failed"},
		{"{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {phase: Pending}}", "waiting"},
		{"{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {phase: Succeeded}}", "ready"},
		{"{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {phase: Failed}}", "failed"},
		{"{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}, status: {phase: Available}}", "ready"},
		{"{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}, status: {phase: Failed}}", "failed"},
		{"{apiVersion: v1, kind: Secret, metadata: {name: a}, type: Opaque}", "ready"},
		{"{apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/service-account-token}", "waiting"},
		{"{apiVersion: v1, kind: ResourceQuota, metadata: {name: a}, spec: {hard: {pods: '4'}}}", "waiting"},
		{"{apiVersion: v1, kind: ResourceQuota, metadata: {name: a}, spec: {hard: {pods: '4'}}, status: {hard: {pods: '4'}}}", "ready"},
		{`{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, generation: 1}, spec: {replicas: 1}, status: {observedGeneration: 1,
		  replicas: 1, updatedReplicas: 1, conditions: [{type: Progressing, status: 'False', reason: ProgressDeadlineExceeded}]}}`, "failed"},
		{"{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, generation: 2}, spec: {replicas: 1}, status: {observedGeneration: 1}}", "waiting"},
	} {
		obj := object(t, c.text)
		condition, known := ofKind(obj.GroupVersionKind().GroupKind())
		if !known {
			t.Fatalf("%s has no condition", obj.GetKind())
		}
		verdict := condition.Evaluate(obj, nil)
		got := map[bool]string{true: "ready"}[verdict.Ready]
		if got == "" {
			got = map[bool]string{true: "failed", false: "waiting"}[verdict.Failed]
		}
		if got != c.want {
			t.Errorf("%s: %s (%s), want %s", c.text, got, verdict.Message, c.want)
		}
		if got != "ready" && strings.TrimSpace(verdict.Message) == "" {
			t.Errorf("%s says nothing", c.text)
		}
	}
}

func TestBlockersOfADeletion(t *testing.T) {
	namespace := object(t, `
{apiVersion: v1, kind: Namespace, metadata: {name: a, finalizers: [x/y]},
 status: {conditions: [{type: NamespaceContentRemaining, status: "True", message: "2 pods remain"}]}}`)
	if got := blockers(namespace); got != "waiting for deletion, held by x/y; 2 pods remain" {
		t.Error(got)
	}
}

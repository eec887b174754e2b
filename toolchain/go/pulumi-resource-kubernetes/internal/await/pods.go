package await

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	maxPodsExplained = 3
	maxWarnings      = 3
	logLines         = 10
)

var eventKind = schema.GroupVersionKind{Version: "v1", Kind: "Event"}

// problem is one thing that keeps a pod from being ready.
type problem struct {
	text string
	// container whose log may tell more; "" if none can.
	container string
	// previous says that the log of the container's last run is the telling one.
	previous bool
}

// quietReasons are states that a container merely passes through.
var quietReasons = []string{"", "ContainerCreating", "PodInitializing"}

// podProblems reads from a pod's status what keeps it from being ready.
func podProblems(obj *unstructured.Unstructured) []problem {
	var pod corev1.Pod
	if err := convert(obj.Object, &pod); err != nil {
		return nil
	}
	var problems []problem
	if pod.Status.Reason != "" && pod.Status.Phase == corev1.PodFailed {
		problems = append(problems, problem{text: podText(&pod, pod.Status.Reason, pod.Status.Message)})
	}
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Status == corev1.ConditionFalse {
			problems = append(problems, problem{text: podText(&pod, condition.Reason, condition.Message)})
		}
	}
	for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if found, ok := containerProblem(&pod, status); ok {
			problems = append(problems, found)
		}
	}
	return problems
}

func containerProblem(pod *corev1.Pod, status corev1.ContainerStatus) (problem, bool) {
	at := func(reason, message string) string {
		return podText(pod, fmt.Sprintf("container %q: %s", status.Name, reason), message)
	}
	last := status.LastTerminationState.Terminated
	switch state := status.State; {
	case state.Waiting != nil && !slices.Contains(quietReasons, state.Waiting.Reason) && last != nil:
		return problem{text: at(state.Waiting.Reason, exitText(last)), container: status.Name, previous: true}, true
	case state.Waiting != nil && !slices.Contains(quietReasons, state.Waiting.Reason):
		return problem{text: at(state.Waiting.Reason, state.Waiting.Message)}, true
	case state.Terminated != nil && state.Terminated.ExitCode != 0:
		return problem{text: at("terminated", exitText(state.Terminated)), container: status.Name}, true
	// Between two crashes: how the run before ended says more than that this one is not ready yet.
	case state.Running != nil && !status.Ready && pod.DeletionTimestamp == nil && last != nil && last.ExitCode != 0:
		return problem{text: at("running again, not ready", exitText(last)), container: status.Name, previous: true}, true
	case state.Running != nil && !status.Ready && pod.DeletionTimestamp == nil && status.Started != nil:
		return problem{text: at("running but not ready", ""), container: status.Name}, true
	}
	return problem{}, false
}

func exitText(state *corev1.ContainerStateTerminated) string {
	text := fmt.Sprintf("%s, exit code %d", state.Reason, state.ExitCode)
	if state.Message != "" {
		text += ": " + strings.TrimSpace(state.Message)
	}
	return text
}

func podText(pod *corev1.Pod, reason, message string) string {
	text := fmt.Sprintf("pod %s: %s", pod.Name, reason)
	if message != "" {
		text += ": " + message
	}
	return text
}

// explainPods is podProblems with the last lines of the log of each failing container.
func (l *look) explainPods(ctx context.Context, pods []*unstructured.Unstructured) []string {
	var reasons []string
	explained := 0
	for _, pod := range pods {
		problems := podProblems(pod)
		if len(problems) == 0 {
			continue
		}
		if explained++; explained > maxPodsExplained {
			break
		}
		for _, found := range problems {
			text := found.text
			if found.container != "" {
				text += l.lastWords(ctx, pod, found)
			}
			reasons = append(reasons, text)
		}
	}
	return reasons
}

// lastWords are the last lines of the log of the run that failed. Where it has none, the container was started again since its pod
// was looked at: what was the current run is the previous one by now.
func (l *look) lastWords(ctx context.Context, pod *unstructured.Unstructured, found problem) string {
	for _, previous := range []bool{found.previous, true} {
		log := l.cluster.LastLogLines(ctx, pod.GetNamespace(), pod.GetName(), found.container, logLines, previous)
		if log != "" {
			return "\n    last log lines:\n      " + strings.ReplaceAll(log, "\n", "\n      ")
		}
	}
	return ""
}

// readPods reads the pods once, for a failure that came before they were watched.
func (l *look) readPods(ctx context.Context) []*unstructured.Unstructured {
	live, found := l.own.Get(l.namespace, l.name)
	if !found {
		return nil
	}
	pods, err := l.cluster.List(ctx, l.like(podKind), "", "")
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(pods, func(pod *unstructured.Unstructured) bool { return !l.condition.Pods(live)(pod) })
}

// warnings are the newest Warning events about the object and its unready pods: quota, admission, volumes, probes.
func (l *look) warnings(ctx context.Context, pods []*unstructured.Unstructured) []string {
	uids := []string{l.uid}
	for _, pod := range pods {
		uids = append(uids, string(pod.GetUID()))
	}
	events, err := l.cluster.List(ctx, l.like(eventKind), "", "type=Warning")
	if err != nil {
		return nil
	}
	var texts []string
	for _, event := range slices.Backward(events) {
		uid, _, _ := unstructured.NestedString(event.Object, "involvedObject", "uid")
		name, _, _ := unstructured.NestedString(event.Object, "involvedObject", "name")
		message, _, _ := unstructured.NestedString(event.Object, "message")
		reason, _, _ := unstructured.NestedString(event.Object, "reason")
		text := fmt.Sprintf("%s: %s: %s", name, reason, strings.TrimSpace(message))
		ours := slices.Contains(uids, uid) || strings.HasPrefix(name, l.name+"-") && reason == "FailedCreate"
		if ours && reason != "BackOff" && !slices.Contains(texts, text) && len(texts) < maxWarnings {
			texts = append(texts, text)
		}
	}
	return texts
}

func convert(object map[string]any, into any) error {
	return runtime.DefaultUnstructuredConverter.FromUnstructured(object, into)
}

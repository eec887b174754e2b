package await

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/util/jsonpath"
)

type expression func(obj *unstructured.Unstructured) (bool, string)

// waitFor reads the annotation pulumi.com/waitFor: one expression, or a JSON list of expressions that all have to
// hold, each `jsonpath={.status.phase}=Running` or `condition=Ready` in the syntax of `kubectl wait --for`.
func waitFor(annotation string) (Condition, error) {
	texts := []string{}
	if err := json.Unmarshal([]byte(annotation), &texts); err != nil {
		texts = []string{annotation}
	}
	if len(texts) == 0 {
		return Condition{}, errors.New("pulumi.com/waitFor: at least one condition must be specified")
	}
	expressions := make([]expression, 0, len(texts))
	for _, text := range texts {
		parsed, err := parseExpression(text)
		if err != nil {
			return Condition{}, fmt.Errorf("pulumi.com/waitFor: %w", err)
		}
		expressions = append(expressions, parsed)
	}
	return Condition{Timeout: DefaultTimeout, Evaluate: func(obj *unstructured.Unstructured, _ *look) Verdict {
		for _, holds := range expressions {
			if ok, message := holds(obj); !ok {
				return Verdict{Message: message}
			}
		}
		return Verdict{Ready: true}
	}}, nil
}

func parseExpression(text string) (expression, error) {
	if rest, found := strings.CutPrefix(text, "condition="); found {
		kind, want, given := strings.Cut(rest, "=")
		if !given {
			want = "True"
		}
		return hasCondition(kind, want), nil
	}
	if rest, found := strings.CutPrefix(text, "jsonpath="); found {
		return parseJSONPath(rest)
	}
	return nil, fmt.Errorf(`expected a "jsonpath=" or "condition=" prefix, got %q`, text)
}

func hasCondition(kind, want string) expression {
	return func(obj *unstructured.Unstructured) (bool, string) {
		observed, found, _ := unstructured.NestedInt64(obj.Object, "status", "observedGeneration")
		if found && observed < obj.GetGeneration() {
			return false, "waiting for the latest generation to be observed"
		}
		for _, condition := range conditionsOf(obj) {
			if strings.EqualFold(condition.kind, kind) {
				return strings.EqualFold(condition.status, want), fmt.Sprintf("condition %s is %s, not %s: %s",
					condition.kind, condition.status, want, condition.message)
			}
		}
		return false, fmt.Sprintf("waiting for condition %s to be %s", kind, want)
	}
}

// parseJSONPath takes `{.status.phase}=Running`, and `{.status.address}` for "is there and not empty".
func parseJSONPath(text string) (expression, error) {
	template, want, given := strings.TrimSpace(text), "", false
	if end := strings.LastIndex(template, "}"); end >= 0 && end+1 < len(template) {
		rest := template[end+1:]
		if !strings.HasPrefix(rest, "=") {
			return nil, fmt.Errorf("jsonpath %q: expected {…}=value", text)
		}
		template, want, given = template[:end+1], strings.Trim(strings.TrimPrefix(rest, "="), `"'`), true
	} else if end < 0 {
		template, want, given = strings.Cut(template, "=")
		template = "{." + strings.TrimPrefix(template, ".") + "}"
	}
	if given && want == "" {
		return nil, fmt.Errorf("jsonpath %q: the value after = is empty", text)
	}
	path := jsonpath.New("waitFor").AllowMissingKeys(true)
	if err := path.Parse(template); err != nil {
		return nil, fmt.Errorf("jsonpath %q: %w", text, err)
	}
	return func(obj *unstructured.Unstructured) (bool, string) {
		var found bytes.Buffer
		if err := path.Execute(&found, obj.Object); err != nil {
			return false, fmt.Sprintf("waiting for %s", text)
		}
		got := found.String()
		if given {
			return got == want, fmt.Sprintf("%s is %q, not %q", template, got, want)
		}
		return got != "", fmt.Sprintf("waiting for %s", template)
	}, nil
}

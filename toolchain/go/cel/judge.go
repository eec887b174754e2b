package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	k8sruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

type judgeRequest struct {
	// Parameters is the ConfigMap that the bindings name.
	Parameters json.RawMessage `json:"parameters"`
	Form       form            `json:"form"`
	Subjects   []subject       `json:"subjects"`
}

type subject struct {
	Object    json.RawMessage     `json:"object,omitempty"`
	OldObject json.RawMessage     `json:"oldObject,omitempty"`
	Operation admission.Operation `json:"operation,omitempty"`
}

// finding is a policy that an object does not satisfy.
type finding struct {
	Policy  string `json:"policy"`
	Message string `json:"message"`
	// Failed is set when the expression could not be evaluated, for example for its cost; the API server refuses the object then too.
	Failed bool `json:"failed,omitempty"`
}

type verdict struct {
	// Judged counts the policies that wanted to see the object.
	Judged   int       `json:"judged"`
	Findings []finding `json:"findings,omitempty"`
	// Unreadable says why the object could not be read; nothing was judged then.
	Unreadable string `json:"unreadable,omitempty"`
}

func (s *ruleSet) judge(r *judgeRequest) ([]verdict, error) {
	parameters, err := parseParameters(r.Parameters)
	if err != nil {
		return nil, err
	}
	if r.Form != raw && r.Form != admitted {
		return nil, fmt.Errorf("the form is %q; it must be %q or %q", r.Form, raw, admitted)
	}
	verdicts := make([]verdict, len(r.Subjects))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(r.Subjects)); i = next.Add(1) - 1 {
				verdicts[i] = s.judgeOne(&r.Subjects[i], r.Form, parameters)
			}
		})
	}
	workers.Wait()
	return verdicts, nil
}

func (s *ruleSet) judgeOne(subject *subject, as form, parameters *corev1.ConfigMap) verdict {
	attributes, err := attributesOf(subject, as)
	if err != nil {
		return verdict{Unreadable: err.Error()}
	}
	groups, err := s.groupsFor(attributes.VersionedKind, attributes.GetOperation())
	if err != nil {
		return verdict{Unreadable: err.Error()}
	}
	var result verdict
	for _, group := range groups {
		result.Judged += len(distinct(group.rules))
		resource := s.rules[group.rules[0]].kinds[attributes.VersionedKind]
		for _, index := range group.doubtful(attributes, resource, parameters) {
			result.Findings = append(result.Findings, s.rules[index].findings(attributes, parameters)...)
		}
	}
	return result
}

// findings are what the API server's validator says of an object.
func (r *rule) findings(attributes *admission.VersionedAttributes, parameters *corev1.ConfigMap) []finding {
	resource := r.kinds[attributes.VersionedKind]
	outcome := r.validator.Validate(context.Background(), resource, attributes, parameters, nil, celconfig.RuntimeCELCostBudget, nil)
	var found []finding
	for _, decision := range outcome.Decisions {
		if decision.Action == validating.ActionDeny {
			failed := decision.Evaluation == validating.EvalError
			found = append(found, finding{Policy: r.policy.Name, Message: decision.Message, Failed: failed})
		}
	}
	return found
}

func attributesOf(subject *subject, as form) (*admission.VersionedAttributes, error) {
	object, err := parseOptional(subject.Object, as)
	if err != nil {
		return nil, err
	}
	old, err := parseOptional(subject.OldObject, as)
	if err != nil {
		return nil, err
	}
	operation := subject.Operation
	if operation == "" {
		operation = admission.Create
	}
	named := object
	if named == nil {
		named = old
	}
	if named == nil {
		return nil, fmt.Errorf("the subject has neither an object nor an old object")
	}
	kind := named.GetObjectKind().GroupVersionKind()
	accessor, err := meta.Accessor(named)
	if err != nil {
		return nil, err
	}
	// A policy sees the kind it matches; the resource is filled in by each policy.
	record := admission.NewAttributesRecord(object, old, kind, accessor.GetNamespace(), accessor.GetName(), schema.GroupVersionResource{}, "", operation, &metav1.CreateOptions{}, false, nil)
	attributes := &admission.VersionedAttributes{Attributes: record, VersionedKind: kind}
	if object != nil {
		attributes.VersionedObject = admission.NewLazyObject(object)
	}
	if old != nil {
		attributes.VersionedOldObject = admission.NewLazyObject(old)
	}
	return attributes, nil
}

func parseOptional(data json.RawMessage, as form) (k8sruntime.Object, error) {
	if len(data) == 0 {
		return nil, nil
	}
	return parse(data, as)
}

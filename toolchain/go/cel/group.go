package main

import (
	"context"
	"math"

	v1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/cel/environment"

	celtypes "github.com/google/cel-go/common/types"
)

// group evaluates the conditions of many policies in one go, so that they share an object's view and its variables.
// It only finds out which policies are certainly satisfied; every other one is judged again by the API server's own validator.
type group struct {
	rules      []int // index of the policy that each condition belongs to
	conditions plugincel.ConditionEvaluator
}

type groupKey struct {
	kind      schema.GroupVersionKind
	operation admission.Operation
}

// groupsFor gives the policies that match a request, those with compatible variables together.
func (s *ruleSet) groupsFor(kind schema.GroupVersionKind, operation admission.Operation) ([]*group, error) {
	key := groupKey{kind, operation}
	if found, ok := s.groups.Load(key); ok {
		return found.([]*group), nil
	}
	s.grouper.Lock()
	defer s.grouper.Unlock()
	if found, ok := s.groups.Load(key); ok {
		return found.([]*group), nil
	}
	var plans []*plan
	for i := range s.rules {
		if s.rules[i].matches(kind, operation) {
			plans = place(plans, i, s.rules[i].policy)
		}
	}
	groups := make([]*group, len(plans))
	for i, plan := range plans {
		compiled, err := plan.compile()
		if err != nil {
			return nil, err
		}
		groups[i] = compiled
	}
	s.groups.Store(key, groups)
	return groups, nil
}

// plan is a group before it is compiled.
type plan struct {
	rules       []int
	expressions map[string]string
	variables   []v1.Variable
	accessors   []plugincel.ExpressionAccessor
}

func place(plans []*plan, index int, policy *v1.ValidatingAdmissionPolicy) []*plan {
	for _, candidate := range plans {
		if candidate.agrees(policy.Spec.Variables) {
			candidate.add(index, policy)
			return plans
		}
	}
	created := &plan{expressions: map[string]string{}}
	created.add(index, policy)
	return append(plans, created)
}

func (p *plan) agrees(variables []v1.Variable) bool {
	for _, variable := range variables {
		if expression, ok := p.expressions[variable.Name]; ok && expression != variable.Expression {
			return false
		}
	}
	return true
}

func (p *plan) add(index int, policy *v1.ValidatingAdmissionPolicy) {
	for _, variable := range policy.Spec.Variables {
		if _, ok := p.expressions[variable.Name]; !ok {
			p.expressions[variable.Name] = variable.Expression
			p.variables = append(p.variables, variable)
		}
	}
	for _, accessor := range validations(policy) {
		p.rules = append(p.rules, index)
		p.accessors = append(p.accessors, accessor)
	}
}

func (p *plan) compile() (*group, error) {
	compiler, err := compilerWith(p.variables)
	if err != nil {
		return nil, err
	}
	return &group{rules: p.rules, conditions: compiler.CompileCondition(p.accessors, declarations, environment.StoredExpressions)}, nil
}

// doubtful lists the policies of the group that the object does not certainly satisfy, each once.
func (g *group) doubtful(attributes *admission.VersionedAttributes, resource schema.GroupVersionResource, parameters runtime.Object) []int {
	request := plugincel.CreateAdmissionRequest(attributes.Attributes, metav1.GroupVersionResource(resource), metav1.GroupVersionKind(attributes.VersionedKind))
	bindings := plugincel.OptionalVariableBindings{VersionedParams: parameters}
	// The limit of each single expression stays; only the budget of one policy does not fit a group.
	results, _, err := g.conditions.ForInput(context.Background(), attributes, request, bindings, nil, math.MaxInt64)
	if err != nil {
		return distinct(g.rules)
	}
	var rules []int
	for i, result := range results {
		if result.Error != nil || result.EvalResult != celtypes.True {
			rules = append(rules, g.rules[i])
		}
	}
	return distinct(rules)
}

// distinct drops repetitions from a list in which equal numbers are neighbours.
func distinct(numbers []int) []int {
	var kept []int
	for _, number := range numbers {
		if len(kept) == 0 || kept[len(kept)-1] != number {
			kept = append(kept, number)
		}
	}
	return kept
}

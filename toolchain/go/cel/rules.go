package main

import (
	"encoding/json"
	"fmt"
	"sync"

	v1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/cel/environment"
)

type kind struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Resource   string `json:"resource"`
}

type policy struct {
	// Policy is the very object that goes to the cluster.
	Policy v1.ValidatingAdmissionPolicy `json:"policy"`
	// Kinds are the kinds behind the resources that the policy matches.
	Kinds []kind `json:"kinds"`
}

type loadRequest struct {
	Policies []policy `json:"policies"`
}

// rule is a policy made ready as the API server does it.
type rule struct {
	policy    *v1.ValidatingAdmissionPolicy
	kinds     map[schema.GroupVersionKind]schema.GroupVersionResource
	validator validating.Validator
}

type ruleSet struct {
	rules   []rule
	groups  sync.Map // request → []*group
	grouper sync.Mutex
}

var (
	baseEnvironment  = environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion())
	declarations     = plugincel.OptionalVariableDeclarations{HasParams: true, HasAuthorizer: true}
	messageVariables = plugincel.OptionalVariableDeclarations{HasParams: true}
)

func load(r *loadRequest) (*ruleSet, error) {
	set := &ruleSet{rules: make([]rule, len(r.Policies))}
	for i := range r.Policies {
		ready, err := prepare(&r.Policies[i])
		if err != nil {
			return nil, fmt.Errorf("policy %q: %w", r.Policies[i].Policy.Name, err)
		}
		set.rules[i] = ready
	}
	return set, nil
}

func prepare(p *policy) (rule, error) {
	kinds := make(map[schema.GroupVersionKind]schema.GroupVersionResource, len(p.Kinds))
	for _, k := range p.Kinds {
		version, err := schema.ParseGroupVersion(k.APIVersion)
		if err != nil {
			return rule{}, err
		}
		kinds[version.WithKind(k.Kind)] = version.WithResource(k.Resource)
	}
	compiler, err := compilerWith(p.Policy.Spec.Variables)
	if err != nil {
		return rule{}, err
	}
	conditions := compiler.CompileCondition(validations(&p.Policy), declarations, environment.StoredExpressions)
	messages := compiler.CompileCondition(messageExpressions(&p.Policy), messageVariables, environment.StoredExpressions)
	none := compiler.CompileCondition(nil, declarations, environment.StoredExpressions)
	return rule{
		policy:    &p.Policy,
		kinds:     kinds,
		validator: validating.NewValidator(conditions, nil, none, messages, p.Policy.Spec.FailurePolicy, nil),
	}, nil
}

func compilerWith(variables []v1.Variable) (*plugincel.CompositedCompiler, error) {
	compiler, err := plugincel.NewCompositedCompiler(baseEnvironment)
	if err != nil {
		return nil, err
	}
	for _, variable := range variables {
		compiler.CompileAndStoreVariable(&validating.Variable{Name: variable.Name, Expression: variable.Expression}, declarations, environment.StoredExpressions)
	}
	return compiler, nil
}

func validations(p *v1.ValidatingAdmissionPolicy) []plugincel.ExpressionAccessor {
	accessors := make([]plugincel.ExpressionAccessor, len(p.Spec.Validations))
	for i, v := range p.Spec.Validations {
		accessors[i] = &validating.ValidationCondition{Expression: v.Expression, Message: v.Message, Reason: v.Reason}
	}
	return accessors
}

func messageExpressions(p *v1.ValidatingAdmissionPolicy) []plugincel.ExpressionAccessor {
	accessors := make([]plugincel.ExpressionAccessor, len(p.Spec.Validations))
	for i, v := range p.Spec.Validations {
		if v.MessageExpression != "" {
			accessors[i] = &validating.MessageExpressionCondition{MessageExpression: v.MessageExpression}
		}
	}
	return accessors
}

// matches tells whether the policy wants to see a request.
func (r *rule) matches(kind schema.GroupVersionKind, operation admission.Operation) bool {
	resource, ok := r.kinds[kind]
	if !ok {
		return false
	}
	for _, rules := range r.policy.Spec.MatchConstraints.ResourceRules {
		for _, candidate := range rules.Resources {
			if candidate == resource.Resource && includes(rules.Operations, operation) {
				return true
			}
		}
	}
	return false
}

func includes(operations []v1.OperationType, operation admission.Operation) bool {
	for _, candidate := range operations {
		if candidate == v1.OperationAll || string(candidate) == string(operation) {
			return true
		}
	}
	return false
}

func parseParameters(data json.RawMessage) (*corev1.ConfigMap, error) {
	if len(data) == 0 {
		return nil, fmt.Errorf("the request has no parameters")
	}
	parameters := &corev1.ConfigMap{}
	if err := json.Unmarshal(data, parameters); err != nil {
		return nil, fmt.Errorf("parameters: %w", err)
	}
	return parameters, nil
}

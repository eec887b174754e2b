package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/google/cel-go/cel"
	v1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	apiservercel "k8s.io/apiserver/pkg/cel"
	celcommon "k8s.io/apiserver/pkg/cel/common"
	"k8s.io/apiserver/pkg/cel/environment"
	celopenapi "k8s.io/apiserver/pkg/cel/openapi"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/admissionregistration"
	"k8s.io/kubernetes/pkg/apis/admissionregistration/validation"
	"k8s.io/kubernetes/pkg/generated/openapi"
)

type checkRequest struct {
	Policies []policy `json:"policies"`
}

// problem is a reason why a policy must not go to a cluster.
type problem struct {
	Policy string `json:"policy"`
	// Field is the field of the policy, for example `spec.validations[0].expression`.
	Field   string `json:"field"`
	Message string `json:"message"`
}

var builtInSchemas = sync.OnceValue(func() resolver.SchemaResolver {
	return resolver.NewDefinitionsSchemaResolver(openapi.GetOpenAPIDefinitions, legacyscheme.Scheme)
})

// check finds what the API server would refuse, and what it would only warn of or find out at admission: unknown fields and
// errors of type.
func check(r *checkRequest) ([]problem, error) {
	problems := []problem{}
	for i := range r.Policies {
		refused, err := refusals(&r.Policies[i].Policy)
		if err != nil {
			return nil, err
		}
		problems = append(problems, refused...)
		if len(refused) > 0 {
			continue
		}
		mistyped, err := typeErrors(&r.Policies[i])
		if err != nil {
			return nil, err
		}
		problems = append(problems, mistyped...)
	}
	return problems, nil
}

// refusals are what the API server answers when the policy is created.
func refusals(p *v1.ValidatingAdmissionPolicy) ([]problem, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	object, err := fromScheme(data, v1.SchemeGroupVersion.WithKind("ValidatingAdmissionPolicy"))
	if err != nil {
		return nil, fmt.Errorf("policy %q: %w", p.Name, err)
	}
	internal := &admissionregistration.ValidatingAdmissionPolicy{}
	if err := legacyscheme.Scheme.Convert(object, internal, nil); err != nil {
		return nil, fmt.Errorf("policy %q: %w", p.Name, err)
	}
	var problems []problem
	for _, refusal := range validation.ValidateValidatingAdmissionPolicy(internal) {
		problems = append(problems, problem{Policy: p.Name, Field: refusal.Field, Message: refusal.ErrorBody()})
	}
	return problems, nil
}

// typeErrors finds syntax errors, unknown fields and results of a wrong type, for every kind that the policy matches.
func typeErrors(p *policy) ([]problem, error) {
	var problems []problem
	for _, k := range p.Kinds {
		env, err := typedEnvironment(schema.FromAPIVersionAndKind(k.APIVersion, k.Kind))
		if err != nil {
			return nil, err
		}
		found, err := typeErrorsIn(env, &p.Policy)
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i].Message = fmt.Sprintf("%s: %s", k.Kind, found[i].Message)
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

func typeErrorsIn(env *cel.Env, p *v1.ValidatingAdmissionPolicy) ([]problem, error) {
	var problems []problem
	compile := func(field, expression string, wanted *cel.Type) *cel.Type {
		compiled, issues := env.Compile(expression)
		if issues.Err() != nil {
			problems = append(problems, problem{Policy: p.Name, Field: field, Message: issues.Err().Error()})
			return cel.DynType
		}
		if wanted != nil && !compiled.OutputType().IsExactType(wanted) {
			message := fmt.Sprintf("the expression gives %v, not %v", compiled.OutputType(), wanted)
			problems = append(problems, problem{Policy: p.Name, Field: field, Message: message})
		}
		return compiled.OutputType()
	}
	for i, variable := range p.Spec.Variables {
		found := compile(fmt.Sprintf("spec.variables[%d].expression", i), variable.Expression, nil)
		// A qualified name takes precedence over a field of that name, so it needs no type of its own around it.
		extended, err := env.Extend(cel.Variable(plugincel.VariableVarName+"."+variable.Name, found))
		if err != nil {
			return nil, err
		}
		env = extended
	}
	for i, validation := range p.Spec.Validations {
		compile(fmt.Sprintf("spec.validations[%d].expression", i), validation.Expression, cel.BoolType)
		if validation.MessageExpression != "" {
			compile(fmt.Sprintf("spec.validations[%d].messageExpression", i), validation.MessageExpression, cel.StringType)
		}
	}
	return problems, nil
}

var environments = map[schema.GroupVersionKind]*cel.Env{}

// typedEnvironment is that of admission policies, with the types of one kind. A kind that is not built in is of any type.
func typedEnvironment(kind schema.GroupVersionKind) (*cel.Env, error) {
	if env, ok := environments[kind]; ok {
		return env, nil
	}
	request := plugincel.BuildRequestType()
	parameters, err := declaredType(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
	if err != nil {
		return nil, err
	}
	declared := []*apiservercel.DeclType{request, parameters}
	objectType := cel.DynType
	object, err := declaredType(kind)
	if err == nil {
		declared = append(declared, object)
		objectType = object.CelType()
	} else if !errors.Is(err, resolver.ErrSchemaNotFound) {
		return nil, err
	}
	set, err := baseEnvironment.Extend(environment.VersionedOptions{
		IntroducedVersion: version.MajorMinor(1, 0),
		DeclTypes:         declared,
		EnvOptions: []cel.EnvOption{
			cel.Variable(plugincel.RequestVarName, request.CelType()),
			cel.Variable(plugincel.ParamsVarName, parameters.CelType()),
			cel.Variable(plugincel.ObjectVarName, objectType),
			cel.Variable(plugincel.OldObjectVarName, objectType),
		},
	})
	if err != nil {
		return nil, err
	}
	env, err := set.Env(environment.StoredExpressions)
	if err != nil {
		return nil, err
	}
	environments[kind] = env
	return env, nil
}

func declaredType(kind schema.GroupVersionKind) (*apiservercel.DeclType, error) {
	found, err := builtInSchemas().ResolveSchema(kind)
	if err != nil {
		return nil, err
	}
	open(found)
	return celcommon.SchemaDeclType(&celopenapi.Schema{Schema: found}, true).MaybeAssignTypeName(kind.Kind), nil
}

// open lets quantities, which may be written as strings or numbers, be of any type; fields without a type would be unknown.
func open(s *spec.Schema) {
	if len(s.OneOf) > 0 && len(s.Type) == 0 {
		s.AddExtension("x-kubernetes-int-or-string", true)
	}
	for name, property := range s.Properties {
		open(&property)
		s.Properties[name] = property
	}
	if s.Items != nil && s.Items.Schema != nil {
		open(s.Items.Schema)
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil {
		open(s.AdditionalProperties.Schema)
	}
}

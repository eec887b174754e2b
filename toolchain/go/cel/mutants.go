package main

import (
	"fmt"

	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/parser"
)

type mutantsRequest struct {
	Expression string `json:"expression"`
}

type mutant struct {
	// Change says in words what was changed, for example `drop the left side of && at 12`.
	Change     string `json:"change"`
	Expression string `json:"expression"`
}

// mutants gives every expression that differs from the given one by one small change. Macros stay calls, so that a change
// inside `all` is a change of what its author wrote.
func mutants(r *mutantsRequest) ([]mutant, error) {
	root, info, err := parseSource(r.Expression)
	if err != nil {
		return nil, err
	}
	found := []mutant{}
	var failure error
	visit(root.Expr(), func(place ast.Expr) {
		for _, change := range changesOf(place) {
			// Each mutant starts from a fresh tree: a change is made in place.
			copied := ast.Copy(root)
			target := nodeWith(copied.Expr(), place.ID())
			change.apply(ast.NewExprFactory(), target)
			text, err := parser.Unparse(copied.Expr(), copied.SourceInfo())
			if err != nil {
				failure = err
				return
			}
			at := info.GetStartLocation(place.ID()).Column()
			found = append(found, mutant{Change: fmt.Sprintf("%s at %d", change.name, at), Expression: text})
		}
	})
	return found, failure
}

func parseSource(expression string) (*ast.AST, *ast.SourceInfo, error) {
	p, err := parser.NewParser(parser.EnableOptionalSyntax(true))
	if err != nil {
		return nil, nil, err
	}
	parsed, issues := p.Parse(common.NewTextSource(expression))
	if len(issues.GetErrors()) > 0 {
		return nil, nil, fmt.Errorf("%s", issues.ToDisplayString())
	}
	return parsed, parsed.SourceInfo(), nil
}

func visit(e ast.Expr, see func(ast.Expr)) {
	ast.PreOrderVisit(e, ast.NewExprVisitor(see))
}

func nodeWith(root ast.Expr, id int64) ast.Expr {
	var found ast.Expr
	visit(root, func(e ast.Expr) {
		if e.ID() == id && found == nil {
			found = e
		}
	})
	return found
}

type change struct {
	name  string
	apply func(ast.ExprFactory, ast.Expr)
}

var swaps = map[string][]string{
	operators.Equals:        {operators.NotEquals},
	operators.NotEquals:     {operators.Equals},
	operators.Less:          {operators.LessEquals, operators.GreaterEquals},
	operators.LessEquals:    {operators.Less, operators.Greater},
	operators.Greater:       {operators.GreaterEquals, operators.LessEquals},
	operators.GreaterEquals: {operators.Greater, operators.Less},
	operators.LogicalAnd:    {operators.LogicalOr},
	operators.LogicalOr:     {operators.LogicalAnd},
	"all":                   {"exists"},
	"exists":                {"all"},
	"startsWith":            {"endsWith"},
	"endsWith":              {"startsWith"},
	"isGreaterThan":         {"isLessThan"},
	"isLessThan":            {"isGreaterThan"},
}

func changesOf(e ast.Expr) []change {
	switch e.Kind() {
	case ast.CallKind:
		return changesOfCall(e.AsCall())
	case ast.LiteralKind:
		return changesOfLiteral(e.AsLiteral())
	case ast.ListKind:
		return changesOfList(e.AsList())
	default:
		return nil
	}
}

func changesOfCall(call ast.CallExpr) []change {
	var changes []change
	for _, other := range swaps[call.FunctionName()] {
		changes = append(changes, change{fmt.Sprintf("turn %s into %s", call.FunctionName(), other), func(f ast.ExprFactory, e ast.Expr) {
			c := e.AsCall()
			if c.IsMemberFunction() {
				e.SetKindCase(f.NewMemberCall(e.ID(), other, c.Target(), c.Args()...))
				return
			}
			e.SetKindCase(f.NewCall(e.ID(), other, c.Args()...))
		}})
	}
	become := func(name string, pick func(ast.CallExpr) ast.Expr) {
		changes = append(changes, change{name, func(_ ast.ExprFactory, e ast.Expr) { e.SetKindCase(pick(e.AsCall())) }})
	}
	argument := func(i int) func(ast.CallExpr) ast.Expr {
		return func(c ast.CallExpr) ast.Expr { return c.Args()[i] }
	}
	switch call.FunctionName() {
	case operators.LogicalAnd, operators.LogicalOr:
		become("drop the right side of "+call.FunctionName(), argument(0))
		become("drop the left side of "+call.FunctionName(), argument(1))
	case operators.LogicalNot:
		become("drop !", argument(0))
	case operators.Conditional:
		become("always take the first branch", argument(1))
		become("always take the second branch", argument(2))
	case operators.Add:
		become("drop the right side of +", argument(0))
		become("drop the left side of +", argument(1))
	case "filter":
		become("drop filter", func(c ast.CallExpr) ast.Expr { return c.Target() })
	}
	return changes
}

func changesOfLiteral(literal ref.Val) []change {
	replace := func(value ref.Val) []change {
		return []change{{fmt.Sprintf("turn %v into %v", literal.Value(), value.Value()), func(f ast.ExprFactory, e ast.Expr) {
			e.SetKindCase(f.NewLiteral(e.ID(), value))
		}}}
	}
	switch value := literal.(type) {
	case types.Bool:
		return replace(!value)
	case types.Int:
		return append(replace(value+1), replace(value-1)...)
	case types.String:
		return replace(value + "~")
	default:
		return nil
	}
}

func changesOfList(list ast.ListExpr) []change {
	var changes []change
	for i := range list.Elements() {
		changes = append(changes, change{fmt.Sprintf("drop element %d of the list", i), func(f ast.ExprFactory, e ast.Expr) {
			elements := e.AsList().Elements()
			rest := append(append([]ast.Expr{}, elements[:i]...), elements[i+1:]...)
			e.SetKindCase(f.NewList(e.ID(), rest, nil))
		}})
	}
	return changes
}

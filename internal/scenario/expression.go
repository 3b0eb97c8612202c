package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"example.com/marketmock/internal/scenario/value"
)

// memoryBudget bounds what an expression makes; it leaves room for repeat() to
// fill a big body.
const memoryBudget = 256 << 20

// environment is what an expression can use.
type environment struct {
	Status  int            `expr:"status"`
	Headers map[string]any `expr:"headers"`
	Body    any            `expr:"body"`
	Text    string         `expr:"text"`
	Took    int            `expr:"took"` // milliseconds
	Vars    map[string]any `expr:"vars"`
}

// compile checks an expression without running it.
func compile(text string) (*vm.Program, error) {
	exact := expr.Function("fromJSON", fromJSON, new(func(string) any))
	return expr.Compile(text, expr.Env(environment{}), expr.DisableBuiltin("fromJSON"), exact)
}

// fromJSON is the language's own, but for numbers: whole ones stay exact.
func fromJSON(args ...any) (any, error) {
	v, err := value.Decode([]byte(args[0].(string)))
	if err != nil {
		return nil, err
	}
	return toExpression(v), nil
}

// checkExpression compiles an expression and tells each name used as vars.name.
func checkExpression(text string, name func(string)) error {
	if _, err := compile(text); err != nil {
		return err
	}
	tree, err := parser.Parse(text)
	if err != nil {
		return err
	}
	ast.Walk(&tree.Node, visitor(func(n ast.Node) {
		m, ok := n.(*ast.MemberNode)
		if !ok || m.Optional {
			return
		}
		of, isName := m.Node.(*ast.IdentifierNode)
		key, isText := m.Property.(*ast.StringNode)
		if isName && isText && of.Value == "vars" {
			name(key.Value)
		}
	}))
	return nil
}

type visitor func(ast.Node)

// Visit is what ast.Walk calls.
func (v visitor) Visit(n *ast.Node) { v(*n) }

// evaluate runs an expression on the last answer and the variables.
func (p *play) evaluate(ctx context.Context, text string) (any, error) {
	program, err := compile(text)
	if err != nil {
		return nil, err
	}
	env := environment{Vars: toExpression(p.vars).(map[string]any)}
	for _, name := range timeNames() {
		if !strings.Contains(text, "vars."+name) {
			continue
		}
		v, err := p.time(ctx, name)
		if err != nil {
			return nil, err
		}
		env.Vars[name] = toExpression(v)
	}
	if a := p.last; a != nil {
		env.Status, env.Headers, env.Body = a.status, a.headers(), toExpression(a.body)
		env.Text, env.Took = string(a.raw), int(a.took.Milliseconds())
	}
	machine := vm.VM{MemoryBudget: memoryBudget}
	v, err := machine.Run(program, env)
	if err != nil {
		return nil, err
	}
	return fromExpression(v), nil
}

func (p *play) truth(ctx context.Context, text string) (bool, error) {
	v, err := p.evaluate(ctx, text)
	if err != nil {
		return false, err
	}
	yes, ok := v.(bool)
	if !ok {
		return false, fmt.Errorf("%s is %s, neither true nor false", text, value.Show(v))
	}
	return yes, nil
}

// toExpression gives numbers as int where they are whole and fit, else float64.
func toExpression(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := strconv.Atoi(v.String()); err == nil {
			return i
		}
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return f
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = toExpression(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = toExpression(e)
		}
		return out
	}
	return v
}

// fromExpression gives numbers as json.Number again.
func fromExpression(v any) any {
	switch v := v.(type) {
	case int, int64, uint64, int32, uint:
		return json.Number(fmt.Sprint(v))
	case float64:
		return json.Number(strconv.FormatFloat(v, 'f', -1, 64))
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = fromExpression(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = fromExpression(e)
		}
		return out
	}
	return v
}

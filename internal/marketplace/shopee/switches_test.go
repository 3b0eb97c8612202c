package shopee_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A value that is misspelt where a switch is asked would be off without a word: both
// places name one constant.
func TestSwitchesAreComparedWithConstants(t *testing.T) {
	t.Parallel()
	asks := func(e ast.Expr) bool {
		call, isCall := e.(*ast.CallExpr)
		if !isCall {
			return false
		}
		of, isMethod := call.Fun.(*ast.SelectorExpr)
		return isMethod && of.Sel.Name == "Switch"
	}
	literal := func(e ast.Expr) bool {
		l, isLiteral := e.(*ast.BasicLit)
		return isLiteral && l.Kind == token.STRING
	}
	files, asked := token.NewFileSet(), 0
	wrong := func(e ast.Expr) { t.Errorf("%s: name the value by a constant", files.Position(e.Pos())) }
	look := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			for _, pair := range [][2]ast.Expr{{n.X, n.Y}, {n.Y, n.X}} {
				if asks(pair[0]) {
					asked++
					if literal(pair[1]) {
						wrong(pair[1])
					}
				}
			}
		case *ast.SwitchStmt:
			if !asks(n.Tag) {
				return true
			}
			for _, clause := range n.Body.List {
				for _, value := range clause.(*ast.CaseClause).List {
					asked++
					if literal(value) {
						wrong(value)
					}
				}
			}
		}
		return true
	}
	for _, room := range []string{".", "open", "shop", "webchat"} {
		names, err := filepath.Glob(filepath.Join(room, "*.go"))
		require.NoError(t, err)
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			file, err := parser.ParseFile(files, name, text, 0)
			require.NoError(t, err)
			ast.Inspect(file, look)
		}
	}
	require.Greater(t, asked, 30)
}

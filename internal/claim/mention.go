package claim

import (
	"go/ast"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Mention is a claim's id in the code of an emulator.
type Mention struct {
	Claim string
	File  string
}

// Mentions finds the claims that an emulator's code names: in string literals
// that are a whole id, in comments, and in literals passed to a parameter that
// is called claim, there without the marketplace. They come in the order of
// files.
func Mentions(module fs.FS, marketplace string) ([]Mention, error) {
	dir := "internal/marketplace/" + marketplace
	takers := map[string]map[string]int{} // by package
	err := walkGo(module, dir, func(file string, parsed *ast.File) {
		its := path.Dir(file)
		if takers[its] == nil {
			takers[its] = map[string]int{}
		}
		findTakers(parsed, takers[its])
	})
	if err != nil {
		return nil, err
	}
	var all []Mention
	err = walkGo(module, dir, func(file string, parsed *ast.File) {
		for _, id := range named(parsed, marketplace, takers[path.Dir(file)]) {
			all = append(all, Mention{Claim: id, File: file})
		}
	})
	return all, err
}

// findTakers notes the functions with a parameter called claim, and its place.
func findTakers(parsed *ast.File, takers map[string]int) {
	for _, decl := range parsed.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		place := 0
		for _, field := range fn.Type.Params.List {
			for _, name := range field.Names {
				if name.Name == "claim" {
					takers[fn.Name.Name] = place
				}
				place++
			}
		}
	}
}

func named(parsed *ast.File, marketplace string, takers map[string]int) []string {
	id := `[a-z0-9]+(?:-[a-z0-9]+)*`
	whole := regexp.MustCompile(`^` + regexp.QuoteMeta(marketplace) + `/` + id + `$`)
	within := regexp.MustCompile(`(?:^|[\s(,])(` + regexp.QuoteMeta(marketplace) + `/` + id + `)(?:[\s),.;:]|$)`)
	var all []string
	for _, group := range parsed.Comments {
		for _, word := range strings.Fields(group.Text()) {
			if m := within.FindStringSubmatch(word); m != nil {
				all = append(all, m[1])
			}
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, ok := literal(n); ok && whole.MatchString(text) {
				all = append(all, text)
			}
		case *ast.CallExpr:
			if text, ok := passed(n, takers); ok {
				all = append(all, marketplace+"/"+text)
			}
		}
		return true
	})
	return all
}

// passed is the literal that a call gives to a parameter called claim.
func passed(call *ast.CallExpr, takers map[string]int) (string, bool) {
	fn, ok := call.Fun.(*ast.Ident)
	if !ok {
		return "", false
	}
	place, ok := takers[fn.Name]
	if !ok || place >= len(call.Args) {
		return "", false
	}
	lit, ok := call.Args[place].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, ok := literal(lit)
	return text, ok && text != "" // an empty one leaves the claim to the caller
}

func literal(lit *ast.BasicLit) (string, bool) {
	if lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

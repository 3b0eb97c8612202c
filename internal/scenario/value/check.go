package value

import (
	"fmt"
	"strings"
)

// CheckPattern looks for mistakes in the matchers and templates of a pattern
// without filling anything in.
func CheckPattern(n *Node) []Error {
	var out []Error
	n.Walk(func(n *Node) {
		if n.Kind != String {
			return
		}
		if err := checkPatternText(n.Text); err != nil {
			out = append(out, Error{n.Pos, err.Error()})
		}
	})
	return out
}

func checkPatternText(s string) error {
	if _, err := Templates(s); err != nil {
		return err
	}
	if !IsMatcher(s) {
		return nil
	}
	if !strings.Contains(s, "{{") {
		_, err := ParseMatcher(s)
		return err
	}
	name, _, _ := strings.Cut(s[1:len(s)-1], ":")
	if strings.HasPrefix(name, "now") {
		return nil
	}
	for _, k := range matcherKinds() {
		if k.name == name && k.arg {
			return nil
		}
	}
	return fmt.Errorf("%s is no matcher that takes an argument (write '\\%s' for that text)", s, s)
}

// CheckTemplates looks for mistakes in the templates of a value.
func CheckTemplates(n *Node) []Error {
	var out []Error
	n.Walk(func(n *Node) {
		if n.Kind != String {
			return
		}
		if _, err := Templates(n.Text); err != nil {
			out = append(out, Error{n.Pos, err.Error()})
		}
	})
	return out
}

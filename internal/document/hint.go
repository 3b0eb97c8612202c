package document

import (
	"fmt"
	"strings"

	"example.com/marketmock/internal/hint"
)

// Hint is "; did you mean x" for the word that was probably meant, or "".
func Hint(word string, known []string) string {
	if best := hint.Closest(word, known); best != "" {
		return fmt.Sprintf("; did you mean %q", best)
	}
	return ""
}

func unknown(name string, known []string) string {
	if hint := Hint(name, known); hint != "" {
		return fmt.Sprintf("the key %q is not known%s", name, hint)
	}
	return fmt.Sprintf("the key %q is not known; known are %s", name, strings.Join(known, ", "))
}

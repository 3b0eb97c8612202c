package document

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Hint is "; did you mean x" for the word that was probably meant, or "".
func Hint(word string, known []string) string {
	if best := Closest(word, known); best != "" {
		return fmt.Sprintf("; did you mean %q", best)
	}
	return ""
}

// Closest is the known word nearest to a mistyped one, or "" if none is near.
func Closest(word string, known []string) string {
	best, least := "", utf8.RuneCountInString(word)/3+2
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

func unknown(name string, known []string) string {
	if hint := Hint(name, known); hint != "" {
		return fmt.Sprintf("the key %q is not known%s", name, hint)
	}
	return fmt.Sprintf("the key %q is not known; known are %s", name, strings.Join(known, ", "))
}

// distance is Levenshtein's, in runes.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	if len(from) > 64 || len(to) > 64 {
		return 64
	}
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range to {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(to)]
}

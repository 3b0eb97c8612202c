// Package hint finds the word that was probably meant, and writes words as lists
// for people. It knows no file, no format and no message of anybody.
package hint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	longest = 128 // runes of a word that is compared
	most    = 12  // words that are listed whole
	few     = 5   // words that stand for more
)

// DidYouMean is `, did you mean "x"?` for the known word nearest to what was
// written, or "" if none is near.
func DidYouMean(word string, known []string) string {
	if best := Closest(word, known); best != "" {
		return fmt.Sprintf(", did you mean %q?", best)
	}
	return ""
}

// OrKnown is what DidYouMean says, or else `; known: "a", "b"` with all that is
// known if that is at most 12 words, or the 5 nearest of more.
func OrKnown(word string, known []string) string {
	if mean := DidYouMean(word, known); mean != "" {
		return mean
	}
	switch {
	case len(known) == 0:
		return ""
	case len(known) > most:
		return "; among others there are " + And(Nearest(word, known, few))
	}
	return "; known: " + quoted(known, ", ")
}

// Nearest are at most n of the known words, those with the fewest edits first.
func Nearest(word string, known []string, n int) []string {
	from := strings.ToLower(word)
	near := slices.Clone(known)
	slices.SortStableFunc(near, func(a, b string) int {
		return distance(from, strings.ToLower(a), longest) - distance(from, strings.ToLower(b), longest)
	})
	return near[:min(n, len(near))]
}

// Or lists words as alternatives: `"a", "b" or "c"`.
func Or(words []string) string { return listed(words, " or ") }

// And lists words: `"a", "b" and "c"`.
func And(words []string) string { return listed(words, " and ") }

func listed(words []string, last string) string {
	if len(words) < 2 {
		return quoted(words, "")
	}
	n := len(words) - 1
	return quoted(words[:n], ", ") + last + quoted(words[n:], "")
}

func quoted(words []string, between string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strconv.Quote(w)
	}
	return strings.Join(out, between)
}

// Closest is the known word nearest to what was written, or "" if none is near:
// half of a word and more is another one, but for two letters changed about. The
// case of letters does not matter.
func Closest(word string, known []string) string {
	n := len([]rune(word))
	best, least := "", min(n/3+2, max(3, (n+1)/2))
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k), least); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is Levenshtein's in runes, or most if it is not below that.
func distance(a, b string, most int) int {
	from, to := []rune(a), []rune(b)
	if len(from) > longest || len(to) > longest || len(from)-len(to) >= most || len(to)-len(from) >= most {
		return most
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
	return min(row[len(to)], most)
}

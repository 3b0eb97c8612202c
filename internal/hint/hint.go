// Package hint finds the word that was probably meant. It knows no file, no
// format and no message of anybody.
package hint

import (
	"fmt"
	"strings"
)

// longest is the longest word that is compared, in runes.
const longest = 128

// DidYouMean is `, did you mean "x"?` for the known word nearest to what was
// written, or "" if none is near.
func DidYouMean(word string, known []string) string {
	if best := Closest(word, known); best != "" {
		return fmt.Sprintf(", did you mean %q?", best)
	}
	return ""
}

// Closest is the known word nearest to what was written, or "" if none is near.
// The case of letters does not matter.
func Closest(word string, known []string) string {
	best, least := "", len([]rune(word))/3+2
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

package journal

import (
	"strings"
	"unicode"
)

// String is the reason as the header X-Mock-Reason and the log have it: text,
// then pointer, rule and claim where there are any. It is printable ASCII.
func (r Reason) String() string {
	var b strings.Builder
	b.WriteString(r.Text)
	for _, part := range []struct{ name, value string }{
		{"pointer", r.Pointer}, {"rule", r.Rule}, {"claim", r.Claim},
	} {
		if part.value != "" {
			b.WriteString("; " + part.name + "=" + part.value)
		}
	}
	return strings.Map(func(c rune) rune {
		if c > unicode.MaxASCII || !unicode.IsPrint(c) {
			return '?'
		}
		return c
	}, b.String())
}

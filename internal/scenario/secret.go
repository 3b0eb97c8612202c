package scenario

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"example.com/marketmock/internal/mask"
)

const (
	// shortestSecret is the length in bytes from which a credential is looked
	// for: shorter ones stand in any text by chance.
	shortestSecret = 6
	// shortestPiece is how much of a secret must stand at a cut to be hidden.
	shortestPiece = 4
	cut           = "…"
)

// secrets hides the credentials of a target in what is told, wherever they come
// from: an answer may repeat what was sent.
type secrets struct {
	pattern *regexp.Regexp // nil: there are none
	plain   []string
}

// secrets are every credential and header of the target file, whatever it took
// from the environment, and the control token.
func (t Target) secrets() *secrets {
	found := append([]string{t.Token}, t.Secrets...)
	for _, live := range t.Live {
		for _, v := range live.Headers {
			found = append(found, v)
		}
		for _, seller := range live.Sellers {
			for name, v := range seller {
				if name != sellerName {
					found = append(found, v)
				}
			}
		}
	}
	s := &secrets{}
	var patterns []string
	for _, v := range found {
		if len(v) >= shortestSecret {
			s.plain = append(s.plain, v)
		}
	}
	slices.SortFunc(s.plain, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	s.plain = slices.Compact(s.plain)
	for _, v := range s.plain {
		patterns = append(patterns, anyForm(v), regexp.QuoteMeta(base64.StdEncoding.EncodeToString([]byte(v))))
	}
	if len(patterns) > 0 {
		s.pattern = regexp.MustCompile("(?i)" + strings.Join(patterns, "|"))
	}
	return s
}

// anyForm is a pattern of a secret as it stands in JSON, also within a string of
// JSON, in a URL, in a command and in any case of letters.
func anyForm(v string) string {
	var b strings.Builder
	for _, r := range v {
		plain := regexp.QuoteMeta(string(r))
		switch {
		case r == '-' || r == '_' || r == '.' || unicode.IsDigit(r) || (r < unicode.MaxASCII && unicode.IsLetter(r)):
			b.WriteString(plain)
			continue
		case r == '\'':
			plain = `(?:'\\*''|')`
		case r == ' ':
			plain = `[ +]`
		}
		fmt.Fprintf(&b, `(?:\\*%s|%s`, plain, regexp.QuoteMeta(url.QueryEscape(string(r))))
		for i, unit := range utf16.Encode([]rune{r}) {
			b.WriteString([]string{"|", ""}[i])
			fmt.Fprintf(&b, `\\+u%04x`, unit)
		}
		b.WriteByte(')')
	}
	return b.String()
}

// hide masks the secrets in a text, also where a long text was cut in the middle
// of one.
func (s *secrets) hide(text string) string {
	if s.pattern == nil {
		return text
	}
	text = s.pattern.ReplaceAllStringFunc(text, mask.Value)
	if !strings.Contains(text, cut) {
		return text
	}
	parts := strings.Split(text, cut)
	for i := range parts {
		if i < len(parts)-1 {
			parts[i] = s.hideEnd(parts[i])
		}
		if i > 0 {
			parts[i] = s.hideStart(parts[i])
		}
	}
	return strings.Join(parts, cut)
}

// hideEnd takes the beginning of a secret from the end of a text.
func (s *secrets) hideEnd(text string) string {
	kept := strings.TrimSuffix(text, " ")
	for _, f := range s.plain {
		for n := len(f) - 1; n >= shortestPiece; n-- {
			if strings.HasSuffix(kept, f[:n]) {
				return kept[:len(kept)-n] + text[len(kept):]
			}
		}
	}
	return text
}

// hideStart takes the end of a secret from the beginning of a text. What
// mask.Value leaves of a secret may stay.
func (s *secrets) hideStart(text string) string {
	kept := strings.TrimPrefix(text, " ")
	if kept == text {
		return text // a masked value, not a cut
	}
	for _, f := range s.plain {
		for n := len(f) - 1; n >= shortestPiece; n-- {
			if strings.HasPrefix(kept, f[len(f)-n:]) {
				return " " + kept[n:]
			}
		}
	}
	return text
}

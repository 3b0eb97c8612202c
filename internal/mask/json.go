package mask

import (
	"bytes"
	"encoding/json"
	"strings"
)

// longestKey bounds how far a field name is read: the longest secret name with
// every character written as \u0000 and some separators.
const longestKey = 6 * 2 * longestName

// JSON masks the values of secret fields at any depth and leaves the rest byte
// for byte. Valid JSON stays valid. Objects and arrays under a secret name keep
// their shape, their strings and numbers are masked; null, true and false stay.
//
// It looks for field names instead of parsing, so that cut or broken documents
// and text with JSON inside are masked as well. What holds no secret field is
// returned as it came, the same slice.
func JSON(body []byte) []byte {
	var out []byte
	copied := 0
	for at := 0; at < len(body); {
		quote := bytes.IndexByte(body[at:], '"')
		if quote < 0 {
			break
		}
		at += quote
		value, ok := secretField(body, at)
		if !ok {
			at++
			continue
		}
		out = append(out, body[copied:value]...)
		out, at = maskValue(out, body, value)
		copied = at
	}
	if copied == 0 {
		return body
	}
	return append(out, body[copied:]...)
}

// secretField reports whether the name of a secret field opens at this quote,
// and where its value begins. In valid JSON a string before a colon is always a
// name, so no state is needed.
func secretField(body []byte, quote int) (int, bool) {
	if escaped(body, quote) {
		return 0, false
	}
	limit := min(len(body), quote+1+longestKey+1)
	end := stringEnd(body[:limit], quote)
	if end < 0 {
		return 0, false
	}
	colon := skipSpace(body, end)
	if colon == len(body) || body[colon] != ':' {
		return 0, false
	}
	value := skipSpace(body, colon+1)
	if secretName(body[quote:end]) {
		return value, true
	}
	isCode := strings.EqualFold(string(body[quote+1:end-1]), "code") && secretCode(body, value)
	return value, isCode
}

// shortestCode is how long a code of an authorization is at least.
const shortestCode = 16

// secretCode reports whether the value of a field code is one that an authorization
// ends with, and no number or word of an error: long, with digits and letters and
// nothing but hyphens between them.
func secretCode(body []byte, at int) bool {
	if at == len(body) || body[at] != '"' {
		return false
	}
	value := body[at+1:]
	if end := stringEnd(body, at); end >= 0 {
		value = body[at+1 : end-1]
	}
	digits, letters := 0, 0
	for _, c := range value {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			letters++
		case c != '-':
			return false
		}
	}
	return len(value) >= shortestCode && digits > 0 && letters > 0
}

func secretName(quoted []byte) bool {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return secret(quoted[1 : len(quoted)-1])
	}
	name, ok := unquote(quoted)
	return ok && Secret(name)
}

// maskValue appends the masked value that begins at body[at] and returns where
// it ends.
func maskValue(out, body []byte, at int) ([]byte, int) {
	depth := 0
	for at < len(body) {
		switch c := body[at]; {
		case c == '"':
			out, at = maskString(out, body, at, depth > 0)
		case c == '{', c == '[':
			depth++
			out, at = append(out, c), at+1
		case c == '}', c == ']':
			if depth == 0 {
				return out, at
			}
			depth--
			out, at = append(out, c), at+1
		case c == ',' || c == ':' || space(c):
			if depth == 0 {
				return out, at
			}
			out, at = append(out, c), at+1
			continue
		default:
			out, at = maskWord(out, body, at)
		}
		if depth == 0 {
			return out, at
		}
	}
	return out, at
}

// maskString masks the string at body[at]; inside an object under a secret name
// the names are kept.
func maskString(out, body []byte, at int, nested bool) ([]byte, int) {
	end := stringEnd(body, at)
	if end < 0 { // cut: so is what is shown
		return append(out, `"`+ellipsis...), len(body)
	}
	if nested {
		if colon := skipSpace(body, end); colon < len(body) && body[colon] == ':' {
			return append(out, body[at:end]...), end
		}
	}
	plain, ok := unquote(body[at:end])
	if !ok {
		return append(out, `"`+ellipsis+`"`...), end
	}
	masked := Value(plain)
	if masked == plain {
		return append(out, body[at:end]...), end
	}
	return appendQuoted(out, masked), end
}

// maskWord masks a number, or whatever a broken document has in its place.
func maskWord(out, body []byte, at int) ([]byte, int) {
	end := at
	for end < len(body) && strings.IndexByte("\"{}[],:\n", body[end]) < 0 {
		end++
	}
	word := bytes.TrimRight(body[at:end], " \t\r")
	switch string(word) {
	case "null", "true", "false":
		out = append(out, word...)
	default:
		out = append(out, `"`+ellipsis+`"`...)
	}
	return out, at + len(word)
}

func appendQuoted(out []byte, s string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return append(out, `"`+ellipsis+`"`...)
	}
	return append(out, bytes.TrimSuffix(buf.Bytes(), []byte("\n"))...)
}

// unquote decodes a JSON string with its quotes.
func unquote(quoted []byte) (string, bool) {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return strings.ToValidUTF8(string(inner), "\uFFFD"), true
	}
	var s string
	err := json.Unmarshal(quoted, &s)
	return s, err == nil
}

// stringEnd returns the index after the closing quote of the string that opens
// at body[quote], -1 if it does not close.
func stringEnd(body []byte, quote int) int {
	for i := quote + 1; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// escaped reports whether an odd number of backslashes stands before body[at].
func escaped(body []byte, at int) bool {
	n := 0
	for n < at && body[at-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

func skipSpace(body []byte, at int) int {
	for at < len(body) && space(body[at]) {
		at++
	}
	return at
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

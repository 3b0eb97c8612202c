package openapi

import (
	"encoding/json"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// kind is the kind of a token and, as a bit, a JSON type.
type kind uint8

const (
	kindNull kind = 1 << iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
	kindKey
)

// Marks of a token.
const (
	escaped  uint8 = 1 << iota // a string with backslashes
	declared                   // an object some schema names fields of
	open                       // an object that may have any field
	known                      // a key that a schema names or has refused
)

// node is one token. The tokens of a value stand together in document order; a
// key stands before its value.
type node struct {
	schema     *schema // of an object: the first that names its fields
	start, end int32   // in the source; of a string and a key without the quotes
	next       int32   // index behind the value's last token; of a key, behind its value
	parent     int32   // of a member's value the key, of a key the object; -1 at the root
	size       int32   // members or items
	kind       kind
	marks      uint8
}

// tape is a scanned JSON text: its tokens, numbers and strings as they stand in
// the source.
type tape struct {
	src        []byte
	nodes      []node
	duplicates []int32 // keys that stand in their object before
}

func (t *tape) reset(src []byte) {
	t.src = src
	clear(t.nodes)
	t.nodes = t.nodes[:0]
	t.duplicates = t.duplicates[:0]
}

func (t *tape) add(kind kind, start, end int, parent int32) int32 {
	i := int32(len(t.nodes))
	t.nodes = append(t.nodes, node{kind: kind, start: int32(start), end: int32(end), next: i + 1, parent: parent})
	return i
}

func (t *tape) text(i int32) []byte {
	n := &t.nodes[i]
	return t.src[n.start:n.end]
}

// str is the value of a string or a key.
func (t *tape) str(i int32) string {
	if t.nodes[i].marks&escaped == 0 {
		return string(t.text(i))
	}
	return string(unquote(t.text(i)))
}

// bytes is str without a copy where the source has no escapes.
func (t *tape) bytes(i int32) []byte {
	if t.nodes[i].marks&escaped == 0 {
		return t.text(i)
	}
	return unquote(t.text(i))
}

// unquote decodes the escapes of a scanned string. Half a surrogate pair
// becomes U+FFFD.
func unquote(s []byte) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			out = append(out, s[i])
			i++
			continue
		}
		i += 2
		switch c := s[i-1]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := hex4(s[i:])
			i += 4
			if utf16.IsSurrogate(r) {
				pair := utf8.RuneError
				if i+6 <= len(s) && s[i] == '\\' && s[i+1] == 'u' {
					pair = utf16.DecodeRune(r, hex4(s[i+2:]))
				}
				if r = pair; r != utf8.RuneError {
					i += 6
				}
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
	}
	return out
}

func hex4(s []byte) (r rune) {
	for _, c := range s[:4] {
		switch {
		case c <= '9':
			c -= '0'
		case c >= 'a':
			c -= 'a' - 10
		default:
			c -= 'A' - 10
		}
		r = r<<4 | rune(c)
	}
	return r
}

// runes counts the code points of a string.
func (t *tape) runes(i int32) int {
	if t.nodes[i].marks&escaped == 0 {
		return utf8.RuneCount(t.text(i))
	}
	return utf8.RuneCount(unquote(t.text(i)))
}

// member finds the value of an object's last member of this name; -1 if none.
func (t *tape) member(object int32, name string) int32 {
	found := int32(-1)
	for k := object + 1; k < t.nodes[object].next; k = t.nodes[k].next {
		if string(t.bytes(k)) == name {
			found = k + 1
		}
	}
	return found
}

// pointer is the JSON pointer of a token.
func (t *tape) pointer(i int32) string {
	var tokens []string
	for ; t.nodes[i].parent >= 0; i = t.nodes[i].parent {
		switch {
		case t.nodes[i].kind == kindKey:
			tokens = append(tokens, short(t.str(i)))
		case t.nodes[t.nodes[i].parent].kind == kindArray:
			tokens = append(tokens, t.index(i))
		}
	}
	var out strings.Builder
	for k := len(tokens) - 1; k >= 0; k-- {
		out.WriteByte('/')
		out.WriteString(escapeToken(tokens[k]))
	}
	return out.String()
}

func (t *tape) index(i int32) string {
	n := 0
	for k := t.nodes[i].parent + 1; k < i; k = t.nodes[k].next {
		n++
	}
	return decimalOf(n)
}

// maxToken bounds what a caller's key adds to a pointer, in bytes.
const maxToken = 256

func short(token string) string {
	if len(token) <= maxToken {
		return token
	}
	return strings.ToValidUTF8(token[:maxToken], "") + "…"
}

// value builds what encoding/json would with UseNumber.
func (t *tape) value(i int32) any {
	n := &t.nodes[i]
	switch n.kind {
	case kindBool:
		return t.src[n.start] == 't'
	case kindNumber:
		return json.Number(t.text(i))
	case kindString:
		return valid(t.str(i))
	case kindArray:
		list := make([]any, 0, n.size)
		for k := i + 1; k < n.next; k = t.nodes[k].next {
			list = append(list, t.value(k))
		}
		return list
	case kindObject:
		m := make(map[string]any, n.size)
		for k := i + 1; k < n.next; k = t.nodes[k].next {
			m[valid(t.str(k))] = t.value(k + 1)
		}
		return m
	}
	return nil
}

// valid puts U+FFFD for each byte that is not UTF-8, as encoding/json does.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

package openapi

import (
	"bytes"
	"math"
	"unicode/utf8"
)

// maxDepth is how deep values may be nested.
const maxDepth = 64

// syntaxError tells why a text is not one JSON value.
type syntaxError struct {
	rule   string // json or depth
	what   string
	offset int
	node   int32 // the innermost token read so far
}

// scan reads exactly one JSON value (RFC 8259) into the tape. Duplicate keys
// are noted, not refused.
func (t *tape) scan(src []byte) *syntaxError {
	t.reset(src)
	if len(src) > math.MaxInt32 {
		return &syntaxError{rule: "json", what: "is longer than 2 GiB"}
	}
	s := scanner{tape: t}
	s.space()
	if !s.value(-1, 1) {
		return s.err
	}
	if s.space(); s.pos < len(src) {
		s.fail("json", "has something after the end of its value", -1)
	}
	return s.err
}

type scanner struct {
	*tape
	pos int
	err *syntaxError
}

func (s *scanner) fail(rule, what string, at int32) bool {
	s.err = &syntaxError{rule: rule, what: what, offset: s.pos, node: at}
	return false
}

func (s *scanner) space() {
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

func (s *scanner) value(parent int32, depth int) bool {
	if s.pos >= len(s.src) {
		return s.fail("json", "ends before its value does", parent)
	}
	switch c := s.src[s.pos]; {
	case c == '{' || c == '[':
		if depth > maxDepth {
			return s.fail("depth", "is nested deeper than 64 values", parent)
		}
		if c == '{' {
			return s.object(parent, depth)
		}
		return s.array(parent, depth)
	case c == '"':
		return s.string(kindString, parent)
	case c == '-' || c >= '0' && c <= '9':
		return s.number(parent)
	case c == 't':
		return s.word("true", kindBool, parent)
	case c == 'f':
		return s.word("false", kindBool, parent)
	case c == 'n':
		return s.word("null", kindNull, parent)
	}
	return s.fail("json", "has something that is not a value", parent)
}

func (s *scanner) word(word string, kind kind, parent int32) bool {
	if !bytes.HasPrefix(s.src[s.pos:], []byte(word)) {
		return s.fail("json", "has something that is not a value", parent)
	}
	s.add(kind, s.pos, s.pos+len(word), parent)
	s.pos += len(word)
	return true
}

func (s *scanner) array(parent int32, depth int) bool {
	self := s.add(kindArray, s.pos, s.pos, parent)
	s.pos++
	for s.space(); !s.is(']'); s.space() {
		if s.nodes[self].size > 0 {
			if !s.is(',') {
				return s.fail("json", "lacks a comma or the end of an array", self)
			}
			s.pos++
			s.space()
		}
		if !s.value(self, depth+1) {
			return false
		}
		s.nodes[self].size++
	}
	s.close(self)
	return true
}

func (s *scanner) object(parent int32, depth int) bool {
	self := s.add(kindObject, s.pos, s.pos, parent)
	s.pos++
	for s.space(); !s.is('}'); s.space() {
		if s.nodes[self].size > 0 {
			if !s.is(',') {
				return s.fail("json", "lacks a comma or the end of an object", self)
			}
			s.pos++
			s.space()
		}
		if !s.member(self, depth) {
			return false
		}
		s.nodes[self].size++
	}
	s.close(self)
	s.findDuplicates(self)
	return true
}

func (s *scanner) member(object int32, depth int) bool {
	if !s.is('"') {
		return s.fail("json", "lacks a key in quotes", object)
	}
	key := int32(len(s.nodes))
	if !s.string(kindKey, object) {
		return false
	}
	if s.space(); !s.is(':') {
		return s.fail("json", "lacks a colon after a key", key)
	}
	s.pos++
	s.space()
	if !s.value(key, depth+1) {
		return false
	}
	s.nodes[key].next = int32(len(s.nodes))
	return true
}

func (s *scanner) is(c byte) bool { return s.pos < len(s.src) && s.src[s.pos] == c }

func (s *scanner) close(self int32) {
	s.pos++
	s.nodes[self].end = int32(s.pos)
	s.nodes[self].next = int32(len(s.nodes))
}

func (s *scanner) string(kind kind, parent int32) bool {
	start := s.pos + 1
	marks := uint8(0)
	for i := start; i < len(s.src); i++ {
		switch c := s.src[i]; {
		case c == '"':
			self := s.add(kind, start, i, parent)
			s.nodes[self].marks = marks
			s.pos = i + 1
			return true
		case c == '\\':
			marks |= escaped
			n := escapeLength(s.src[i:])
			if n == 0 {
				s.pos = i
				return s.fail("json", "has an escape that does not exist", parent)
			}
			i += n - 1
		case c < ' ':
			s.pos = i
			return s.fail("json", "has a control character in a string", parent)
		}
	}
	s.pos = len(s.src)
	return s.fail("json", "ends inside a string", parent)
}

func escapeLength(s []byte) int {
	if len(s) < 2 {
		return 0
	}
	switch s[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(s) < 6 {
			return 0
		}
		for _, c := range s[2:6] {
			if !isHex(c) {
				return 0
			}
		}
		return 6
	}
	return 0
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func (s *scanner) number(parent int32) bool {
	n := numberLength(s.src[s.pos:])
	if n == 0 {
		return s.fail("json", "has a malformed number", parent)
	}
	s.add(kindNumber, s.pos, s.pos+n, parent)
	s.pos += n
	return true
}

// numberLength is how many bytes at the start of s are a JSON number.
func numberLength(s []byte) int {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	whole := digits(s[i:])
	if whole == 0 || whole > 1 && s[i] == '0' {
		return 0
	}
	i += whole
	if i < len(s) && s[i] == '.' {
		fraction := digits(s[i+1:])
		if fraction == 0 {
			return 0
		}
		i += 1 + fraction
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		exponent := digits(s[i:])
		if exponent == 0 {
			return 0
		}
		i += exponent
	}
	return i
}

func digits(s []byte) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// fewKeys is up to how many keys are compared each with each.
const fewKeys = 16

func (s *scanner) findDuplicates(object int32) {
	size := s.nodes[object].size
	if size < 2 {
		return
	}
	if size > fewKeys {
		seen := make(map[string]struct{}, size)
		for k := object + 1; k < s.nodes[object].next; k = s.nodes[k].next {
			key := s.bytes(k)
			if _, ok := seen[string(key)]; ok {
				s.duplicates = append(s.duplicates, k)
				continue
			}
			seen[string(key)] = struct{}{}
		}
		return
	}
	for k := object + 1; k < s.nodes[object].next; k = s.nodes[k].next {
		for before := object + 1; before < k; before = s.nodes[before].next {
			if s.sameKey(before, k) {
				s.duplicates = append(s.duplicates, k)
				break
			}
		}
	}
}

func (s *scanner) sameKey(a, b int32) bool {
	if (s.nodes[a].marks|s.nodes[b].marks)&escaped == 0 {
		return bytes.Equal(s.text(a), s.text(b))
	}
	return bytes.Equal(s.bytes(a), s.bytes(b))
}

// firstInvalid is the offset of the first byte that is not UTF-8; -1 if none.
func firstInvalid(s []byte) int {
	if utf8.Valid(s) {
		return -1
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

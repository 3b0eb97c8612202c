package openapi

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// flow reads a collection in braces or brackets, over several lines if need be.
func (q *quickYAML) flow(parent, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errUncommon
	}
	closing := byte(']')
	var list []any
	var fields map[string]any
	if q.src[q.pos] == '{' {
		closing, fields = '}', map[string]any{}
	} else {
		list = []any{}
	}
	q.pos++
	for {
		if !q.flowSpace(parent) {
			return nil, errUncommon
		}
		if q.src[q.pos] == closing {
			q.pos++
			break
		}
		if err := q.flowEntry(parent, depth, &list, fields); err != nil {
			return nil, err
		}
		if !q.flowSpace(parent) {
			return nil, errUncommon
		}
		if q.src[q.pos] == ',' {
			q.pos++
			continue
		}
		if q.src[q.pos] != closing {
			return nil, errUncommon
		}
	}
	if fields != nil {
		return fields, nil
	}
	return list, nil
}

// flowEntry reads an item, or a key and its value.
func (q *quickYAML) flowEntry(parent, depth int, list *[]any, fields map[string]any) error {
	if fields == nil {
		item, err := q.flowValue(parent, depth)
		*list = append(*list, item)
		return err
	}
	key, err := q.flowKey()
	if err != nil {
		return err
	}
	if _, twice := fields[key]; twice || !q.flowSpace(parent) {
		return errUncommon
	}
	fields[key], err = q.flowValue(parent, depth)
	return err
}

func (q *quickYAML) flowKey() (string, error) {
	start := q.pos
	var key string
	var err error
	quoted := q.src[q.pos] == '"' || q.src[q.pos] == '\''
	if quoted {
		key, err = q.quoted()
	} else if key, err = q.flowPlain(); err == nil {
		err = plainKey(key)
	}
	if err != nil {
		return "", err
	}
	if q.pos-start > maxKey || !strings.HasPrefix(q.src[q.pos:], ": ") {
		return "", errUncommon
	}
	q.pos++
	return key, nil
}

func (q *quickYAML) flowValue(parent, depth int) (any, error) {
	switch q.src[q.pos] {
	case '{', '[':
		return q.flow(parent, depth+1)
	case '"', '\'':
		text, err := q.quoted()
		if err == nil && strings.HasPrefix(strings.TrimLeft(q.src[q.pos:], " \n"), ":") {
			return nil, errUncommon // a pair in brackets
		}
		return text, err
	}
	text, err := q.flowPlain()
	if err != nil {
		return nil, err
	}
	if q.pos < len(q.src) && q.src[q.pos] == ':' {
		return nil, errUncommon
	}
	return resolvePlain(text)
}

// flowPlain reads a plain scalar up to what ends it within a flow collection.
func (q *quickYAML) flowPlain() (string, error) {
	rest := q.rest()
	if !plainStart(rest, true) {
		return "", errUncommon
	}
	end := len(rest)
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		if strings.IndexByte(",[]{}?", c) >= 0 || c == '#' && rest[i-1] == ' ' {
			end = i
			break
		}
		if c == ':' && (i+1 == len(rest) || strings.IndexByte(" ,[]{}", rest[i+1]) >= 0) {
			end = i
			break
		}
	}
	text := strings.TrimRight(rest[:end], " ")
	if text == "" || end < len(rest) && (rest[end] == ':' && end != len(text) || rest[end] == '?') {
		return "", errUncommon
	}
	q.pos += end
	return text, nil
}

// flowSpace goes over spaces, comments and line ends; a new line must stand
// deeper than the block around. It tells whether there is anything more.
func (q *quickYAML) flowSpace(parent int) bool {
	before := q.pos
	q.blanks()
	switch {
	case q.pos == len(q.src):
		return false
	case q.src[q.pos] == '#' && q.pos == before:
		return false
	case q.src[q.pos] != '\n' && q.src[q.pos] != '#':
		return true
	}
	q.skipLine()
	return q.line() && q.col > parent
}

// quoted reads a quoted scalar of one line.
func (q *quickYAML) quoted() (string, error) {
	quote := q.src[q.pos]
	line := q.rest()
	if end := strings.IndexByte(line[1:], quote) + 1; end > 0 && !strings.HasPrefix(line[end+1:], "'") && strings.IndexByte(line[:end], '\\') < 0 {
		q.pos += end + 1
		return line[1:end], nil
	}
	var out []byte
	for i := 1; i < len(line); i++ {
		c := line[i]
		switch {
		case c == quote && quote == '\'' && strings.HasPrefix(line[i+1:], "'"):
			out = append(out, c)
			i++
		case c == quote:
			q.pos += i + 1
			return string(out), nil
		case c == '\\' && quote == '"':
			r, n := escape(line[i:])
			if n == 0 {
				return "", errUncommon
			}
			out = utf8.AppendRune(out, r)
			i += n - 1
		default:
			out = append(out, c)
		}
	}
	return "", errUncommon
}

// escape reads the escapes that JSON has too, but for surrogates.
func escape(s string) (rune, int) {
	switch n := escapeLength([]byte(s[:min(len(s), 6)])); {
	case n == 2:
		return []rune(string(unquote([]byte(s[:2]))))[0], 2
	case n == 6 && hex4([]byte(s[2:6]))>>11 != 0xd800>>11:
		return hex4([]byte(s[2:6])), 6
	}
	return 0, 0
}

// plainStart tells whether a plain scalar may begin so.
func plainStart(s string, flow bool) bool {
	if s == "" || strings.IndexByte(",[]{}#&*!|>'\"%@` ", s[0]) >= 0 {
		return false
	}
	if strings.IndexByte("-?:", s[0]) < 0 {
		return true
	}
	return s[0] == '-' && len(s) > 1 && s[1] != ' ' && s[1] != '-' && (!flow || strings.IndexByte(",[]{}", s[1]) < 0)
}

// plainKey refuses keys whose text YAML would write in another way.
func plainKey(key string) error {
	v, err := resolvePlain(key)
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		return nil
	case int:
		if strconv.Itoa(v) == key {
			return nil
		}
	}
	return errUncommon
}

// resolvePlain gives a plain scalar its type. Numbers in a form other than
// JSON's are not common.
func resolvePlain(text string) (any, error) {
	switch text {
	case "null", "Null", "NULL", "~":
		return nil, nil
	case "true", "True", "TRUE":
		return true, nil
	case "false", "False", "FALSE":
		return false, nil
	case "<<", "=":
		return nil, errUncommon
	}
	if strings.IndexByte("+-.0123456789", text[0]) < 0 {
		return text, nil
	}
	if numberLength([]byte(text)) == len(text) {
		return plainNumber(text)
	}
	if notNumber(strings.TrimPrefix(text, "-")) {
		return text, nil
	}
	return nil, errUncommon
}

// notNumber knows texts that begin with a digit and are a number in no form of
// YAML: a date, a version, 4XX.
func notNumber(text string) bool {
	if text == "" || text[0] < '0' || text[0] > '9' {
		return false
	}
	letters := "0123456789eE_.+-"
	if text[0] == '0' {
		letters += "abcdfABCDFxXoO"
	}
	for i := 1; i < len(text); i++ {
		if (text[i] == '-' || text[i] == '+') && text[i-1] != 'e' && text[i-1] != 'E' {
			return true
		}
	}
	return strings.Count(text, ".") > 1 || strings.Trim(text, letters) != ""
}

func plainNumber(text string) (any, error) {
	if strings.ContainsAny(text, ".eE") {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, errUncommon
		}
		return v, nil
	}
	if v, err := strconv.Atoi(text); err == nil && text != "-0" {
		return v, nil
	}
	if v, err := strconv.ParseUint(text, 10, 64); err == nil {
		return v, nil
	}
	return nil, errUncommon
}

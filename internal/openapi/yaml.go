package openapi

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// errUncommon sends a document to the full YAML reader.
var errUncommon = errors.New("not the YAML that specs are written in")

// quickYAML reads the YAML that specs are written in ten times faster than the
// full reader, which would take half of what a server has to start: block and
// flow collections, plain and quoted scalars, block scalars and comments. At
// anything else (anchors, tags, tabs, several documents, a key twice, a mistake)
// it gives up with errUncommon and judges nothing. A test holds it to the full
// reader's results on every file, a fuzz test on everything.
type quickYAML struct {
	src string
	pos int // at the start of content
	col int // of that content
}

func readQuickly(data []byte) (any, error) {
	src := string(data)
	if !ordinary(src) {
		return nil, errUncommon
	}
	q := &quickYAML{src: src}
	if !q.line() || !q.dash() && !q.isKey() {
		return nil, errUncommon
	}
	root, err := q.block(-1)
	if err == nil && q.pos < len(q.src) {
		err = errUncommon
	}
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", 1+strings.Count(src[:q.pos], "\n"), err)
	}
	return root, nil
}

// ordinary refuses characters that YAML treats in a way of its own.
func ordinary(src string) bool {
	for _, r := range src {
		switch {
		case r == '\n' || r >= ' ' && r <= '~':
		case r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == utf8.RuneError || !unicode.IsPrint(r) && !unicode.IsSpace(r):
			return false
		}
	}
	return strings.HasSuffix(src, "\n") && !strings.HasPrefix(src, "%") && !strings.HasPrefix(src, "---") && !strings.HasPrefix(src, "...") &&
		!strings.Contains(src, "\n---") && !strings.Contains(src, "\n...")
}

// line moves from the start of a line to the next content, over blank lines and
// comments, and tells whether there is any.
func (q *quickYAML) line() bool {
	for q.pos < len(q.src) {
		start := q.pos
		q.blanks()
		if q.pos == len(q.src) {
			break
		}
		if c := q.src[q.pos]; c != '\n' && c != '#' {
			q.col = q.pos - start
			return true
		}
		q.skipLine()
	}
	q.col = -1
	return false
}

func (q *quickYAML) blanks() {
	for q.pos < len(q.src) && q.src[q.pos] == ' ' {
		q.pos++
	}
}

func (q *quickYAML) skipLine() {
	if n := strings.IndexByte(q.src[q.pos:], '\n'); n >= 0 {
		q.pos += n + 1
		return
	}
	q.pos = len(q.src)
}

// rest is the line from here.
func (q *quickYAML) rest() string {
	if n := strings.IndexByte(q.src[q.pos:], '\n'); n >= 0 {
		return q.src[q.pos : q.pos+n]
	}
	return q.src[q.pos:]
}

// endLine goes from behind a value to the next content; nothing but a comment
// may stand between.
func (q *quickYAML) endLine() error {
	behind := q.pos
	q.blanks()
	if q.pos < len(q.src) && q.src[q.pos] != '\n' && (q.src[q.pos] != '#' || q.pos == behind) {
		return errUncommon
	}
	q.skipLine()
	q.line()
	return nil
}

// block reads a mapping, a sequence or a scalar at the current content, which
// stands deeper than parent.
func (q *quickYAML) block(parent int) (any, error) {
	switch {
	case q.dash():
		return q.sequence(q.col)
	case q.isKey():
		return q.mapping(q.col)
	}
	return q.value(parent)
}

func (q *quickYAML) dash() bool {
	rest := q.src[q.pos:]
	return rest == "-" || strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "-\n")
}

// isKey tells whether the current content is a key of a block mapping.
func (q *quickYAML) isKey() bool {
	probe := *q
	_, err := probe.key()
	return err == nil
}

// maxKey is how many bytes a key has at most: YAML ends it at 1024 characters.
const maxKey = 1000

// key reads a key and the colon behind it.
func (q *quickYAML) key() (string, error) {
	start := q.pos
	var key string
	switch c := q.src[q.pos]; c {
	case '"', '\'':
		text, err := q.quoted()
		if err != nil {
			return "", err
		}
		key = text
	default:
		rest := q.rest()
		end := strings.Index(rest, ": ")
		if end < 0 && strings.HasSuffix(rest, ":") {
			end = len(rest) - 1
		}
		if end <= 0 || !plainStart(rest, false) || strings.Contains(rest[:end], " #") {
			return "", errUncommon
		}
		key = strings.TrimRight(rest[:end], " ")
		if err := plainKey(key); err != nil {
			return "", err
		}
		q.pos += end
	}
	q.blanks()
	if rest := q.rest(); q.pos-start > maxKey || rest != ":" && !strings.HasPrefix(rest, ": ") {
		return "", errUncommon
	}
	q.pos++
	return key, nil
}

func (q *quickYAML) mapping(col int) (any, error) {
	out := map[string]any{}
	for q.col == col && q.pos < len(q.src) {
		if q.dash() {
			return nil, errUncommon
		}
		key, err := q.key()
		if err != nil {
			return nil, err
		}
		if _, twice := out[key]; twice {
			return nil, errUncommon
		}
		if out[key], err = q.member(col); err != nil {
			return nil, err
		}
	}
	if q.col > col {
		return nil, errUncommon
	}
	return out, nil
}

// member reads what stands behind the colon of a key at col.
func (q *quickYAML) member(col int) (any, error) {
	q.blanks()
	if rest := q.rest(); rest != "" && rest[0] != '#' {
		return q.value(col)
	}
	q.skipLine()
	q.line()
	switch {
	case q.col > col:
		return q.block(col)
	case q.col == col && q.dash():
		return q.sequence(col)
	}
	return nil, nil
}

func (q *quickYAML) sequence(col int) (any, error) {
	out := []any{}
	for q.col == col && q.pos < len(q.src) && q.dash() {
		start := q.pos
		q.pos++
		q.blanks()
		var item any
		var err error
		if rest := q.rest(); rest == "" || rest[0] == '#' {
			q.skipLine()
			q.line()
			if q.col > col {
				item, err = q.block(col)
			}
		} else {
			q.col = col + q.pos - start
			item, err = q.block(col)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	if q.col > col {
		return nil, errUncommon
	}
	return out, nil
}

// value reads a scalar or a flow collection that belongs to a block at parent,
// and goes to the next content.
func (q *quickYAML) value(parent int) (any, error) {
	var out any
	var err error
	switch q.src[q.pos] {
	case '|', '>':
		return q.blockScalar(parent)
	case '{', '[':
		out, err = q.flow(parent, 0)
	case '"', '\'':
		out, err = q.quoted()
	default:
		return q.plain(parent)
	}
	if err != nil {
		return nil, err
	}
	return out, q.endLine()
}

// plain reads a plain scalar with its continuation lines, which fold to spaces.
func (q *quickYAML) plain(parent int) (any, error) {
	rest := q.rest()
	if !plainStart(rest, false) {
		return nil, errUncommon
	}
	text, commented := uncommented(rest)
	if !plainText(text) {
		return nil, errUncommon
	}
	q.skipLine()
	folded := false
	for !commented {
		from := q.pos
		if !q.line() || q.col <= parent {
			break
		}
		if q.pos != from+q.col {
			return nil, errUncommon // a blank line or a comment in between
		}
		more, comment := uncommented(q.rest())
		if !plainText(more) {
			return nil, errUncommon
		}
		text, folded, commented = text+" "+more, true, comment
		q.skipLine()
	}
	if commented {
		q.line()
	}
	if commented && q.col > parent {
		return nil, errUncommon
	}
	if folded {
		return text, nil
	}
	return resolvePlain(text)
}

// uncommented cuts a comment and the spaces before it off.
func uncommented(line string) (text string, commented bool) {
	text, _, commented = strings.Cut(line, " #")
	return strings.TrimRight(text, " "), commented
}

func plainText(text string) bool {
	return text != "" && !strings.Contains(text, ": ") && !strings.HasSuffix(text, ":")
}

// blockScalar reads a literal or folded scalar; its lines stand deeper than
// parent.
func (q *quickYAML) blockScalar(parent int) (any, error) {
	folded := q.src[q.pos] == '>'
	header, _ := uncommented(q.rest())
	strip := header[1:] == "-"
	if !strip && header[1:] != "" {
		return nil, errUncommon
	}
	q.skipLine()
	var out strings.Builder
	indent, breaks := -1, 0
	for q.pos < len(q.src) {
		line := q.rest()
		text := strings.TrimLeft(line, " ")
		depth := len(line) - len(text)
		if text == "" {
			if line != "" || indent < 0 {
				return nil, errUncommon
			}
			breaks++
			q.skipLine()
			continue
		}
		if indent < 0 {
			indent = depth
		}
		if depth < indent || depth <= parent {
			break
		}
		if strings.HasSuffix(text, " ") || folded && depth > indent {
			return nil, errUncommon
		}
		fold(&out, breaks, folded)
		out.WriteString(line[indent:])
		breaks = 1
		q.skipLine()
	}
	if out.Len() == 0 {
		return nil, errUncommon
	}
	if !strip {
		out.WriteByte('\n')
	}
	q.line()
	if q.col > parent {
		return nil, errUncommon
	}
	return out.String(), nil
}

// fold writes the line breaks between two lines of a block scalar.
func fold(out *strings.Builder, breaks int, folded bool) {
	if folded && breaks == 1 {
		out.WriteByte(' ')
		return
	}
	if folded && breaks > 1 {
		breaks--
	}
	for range breaks {
		out.WriteByte('\n')
	}
}

package report

import (
	"fmt"
	"strings"
)

// String is the failure as people read it: its place, the line of the file,
// what differs, the request and the answer. It has several lines.
func (f Failure) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", f.File, f.Line, f.Column)
	if f.Step != "" {
		b.WriteString(f.Step + ": ")
	}
	b.WriteString(f.Message)
	if strings.TrimSpace(f.Source) != "" {
		b.WriteString("\n" + excerpt(f.Line, f.Column, f.Source))
	}
	for _, d := range f.Differences {
		fmt.Fprintf(&b, "\n  %s: want %s, got %s", name(d.Pointer), d.Want, d.Got)
		if d.Line > 0 && d.Line != f.Line {
			fmt.Fprintf(&b, " (line %d)", d.Line)
		}
	}
	if f.Curl != "" {
		b.WriteString("\n" + indent(f.Curl, "  "))
	}
	if f.Answer != "" {
		b.WriteString("\n" + indent(f.Answer, "  < "))
	}
	return b.String()
}

func name(pointer string) string {
	if pointer == "" {
		return "body"
	}
	return pointer
}

// excerpt is a line of a file with a mark below the column.
func excerpt(line, column int, source string) string {
	var mark strings.Builder
	for i, r := range []rune(source) {
		if i == column-1 {
			break
		}
		if r != '\t' {
			r = ' '
		}
		mark.WriteRune(r)
	}
	return fmt.Sprintf("%5d | %s\n      | %s^", line, source, mark.String())
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(text, "\n", "\n"+by)
}

package scenario

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"example.com/marketmock/internal/scenario/value"
)

// Problem is a mistake in a scenario file.
type Problem struct {
	File    string
	Pos     value.Pos
	Message string
	Line    string // the line of the file
}

func (p Problem) String() string {
	return fmt.Sprintf("%s:%s: %s", p.File, p.Pos, p.Message)
}

// Problems is every mistake found, in the order of the file.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, q := range p {
		lines[i] = q.String()
	}
	return strings.Join(lines, "\n")
}

// Parse reads a scenario. Its error is of type Problems. File is only a name.
func Parse(file string, src []byte) (*Script, error) {
	s := &Script{File: file, Source: strings.Split(string(src), "\n")}
	root, err := value.ParseYAML(src)
	if err != nil {
		return nil, Problems{s.problem(err)}
	}
	d := &decoder{}
	d.into(root, reflect.ValueOf(s).Elem(), "the scenario")
	if root.Field("version") != nil && s.Version != 1 {
		d.wrong(root.Field("version").Pos, "version %d is not known, only 1", s.Version)
	}
	if len(s.Steps) == 0 && root.Field("steps") != nil {
		d.wrong(root.Field("steps").Pos, "there are no steps")
	}
	d.notEmpty(root, "name", s.Name)
	d.notEmpty(root, "marketplace", s.Marketplace)
	if s.Vars != nil && s.Vars.Kind != value.Map {
		d.expected("mapping", s.Vars, "vars")
	}
	d.steps(s.Steps)
	if len(d.problems) == 0 {
		return s, nil
	}
	out := make(Problems, len(d.problems))
	for i := range d.problems {
		out[i] = s.problem(&d.problems[i])
	}
	return nil, out.sorted()
}

func (d *decoder) notEmpty(root *value.Node, key, text string) {
	if n := root.Field(key); n != nil && strings.TrimSpace(text) == "" {
		d.wrong(n.Pos, "%s is empty", key)
	}
}

func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		return a.Pos.Column - b.Pos.Column
	})
	return p
}

func (s *Script) problem(err error) Problem {
	var e *value.Error
	if errors.As(err, &e) {
		return Problem{File: s.File, Pos: e.Pos, Message: e.Message, Line: s.line(e.Pos)}
	}
	return Problem{File: s.File, Pos: value.Pos{Line: 1, Column: 1}, Message: err.Error(), Line: s.line(value.Pos{Line: 1})}
}

// line is the text at a position, without its end.
func (s *Script) line(p value.Pos) string {
	if p.Line < 1 || p.Line > len(s.Source) {
		return ""
	}
	return strings.TrimSuffix(s.Source[p.Line-1], "\r")
}

func (d *decoder) steps(steps []*Step) {
	for _, s := range steps {
		if s == nil || s.Node == nil {
			continue
		}
		d.verb(s)
		if (s.Repeat != nil || s.Together != nil) && len(s.inner()) == 0 {
			d.wrong(s.Node.Pos, "%s has no steps", s.Verb)
		}
		d.steps(s.inner())
	}
}

// callKeys are the keys of a step that only a call may have.
func callKeys() []string {
	return []string{
		"body", "raw", "multipart", "query", "path", "headers", "content_type", "method", "url", "timeout", "times", "concurrent",
	}
}

func (d *decoder) verb(s *Step) {
	var found []string
	for _, f := range s.Node.Fields {
		if _, ok := verbOf(f.Key); ok {
			found = append(found, f.Key)
		}
	}
	switch len(found) {
	case 0:
		d.wrong(s.Node.Pos, "the step has no verb: one of %s", strings.Join(verbNames(), ", "))
		return
	case 1:
		s.Verb = found[0]
	default:
		d.wrong(s.Node.Pos, "the step has the verbs %s: make two steps of it", strings.Join(found, " and "))
		return
	}
	d.signing(s)
	switch s.Verb {
	case "call":
		d.call(s)
		return
	case "request":
		d.payload(s.Node.Field("request"))
	case "receiver":
		d.payload(s.Node.Field("receiver").Field("reply"))
	}
	for _, f := range s.Node.Fields {
		if slices.Contains(callKeys(), f.Key) {
			d.wrong(f.Pos, "%s belongs to a call, not to %s", f.Key, s.Verb)
		}
	}
}

func (d *decoder) call(s *Step) {
	d.payload(s.Node)
	if s.Times > 0 && s.Concurrent > 0 {
		d.wrong(s.Node.Pos, "times and concurrent exclude each other")
	}
}

package scenario

import (
	"regexp"
	"slices"
	"strings"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/scenario/value"
)

var (
	statusForm   = regexp.MustCompile(`^[1-5]([0-9][0-9]|xx)$`)
	variableForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	pathParam    = regexp.MustCompile(`\{([^{}]+)\}`)
)

func (x *lint) steps(steps []*Step) {
	for _, s := range steps {
		x.step(s)
	}
}

func (x *lint) step(s *Step) {
	if s.When != "" {
		x.expression(s.Node.Field("when").Pos, "when", s.When)
	}
	x.verb(s)
	x.signing(s)
	x.arguments(s)
	if s.Expect != nil {
		x.expect(s)
	}
	for _, name := range sortedKeys(s.Capture) {
		x.captured(s, name)
	}
	for _, name := range sortedKeys(s.Set) {
		x.assigned(name, s.Set[name])
	}
}

func (x *lint) captured(s *Step, name string) {
	n := s.Capture[name]
	if _, _, err := capturePath(n.Text); err != nil || n.Kind != value.String {
		x.wrong(n.Pos, "capture %s: a path such as chats[0].id is needed", name)
	}
	x.name(n.Pos, name)
}

func (x *lint) assigned(name string, n *value.Node) {
	if n.Kind == value.String {
		x.expression(n.Pos, "set "+name, n.Text)
	} else {
		x.plain(n)
	}
	x.name(n.Pos, name)
}

func (x *lint) name(pos value.Pos, name string) {
	if !variableForm.MatchString(name) {
		x.wrong(pos, "%q is no name of a variable", name)
	}
	x.known[name] = true
}

// verb checks what only one verb has.
func (x *lint) verb(s *Step) {
	in := s.Node.Field(s.Verb)
	switch s.Verb {
	case "call":
		x.operation(in)
		x.parameters(s)
	case "buyer", "marketplace", "support":
		if in.Field("text") == nil && in.Field("file") == nil {
			x.wrong(in.Pos, "%s needs text or file", s.Verb)
		}
	case "clock":
		if in.Field("frozen") == nil || in.Field("advance") != nil && in.Field("set") != nil {
			x.exactly(in, "clock", "advance", "set")
		}
	case "snapshot":
		x.exactly(in, "snapshot", "save", "restore")
	case "order":
		x.exactly(in, "order", "place", "id")
	case "receiver":
		x.exactly(in, "receiver", "reply", "reset")
	case "fault":
		if s.Fault.Operation != "" && (s.Fault.Marketplace == "" || s.Fault.Marketplace == x.script.Marketplace) {
			x.operation(in.Field("operation"), x.notificationKinds()...)
		}
	case "verify":
		x.operation(in.Field("operation"))
		if q := s.Verify.Query; q != nil && q.Kind != value.Map {
			x.expected("mapping", q, "query")
		}
	case "webhook":
		x.notified(in.Field("types"))
	case "together":
		x.together(s)
	case "repeat":
		x.steps(s.Repeat.Steps)
		x.expression(in.Field("until").Pos, "until", s.Repeat.Until)
	}
	if slices.Contains([]string{"repeat", "set", "receiver"}, s.Verb) && (s.Expect != nil || s.Capture != nil) {
		x.wrong(s.Node.Pos, "%s has no answer to expect or capture anything of", s.Verb)
	}
}

func (x *lint) notificationKinds() []string {
	if x.vendor == nil || x.vendor.push == nil {
		return nil
	}
	return x.vendor.replies.kinds
}

// notified checks that there are the types that an address asks for.
func (x *lint) notified(types *value.Node) {
	known := x.notificationKinds()
	if types == nil || len(known) == 0 {
		return
	}
	for _, n := range types.List {
		if !strings.Contains(n.Text, "{{") && !slices.Contains(known, n.Text) {
			x.wrong(n.Pos, "the spec %s has no notification %q%s", x.vendor.push.Name(), n.Text, hint.OrKnown(n.Text, known))
		}
	}
}

// parameters checks that the path has the parameters that a call gives. Those it
// does not give may be credentials, which only the target knows.
func (x *lint) parameters(s *Step) {
	if x.vendor == nil || s.Path == nil {
		return
	}
	op, ok := x.vendor.operation(s.Call)
	if !ok {
		return
	}
	known := op.parameters()
	for _, f := range s.Path.Fields {
		if !slices.Contains(known, f.Key) {
			x.wrong(f.Pos, "the path %s has no {%s}%s", op.Path, f.Key, hint.DidYouMean(f.Key, known))
		}
	}
}

// arguments checks the templates of everything that a step sends; patterns and
// expressions have their own checks.
func (x *lint) arguments(s *Step) {
	for _, f := range s.Node.Fields {
		switch f.Key {
		case "expect", "capture", "set", "repeat", "together", "when":
		case "push":
			x.pattern(f.Value)
		default:
			x.plain(f.Value)
		}
	}
}

func (x *lint) expect(s *Step) {
	e := s.Expect
	for _, n := range []*value.Node{e.Phrase, e.Body, e.Exact, e.Text} {
		x.pattern(n)
	}
	for _, name := range sortedKeys(e.Headers) {
		x.pattern(e.Headers[name])
	}
	x.status(e)
	for i, text := range e.Absent {
		if _, err := value.ParsePath(text); err != nil {
			x.wrong(e.Node.Field("absent").List[i].Pos, "absent: %v", err)
		}
	}
	if c := e.Condition; c != nil {
		list := c.List
		if c.Kind != value.List {
			list = []*value.Node{c}
		}
		for _, n := range list {
			x.expression(n.Pos, "condition", n.Text)
		}
	}
	if n := e.Node.Field("error"); n != nil && !slices.Contains([]string{noConnection, noEnd, noTime}, e.Error) {
		x.wrong(n.Pos, "error is %s, %s or %s, not %q", noConnection, noEnd, noTime, e.Error)
	}
	if n := e.Findings; n != nil && n.Kind != value.List && n.Text != "none" && n.Text != "any" {
		x.wrong(n.Pos, "findings is none, any or a list of rules")
	} else if n != nil {
		for _, rule := range n.List {
			if known := findingRules(); !slices.Contains(known, rule.Text) {
				x.wrong(rule.Pos, "%q is no rule of the spec check%s", rule.Text, hint.DidYouMean(rule.Text, known))
			}
		}
	}
}

func (x *lint) status(e *Expect) {
	if e.Statuses != nil {
		for _, f := range e.Node.Field("statuses").Fields {
			if !statusForm.MatchString(f.Key) || strings.HasSuffix(f.Key, "xx") {
				x.wrong(f.Pos, "%q is no status", f.Key)
			}
		}
	}
	n := e.Status
	if n == nil {
		return
	}
	list := n.List
	if n.Kind != value.List {
		list = []*value.Node{n}
	}
	for _, n := range list {
		if !strings.Contains(n.Text, "{{") && !statusForm.MatchString(n.Text) {
			x.wrong(n.Pos, "%q is no status; write 404 or 4xx", n.Text)
		}
	}
	x.plain(n)
}

package scenario

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"example.com/marketmock/internal/scenario/value"
)

// address is where a call goes, without the query that its step adds.
type address struct {
	url       string
	base      string            // of the API there
	operation string            // "" if the specs do not describe such a call
	params    map[string]string // of the operation's path
}

// address fills the path of the operation, or reads the step's own.
func (p *play) address(d draft, lookup value.Lookup, seller map[string]any) (address, error) {
	base, err := p.world.baseOf(d.op, p.vendor)
	if err != nil {
		return address{}, err
	}
	given, err := d.given(lookup)
	if err != nil {
		return address{}, err
	}
	if d.url == nil {
		path, params, err := d.filled(d.op.Path, given, seller)
		out := address{url: base + path, base: base, params: params}
		if d.method == d.op.Method {
			out.operation = d.op.ID
		}
		return out, err
	}
	v, err := value.Expand(d.url, lookup)
	if err != nil {
		return address{}, err
	}
	text, _, err := d.filled(value.Text(v), given, seller)
	if err != nil {
		return address{}, err
	}
	out := address{url: base + text, base: base}
	if !strings.HasPrefix(text, "/") {
		if out.url, err = p.world.reach(text); err != nil {
			return address{}, &value.Error{Pos: d.url.Pos, Message: err.Error()}
		}
	}
	if params, ok := d.op.describes(out.url, base); ok && d.method == d.op.Method {
		out.operation, out.params = d.op.ID, params
	}
	return out, nil
}

// given are the path parameters that the step names.
func (d draft) given(lookup value.Lookup) (map[string]string, error) {
	out := map[string]string{}
	if d.params == nil {
		return out, nil
	}
	for _, f := range d.params.Fields {
		v, err := value.Expand(f.Value, lookup)
		if err != nil {
			return nil, err
		}
		out[f.Key] = value.Text(v)
	}
	return out, nil
}

// filled writes the parameters of the operation's path that stand in a path: as
// given, else from the seller's credential of that name.
func (d draft) filled(path string, given map[string]string, seller map[string]any) (string, map[string]string, error) {
	params := map[string]string{}
	for _, name := range d.op.parameters() {
		if !strings.Contains(path, "{"+name+"}") {
			continue
		}
		text, ok := given[name]
		if !ok {
			credential, ok := seller[snake(name)]
			if !ok {
				return "", nil, fmt.Errorf("%s needs path: {%s: …}, for the seller has no credential %q", d.op.ID, name, snake(name))
			}
			text = value.Text(credential)
		}
		params[name] = text
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(text))
	}
	return path, params, nil
}

// describes tells whether an address is one of the operation, and with which
// parameters.
func (o operation) describes(address, base string) (map[string]string, bool) {
	u, err := url.Parse(address)
	if err != nil || o.ID == "" {
		return nil, false
	}
	path := u.EscapedPath()
	if home, err := url.Parse(base); err == nil {
		if rest, ok := strings.CutPrefix(path, home.EscapedPath()); ok {
			path = rest
		}
	}
	names := o.parameters()
	values := o.form().FindStringSubmatch(path)
	if values == nil {
		return nil, false
	}
	params := map[string]string{}
	for i, name := range names {
		if params[name], err = url.PathUnescape(values[i+1]); err != nil {
			return nil, false
		}
	}
	return params, true
}

// form is the operation's path as an expression, a group for each parameter.
func (o operation) form() *regexp.Regexp {
	var b strings.Builder
	at := 0
	for _, m := range pathParam.FindAllStringIndex(o.Path, -1) {
		b.WriteString(regexp.QuoteMeta(o.Path[at:m[0]]) + "([^/]+)")
		at = m[1]
	}
	return regexp.MustCompile("^" + b.String() + regexp.QuoteMeta(o.Path[at:]) + "$")
}

// snake is a name as credentials are called: businessId is business_id.
func snake(name string) string {
	runes := []rune(name)
	var b strings.Builder
	for i, r := range runes {
		if r == '-' || r == '.' {
			r = '_'
		}
		starts := i > 0 && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if starts && unicode.IsLetter(runes[i-1]) || starts && unicode.IsDigit(runes[i-1]) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// unfilled finds the first call whose path nobody can fill, so that nothing is
// called before.
func (p *play) unfilled() error {
	var err error
	p.script.walk(func(s *Step) {
		op, ok := p.vendor.operation(s.Call)
		if err != nil || s.Verb != "call" || s.URL != nil || !ok {
			return
		}
		for _, name := range op.parameters() {
			if s.Path.Field(name) == nil && !p.world.anyHas(snake(name)) {
				f := p.fail(s.Node.Field("call").Pos, "%s needs path: {%s: …}, for no seller has a credential %q", op.ID, name, snake(name))
				f.Step, err = s.title(), f
				return
			}
		}
	})
	return err
}

func (w *world) anyHas(credential string) bool {
	for _, s := range w.sellers {
		if _, ok := s.(map[string]any)[credential]; ok {
			return true
		}
	}
	return false
}

// baseOf is where an operation is reached: a spec beside the marketplace's own
// has a host of its own on a live target.
func (w *world) baseOf(op operation, v *vendor) (string, error) {
	if op.spec == nil || !op.elsewhere(v) || w.hosts == nil {
		return w.base, nil
	}
	host, ok := w.hosts[op.spec.Name()]
	if !ok {
		return "", fmt.Errorf("hosts of the target file has no %s", op.spec.Name())
	}
	return host, nil
}

// reach is an absolute URL as it is called from here: a mock may name itself by
// an address of its public. One that leads elsewhere is an error, for
// credentials go with the call.
func (w *world) reach(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("the path %q does not begin with / and is no URL", text)
	}
	homes := map[string]string{origin(w.own): origin(w.base), origin(w.base): origin(w.base)}
	for _, h := range w.hosts {
		homes[origin(h)] = origin(h)
	}
	home, ok := homes[origin(text)]
	if !ok || home == "" {
		return "", fmt.Errorf("%s is not of the target %s: only its own addresses are called, and hosts of a target file", origin(text), origin(w.base))
	}
	rest := u.EscapedPath()
	if u.RawQuery != "" {
		rest += "?" + u.RawQuery
	}
	return home + rest, nil
}

// origin is the scheme and host of a URL in lower case, "" if it has none.
func origin(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}

package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/scenario/value"
)

// ErrUnreachable says that nobody answers at the target.
var ErrUnreachable = errors.New("target unreachable")

// Target is where scenarios run: a mock, if Mock is set, else live APIs.
type Target struct {
	Base  string          // of a mock, or of the only live API; no slash at the end
	Mock  bool            //
	Token string          // of the mock's control API
	Live  map[string]Live // by marketplace, on a live target
	// Local says that the mock reads this machine's files: a fixture's path is
	// sent to it as an absolute one.
	Local bool
	// Secrets are more texts that nothing told may hold, beside the credentials
	// and headers in Live and the token.
	Secrets []string
}

// Live is an account at a live API. Sellers are credentials under the names
// that the spec's security schemes ask for; one called name is the seller's name.
//
// Hosts are where the marketplace's other specs are reached, by their names
// (yandex-files); an absolute URL may lead there as well.
type Live struct {
	BaseURL string              `json:"base_url"`
	Hosts   map[string]string   `json:"hosts,omitempty"`
	Sellers []map[string]string `json:"sellers,omitempty"`
	Headers map[string]string   `json:"headers,omitempty"`
	Vars    *value.Node         `json:"vars,omitempty"`
}

// live is the account of a marketplace. What was asked for on the command line
// wins over the file, for every spec.
func (t Target) live(marketplace string) Live {
	live := t.Live[marketplace]
	if t.Base != "" {
		live.BaseURL, live.Hosts = t.Base, nil
		return live
	}
	hosts := map[string]string{}
	for spec, base := range live.Hosts {
		hosts[spec] = strings.TrimSuffix(base, "/")
	}
	live.Hosts = hosts
	return live
}

// targetFile is what ParseTargets reads.
type targetFile struct {
	Version int             `json:"version"`
	Targets map[string]Live `json:"targets"`
}

// Detect asks a target whether it is a mock. Its error is ErrUnreachable.
func Detect(ctx context.Context, client *http.Client, base, token string) (mock bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/_mock/health", http.NoBody)
	if err != nil {
		return false, err
	}
	if token != "" {
		req.Header.Set("X-Mock-Token", token)
	}
	res, err := client.Do(req)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	var health struct {
		Status string `json:"status"`
	}
	return res.StatusCode == http.StatusOK && json.Unmarshal(body, &health) == nil && health.Status == "ok", nil
}

// ParseTargets reads a target file into the live part of a Target; ${NAME}
// stands for an environment variable, which must be set, and is one of the
// secrets. Its hosts are those of the marketplaces' specs. Its error is of type
// Problems, which show no line of the file.
func ParseTargets(specs fs.FS, file string, src []byte, getenv func(string) string) (Target, error) {
	s := &Script{File: file}
	root, err := value.ParseYAML(src)
	if err != nil {
		return Target{}, Problems{s.problem(err)}
	}
	var secrets []string
	d := &decoder{}
	root.Walk(func(n *value.Node) { secrets = append(secrets, d.substitute(n, getenv)...) })
	var f targetFile
	d.into(root, reflect.ValueOf(&f).Elem(), "the target file")
	if root.Field("version") != nil && f.Version != 1 {
		d.wrong(root.Field("version").Pos, "version %d is not known, only 1", f.Version)
	}
	d.hosts(specs, root.Field("targets"))
	if len(d.problems) == 0 {
		return Target{Live: f.Targets, Secrets: secrets}, nil
	}
	var out Problems
	for i := range d.problems {
		out = append(out, s.problem(&d.problems[i]))
	}
	return Target{}, out.sorted()
}

// hosts refuses addresses of specs that a marketplace does not have beside its
// own, which is at base_url.
func (d *decoder) hosts(specs fs.FS, targets *value.Node) {
	if targets == nil {
		return
	}
	for _, target := range targets.Fields {
		others := servedSpecs(specs, target.Key)[1:]
		for _, host := range fieldsIn(target.Value.Field("hosts")) {
			switch {
			case slices.Contains(others, host.Key):
			case host.Key == target.Key:
				d.wrong(host.Pos, "the address of %s itself is base_url", host.Key)
			case len(others) == 0:
				d.wrong(host.Pos, "%s has no spec %q: all of it is at base_url", target.Key, host.Key)
			default:
				d.wrong(host.Pos, "%s has no spec %q%s", target.Key, host.Key, hint.OrKnown(host.Key, others))
			}
		}
	}
}

var reference = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// substitute fills ${NAME} in a text that nobody else has seen yet, and returns
// what it filled in. Any other dollar stays.
func (d *decoder) substitute(n *value.Node, getenv func(string) string) (filled []string) {
	if n.Kind != value.String {
		return nil
	}
	n.Text = reference.ReplaceAllStringFunc(n.Text, func(text string) string {
		name := text[2 : len(text)-1]
		v := getenv(name)
		if v == "" {
			d.wrong(n.Pos, "the environment variable %s is not set", name)
		}
		filled = append(filled, v)
		return v
	})
	return filled
}

package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"

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
}

// Live is an account at a live API. Sellers are credentials under the names
// that the spec's x-credentials use.
type Live struct {
	BaseURL string              `json:"base_url"`
	Sellers []map[string]string `json:"sellers,omitempty"`
	Headers map[string]string   `json:"headers,omitempty"`
	Vars    *value.Node         `json:"vars,omitempty"`
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

// ParseTargets reads a target file; ${NAME} stands for an environment variable,
// which must be set. Its error is of type Problems.
func ParseTargets(file string, src []byte, getenv func(string) string) (map[string]Live, error) {
	s := &Script{File: file, Source: strings.Split(string(src), "\n")}
	root, err := value.ParseYAML(src)
	if err != nil {
		return nil, Problems{s.problem(err)}
	}
	d := &decoder{}
	root.Walk(func(n *value.Node) { d.substitute(n, getenv) })
	var f targetFile
	d.into(root, reflect.ValueOf(&f).Elem(), "the target file")
	if root.Field("version") != nil && f.Version != 1 {
		d.wrong(root.Field("version").Pos, "version %d is not known, only 1", f.Version)
	}
	if len(d.problems) == 0 {
		return f.Targets, nil
	}
	var out Problems
	for i := range d.problems {
		out = append(out, s.problem(&d.problems[i]))
	}
	return nil, out.sorted()
}

// substitute fills ${NAME} in a text that nobody else has seen yet.
func (d *decoder) substitute(n *value.Node, getenv func(string) string) {
	if n.Kind != value.String || !strings.Contains(n.Text, "${") {
		return
	}
	n.Text = os.Expand(n.Text, func(name string) string {
		v := getenv(name)
		if v == "" {
			d.wrong(n.Pos, "the environment variable %s is not set", name)
		}
		return v
	})
}

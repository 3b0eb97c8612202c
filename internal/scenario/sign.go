package scenario

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/scenario/value"
)

func signerOf(name string) (*signer, error) {
	all := signers()
	i := slices.IndexFunc(all, func(s signer) bool { return s.name == name })
	if i < 0 {
		var known []string
		for _, s := range all {
			known = append(known, s.name)
		}
		return nil, fmt.Errorf("there is no x-sign %q%s", name, hint.OrKnown(name, known))
	}
	return &all[i], nil
}

// names are those that a step may give other values for.
func (s *signer) names() []string { return append(slices.Clone(s.signs), s.key) }

// knows is an error if a step cannot give another value for a name.
func (s *signer) knows(name string) error {
	known := s.names()
	if slices.Contains(known, name) {
		return nil
	}
	return fmt.Errorf("%s signs no %q%s", s.name, name, hint.OrKnown(name, known))
}

// signed finds the scheme of the vendor that signs as the word says.
func (v *vendor) signed(word API) (scheme, error) {
	var known []string
	for _, name := range sortedKeys(v.schemes) {
		s := v.schemes[name]
		if s.signer == nil {
			continue
		}
		if s.signer.word == string(word) {
			return s, nil
		}
		known = append(known, s.signer.word)
	}
	if len(known) == 0 {
		return scheme{}, fmt.Errorf("no call of %s is signed", v.name)
	}
	return scheme{}, fmt.Errorf("no call of %s is signed as %s, only as %s", v.name, word, strings.Join(known, " or "))
}

// resigned is how a step's call carries credentials if the step says how it is
// signed.
func (v *vendor) resigned(usual scheme, s *Sign, what string) (scheme, error) {
	switch {
	case s == nil:
		return usual, nil
	case s.API != "":
		return v.signed(s.API)
	case usual.signer == nil:
		return scheme{}, fmt.Errorf("%s is not signed: say sign: {api: …}", what)
	}
	return usual, nil
}

// signedCall is a call that may have to be signed.
type signedCall struct {
	play   *play
	scheme scheme
	seller map[string]any
	step   *Sign // nil: as usual
	to     address
	query  *query
}

// sign puts what a signed call carries into its query. Signed is what is sent,
// unless the step says otherwise.
func (c signedCall) sign(ctx context.Context) error {
	if c.scheme.signer == nil {
		return nil
	}
	if c.step == nil {
		c.step = &Sign{}
	}
	for _, name := range c.scheme.signer.sends {
		if c.query.named[name] {
			continue
		}
		text, err := "", error(nil)
		if name == c.scheme.signer.time {
			text, err = c.timestamp(ctx)
		} else {
			text, err = fill("{"+name+"}", c.seller)
		}
		if err != nil {
			return err
		}
		c.query.fill(name, text)
	}
	if !c.query.named[c.scheme.signature] {
		text, err := c.signature(ctx)
		if err != nil {
			return err
		}
		c.query.fill(c.scheme.signature, text)
	}
	c.query.order(c.step.Order)
	return nil
}

// timestamp is the time that the call tells.
func (c signedCall) timestamp(ctx context.Context) (string, error) {
	now, err := c.play.world.clock(ctx)
	if err != nil {
		return "", err
	}
	at := now.Add(time.Duration(c.step.At))
	if c.step.Unit == milliseconds {
		return strconv.FormatInt(at.UnixMilli(), 10), nil
	}
	return strconv.FormatInt(at.Unix(), 10), nil
}

func (c signedCall) signature(ctx context.Context) (string, error) {
	instead, err := c.instead(ctx)
	if err != nil {
		return "", err
	}
	by := c.scheme.signer
	key, other := instead[by.key]
	if !other {
		if key, err = fill("{"+by.key+"}", c.seller); err != nil {
			return "", err
		}
	}
	text := by.sign(key, func(name string) string {
		v, other := instead[name]
		switch {
		case other:
			return v
		case name == signedPath:
			return c.play.world.pathOf(c.to)
		case slices.Contains(by.sends, name):
			return c.query.sent(name)
		}
		return ""
	})
	if c.step.Case == upper {
		text = strings.ToUpper(text)
	}
	return text, nil
}

// instead is what the step wants signed instead of what is sent.
func (c signedCall) instead(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range sortedKeys(c.step.Instead) {
		if err := c.scheme.signer.knows(name); err != nil {
			return nil, err
		}
		v, err := value.Expand(c.step.Instead[name], c.play.lookup(ctx))
		if err != nil {
			return nil, err
		}
		if out[name] = ""; v != nil {
			out[name] = value.Text(v)
		}
	}
	return out, nil
}

// pathOf is an address as the vendor sees it: its path below the base of a target,
// or below the sandbox's prefix alone.
func (w *world) pathOf(to address) string {
	u, err := url.Parse(to.url)
	if err != nil {
		return ""
	}
	prefixes := []string{"/~" + w.sandbox}
	if base, err := url.Parse(to.base); err == nil {
		prefixes = []string{base.EscapedPath(), "/~" + w.sandbox}
	}
	path := u.EscapedPath()
	for _, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(path, prefix); ok && strings.HasPrefix(rest, "/") {
			return rest
		}
	}
	return path
}

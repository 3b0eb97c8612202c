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
	"example.com/marketmock/internal/marketplace/shopee/sign"
	"example.com/marketmock/internal/scenario/value"
)

// signer is a way of signing calls, by the x-sign of a security scheme.
type signer struct {
	name string
	word string // of a step's sign
	// params are the query parameters that are signed, in the order they are
	// sent; all but the timestamp are credentials of the caller.
	params []string
	// sign makes the signature with a key; of gives what is signed by the names of
	// params, and the path.
	sign func(key string, of func(name string) string) string
}

const (
	timestamp  = "timestamp"
	signedPath = "path"
)

// signers is the table of them, sorted by name.
func signers() []signer {
	open := func(key string, of func(string) string) string {
		return sign.Call{
			PartnerID: of("partner_id"), Path: of(signedPath), Timestamp: of(timestamp),
			AccessToken: of("access_token"), Owner: of("shop_id"),
		}.Sign(key)
	}
	return []signer{
		{"shopee-public", "public", []string{"partner_id", timestamp}, open},
		{"shopee-shop", "shop", []string{"partner_id", timestamp, "access_token", "shop_id"}, open},
	}
}

// signerKey is the credential that signs.
const signerKey = "partner_key"

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
	for _, name := range c.scheme.signer.params {
		if c.query.named[name] {
			continue
		}
		text, err := "", error(nil)
		if name == timestamp {
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
	key, other := instead[signerKey]
	if !other {
		if key, err = fill("{"+signerKey+"}", c.seller); err != nil {
			return "", err
		}
	}
	by := c.scheme.signer
	text := by.sign(key, func(name string) string {
		v, other := instead[name]
		switch {
		case other:
			return v
		case name == signedPath:
			return c.play.world.pathOf(c.to)
		case slices.Contains(by.params, name):
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
	for name, n := range c.step.instead() {
		if n == nil {
			continue
		}
		v, err := value.Expand(n, c.play.lookup(ctx))
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

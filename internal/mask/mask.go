// Package mask hides keys, tokens and cookies before anybody reads them.
// It decides by the names of headers, parameters and fields alone: it knows no
// vendor, no value and nothing of what happens to the masked text.
//
// A masked value is "…", followed by its last 4 characters when it is longer
// than 12, so that keys can be told apart. Masking twice changes nothing more.
package mask

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	ellipsis  = "…"
	keepTail  = 4
	keepAbove = 12
)

// secretNames are the names of headers, parameters and fields that carry
// secrets, as fold writes them. Cursors such as page_token are none.
var secretNames = map[string]bool{
	"accesstoken":        true,
	"apikey":             true,
	"apisecret":          true,
	"authorization":      true,
	"clientsecret":       true,
	"controltoken":       true,
	"cookie":             true,
	"csrftoken":          true,
	"ctoken":             true,
	"dfpaccessf":         true,
	"idtoken":            true,
	"mocktoken":          true,
	"oauth":              true,
	"oauthtoken":         true,
	"partnerkey":         true,
	"passwd":             true,
	"password":           true,
	"privatekey":         true,
	"proxyauthorization": true,
	"ptoken":             true,
	"readonlyapikey":     true,
	"refreshtoken":       true,
	"secret":             true,
	"setcookie":          true,
	"sign":               true,
	"spccds":             true,
	"spccdschat":         true,
	"token":              true,
	"webchattoken":       true,
	"xapikey":            true,
	"xmocktoken":         true,
}

// secretHeaders are secret as headers and may mean anything as fields.
var secretHeaders = map[string]bool{
	"Af-Ac-Enc-Dat":      true,
	"Af-Ac-Enc-Sz-Token": true,
	"X-Csrf-Token":       true,
	"X-Csrftoken":        true,
	"X-S":                true,
	"X-Sap-Ri":           true,
	"X-Sap-Sec":          true,
}

// longestName bounds the folded length of a secret name.
const longestName = len("proxyauthorization")

// schemes are the words before a credential in Authorization that may be shown.
var schemes = []string{"Bearer", "OAuth", "Basic", "Digest", "Token", "Negotiate", "ApiKey"}

// Secret reports whether a header, query parameter or JSON field of this name
// carries a secret. Case, hyphens and underscores make no difference. Some
// headers (x-s), parameters (SecretParameter) and codes in JSON are secret beside.
func Secret(name string) bool { return secret(name) }

func secret[T string | []byte](name T) bool {
	var buf [longestName]byte
	n := 0
	for i := range len(name) {
		c := name[i]
		if c == '-' || c == '_' {
			continue
		}
		if n == len(buf) {
			return false
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		buf[n] = c
		n++
	}
	return secretNames[string(buf[:n])]
}

// Value masks one secret. The empty string stays empty.
func Value(v string) string {
	if v == "" || strings.HasPrefix(v, ellipsis) && utf8.RuneCountInString(v) <= 1+keepTail {
		return v
	}
	if utf8.RuneCountInString(v) <= keepAbove {
		return ellipsis
	}
	at := len(v)
	for range keepTail {
		_, size := utf8.DecodeLastRuneInString(v[:at])
		at -= size
	}
	return ellipsis + v[at:]
}

// Header returns a copy of h with its secrets masked. Authorization keeps its
// scheme word, cookies keep their names and attributes, addresses all but the
// secrets in them.
func Header(h http.Header) http.Header {
	out := h.Clone()
	for name, values := range out {
		show := headerValue(name)
		if show == nil {
			continue
		}
		for i, v := range values {
			values[i] = show(v)
		}
	}
	return out
}

// headerValue masks values of a header, nil when there is nothing to mask.
func headerValue(name string) func(string) string {
	canonical := http.CanonicalHeaderKey(name)
	switch canonical {
	case "Authorization", "Proxy-Authorization":
		return authorization
	case "Cookie":
		return cookies
	case "Set-Cookie":
		return setCookie
	case "Location", "Content-Location", "Referer":
		return URL
	}
	if secretHeaders[canonical] || Secret(name) {
		return Value
	}
	return nil
}

func authorization(v string) string {
	word, rest, found := strings.Cut(v, " ")
	known := func(s string) bool { return strings.EqualFold(s, word) }
	if !found || !slices.ContainsFunc(schemes, known) {
		return Value(v)
	}
	return word + " " + Value(rest)
}

func cookies(v string) string {
	pairs := strings.Split(v, ";")
	for i, pair := range pairs {
		pairs[i] = cookiePair(pair)
	}
	return strings.Join(pairs, ";")
}

func setCookie(v string) string {
	pair, attributes, found := strings.Cut(v, ";")
	if !found {
		return cookiePair(pair)
	}
	return cookiePair(pair) + ";" + attributes
}

func cookiePair(pair string) string {
	name, value, found := strings.Cut(pair, "=")
	if !found {
		return Value(pair)
	}
	return name + "=" + Value(value)
}

package mask

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Query masks the secret parameters of a raw query or of a form body, also those of
// an address that is a parameter's value, as of a redirect; the rest stays as it is,
// malformed escapes included.
func Query(raw string) string { return query(raw, nested) }

// nested is how many addresses inside of addresses are looked at. What is deeper is
// hidden.
const nested = 4

func query(raw string, depth int) string {
	if !strings.Contains(raw, "=") {
		return raw
	}
	pairs := strings.Split(raw, "&")
	changed := false
	for i, pair := range pairs {
		escaped, value, found := strings.Cut(pair, "=")
		if !found || value == "" {
			continue
		}
		shown := value
		if SecretParameter(unescape(escaped)) {
			shown = queryValue(value)
		} else if plain := unescape(value); address(plain) {
			shown = innerAddress(value, plain, depth)
		}
		if shown != value {
			pairs[i] = escaped + "=" + shown
			changed = true
		}
	}
	if !changed {
		return raw
	}
	return strings.Join(pairs, "&")
}

// SecretParameter reports whether a query parameter of this name carries a
// secret: all that Secret knows, and code, which is what an authorization ends
// with there, and a number or a word of an error anywhere else.
func SecretParameter(name string) bool {
	return Secret(name) || strings.EqualFold(name, "code")
}

// address reports whether a value is an address that may have something to hide.
func address(plain string) bool {
	return (strings.HasPrefix(plain, "/") || strings.Contains(plain, "://")) && strings.ContainsAny(plain, "?#@")
}

// innerAddress masks an address that is the value of a parameter, and leaves one
// without secrets as it was escaped.
func innerAddress(escaped, plain string, depth int) string {
	if depth == 0 {
		return ellipsis
	}
	masked := maskURL(plain, depth-1)
	if masked == plain {
		return escaped
	}
	return strings.ReplaceAll(url.QueryEscape(masked), url.QueryEscape(ellipsis), ellipsis)
}

// queryValue leaves the ellipsis readable and escapes what is kept.
func queryValue(escaped string) string {
	masked := Value(unescape(escaped))
	return ellipsis + url.QueryEscape(strings.TrimPrefix(masked, ellipsis))
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// URL masks the user info, the secret parameters of the query and those of the
// fragment. It takes absolute URLs and request targets alike, malformed or not.
func URL(raw string) string { return maskURL(raw, nested) }

func maskURL(raw string, depth int) string {
	rest, fragment, hasFragment := strings.Cut(raw, "#")
	rest, params, hasQuery := strings.Cut(rest, "?")
	out := userInfo(rest)
	if hasQuery {
		out += "?" + query(params, depth)
	}
	if hasFragment {
		out += "#" + query(fragment, depth)
	}
	return out
}

func userInfo(raw string) string {
	start := strings.Index(raw, "//")
	if start < 0 || strings.Contains(raw[:start], "/") {
		return raw
	}
	start += len("//")
	end := len(raw)
	if slash := strings.Index(raw[start:], "/"); slash >= 0 {
		end = start + slash
	}
	at := strings.LastIndex(raw[start:end], "@")
	if at < 0 {
		return raw
	}
	return raw[:start] + ellipsis + raw[start+at:]
}

// Text masks every occurrence of the secrets in s, also where they stand
// escaped for a query or a path. Empty secrets are ignored.
func Text(s string, secrets ...string) string {
	var forms []string
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		forms = append(forms, secret, url.QueryEscape(secret), url.PathEscape(secret))
	}
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	replacements := make([]string, 0, 2*len(forms))
	for _, form := range slices.Compact(forms) {
		replacements = append(replacements, form, Value(form))
	}
	return strings.NewReplacer(replacements...).Replace(s)
}

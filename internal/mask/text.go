package mask

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Query masks the secret parameters of a raw query or of a form body; the rest
// stays as it is, malformed escapes included.
func Query(raw string) string {
	if !strings.Contains(raw, "=") {
		return raw
	}
	pairs := strings.Split(raw, "&")
	changed := false
	for i, pair := range pairs {
		escaped, value, found := strings.Cut(pair, "=")
		if !found || value == "" || !SecretParameter(unescape(escaped)) {
			continue
		}
		pairs[i] = escaped + "=" + queryValue(value)
		changed = true
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
func URL(raw string) string {
	rest, fragment, hasFragment := strings.Cut(raw, "#")
	rest, query, hasQuery := strings.Cut(rest, "?")
	out := userInfo(rest)
	if hasQuery {
		out += "?" + Query(query)
	}
	if hasFragment {
		out += "#" + Query(fragment)
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

package markettest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// nonsense are bodies that no operation documents.
func nonsense() []string {
	return []string{
		"", " ", "null", "true", "17", `"text"`, "[]", "[{}]", "{", "}", `{"a":`, `{"a":1,}`, `{'a':1}`,
		"{}{}", `{} trailing`, "\xff\xfe", "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}",
		`{"":0}`, `{"a":1,"a":2}`, "\x00", "<xml/>", "a=b&c=d",
		strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000),
		`{"a":"` + strings.Repeat("x", 2<<20) + `"}`,
	}
}

// values stand in for each field of a good body.
func values() []string {
	return []string{
		"null", "true", "0", "-1", "1.5", "1e400", "-1e-400", "99999999999999999999999999", "9223372036854775808",
		"18446744073709551616", `""`, `" "`, `"0"`, `"text"`, `"18446744073709551615"`, "[]", "{}", "[null]", `[""]`, "[[]]",
		`{"a":{}}`, `"\u0000"`, `"` + strings.Repeat("ж", 5000) + `"`,
	}
}

// mutations are a good body with one field replaced, dropped, repeated or
// added, at the top level.
func mutations(body string) []string {
	fields, ok := object(body)
	if !ok {
		return nil
	}
	var list []string
	encode := func(m map[string]json.RawMessage) {
		text, err := json.Marshal(m)
		if err == nil {
			list = append(list, string(text))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, v := range values() {
			changed := maps.Clone(fields)
			changed[name] = json.RawMessage(v)
			if text, err := json.Marshal(changed); err == nil {
				list = append(list, string(text))
			}
		}
		dropped := maps.Clone(fields)
		delete(dropped, name)
		encode(dropped)
		key, _ := json.Marshal(name)
		list = append(list, strings.TrimSuffix(body, "}")+","+string(key)+":"+string(fields[name])+"}")
	}
	added := maps.Clone(fields)
	added["no_such_field"] = json.RawMessage(`{"deep":[1,2,3]}`)
	encode(added)
	return list
}

// strayed are a good call with each query parameter replaced, dropped and
// repeated, and with each segment of its path that holds a digit replaced.
func strayed(good Call) []Call {
	var list []Call
	path, query, _ := strings.Cut(good.Path, "?")
	add := func(p, q string) {
		call := good
		call.Path = p
		if q != "" {
			call.Path += "?" + q
		}
		list = append(list, call)
	}
	for _, v := range []string{"", "0", "-1", "x", "1.5", "99999999999999999999999999", "%00", "%F0%9F%92%A9", strings.Repeat("9", 5000)} {
		for _, pair := range strings.Split(query, "&") {
			name, _, ok := strings.Cut(pair, "=")
			if !ok {
				continue
			}
			add(path, strings.Replace(query, pair, name+"="+v, 1))
			add(path, query+"&"+name+"="+v)
		}
		segments := strings.Split(path, "/")
		for i, segment := range segments {
			if v != "" && len(segment) > 2 && strings.ContainsAny(segment, "0123456789") {
				changed := slices.Clone(segments)
				changed[i] = v
				add(strings.Join(changed, "/"), query)
			}
		}
	}
	add(path, query+"&no_such_parameter=1")
	return list
}

// resolved is a call with its path as Sign leaves it.
func (w *World) resolved(t *testing.T, c Call) Call {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method(c), w.Base+c.Path, http.NoBody)
	require.NoError(t, err)
	w.config.Sign(request, w.Credentials, w.clock())
	_, query, asked := strings.Cut(c.Path, "?")
	c.Path = strings.TrimPrefix(request.URL.EscapedPath(), strings.TrimPrefix(w.Base, w.URL))
	if asked {
		c.Path += "?" + query
	}
	return c
}

func badInput(t *testing.T, c Config) {
	h := Start(t, c)
	receiver := httptest.NewServer(c.Receiver)
	t.Cleanup(receiver.Close)
	w := h.World(t, everything(c))
	var all []Call
	c.Calls(w.Open(t), receiver.URL, func(call Call) Reply {
		all = append(all, call)
		return w.Do(call)
	})
	for _, good := range all {
		t.Run(good.Operation, func(t *testing.T) {
			t.Parallel()
			bad := make([]Call, 0, 500)
			for _, body := range append(nonsense(), mutations(good.Body)...) {
				call := good
				call.Body = body
				bad = append(bad, call)
			}
			for _, call := range append(bad, strayed(w.resolved(t, good))...) {
				what := short(call.Path + " " + call.Body)
				reply, err := w.Try(call, w.Credentials)
				require.NoError(t, err, what)
				require.Less(t, reply.Status, 500, "%s: %s", what, reply.Body)
				if findings := w.findings(t, good.Operation, reply); len(findings) > 0 {
					require.Fail(t, "the answer is not in the spec", "%s: %d %s: %v", what, reply.Status, reply.Body, findings)
				}
			}
		})
	}
	t.Run("headers", func(t *testing.T) {
		t.Parallel()
		list := c.List("")
		for _, header := range []map[string]string{
			{"Content-Type": "text/plain"},
			{"Content-Type": "application/xml"},
			{"Content-Type": ";;;"},
			{"Accept": "text/html"},
			{"Content-Encoding": "gzip"},
			{"X-Forwarded-For": strings.Repeat("1.2.3.4, ", 500)},
		} {
			list.Header = header
			reply := w.Do(list)
			require.Less(t, reply.Status, 500, "%v: %s", header, reply.Body)
			w.Conforms(t, list.Operation, reply)
		}
	})
	t.Run("repeated credentials", func(t *testing.T) {
		t.Parallel()
		list := c.List("")
		request, err := http.NewRequestWithContext(t.Context(), method(list), w.Base+list.Path, strings.NewReader(list.Body))
		require.NoError(t, err)
		c.Sign(request, w.Credentials, w.clock())
		for name, held := range request.Header {
			request.Header[name] = append(held, held...)
		}
		if q := request.URL.RawQuery; q != "" {
			request.URL.RawQuery = q + "&" + q
		}
		reply := w.do(request)
		require.Less(t, reply.Status, 500)
		w.Conforms(t, list.Operation, reply)
	})
	t.Run("credentials in the query", func(t *testing.T) {
		t.Parallel()
		list := c.List("")
		for _, query := range w.spoiltCredentials(t, list) {
			request, err := http.NewRequestWithContext(t.Context(), method(list), w.Base+list.Path, strings.NewReader(list.Body))
			require.NoError(t, err)
			c.Sign(request, w.Credentials, w.clock())
			request.URL.RawQuery = query
			reply := w.do(request)
			require.Less(t, reply.Status, 500, "%s: %s", short(query), reply.Body)
			require.True(t, c.refused(reply), "%s: %s", short(query), reply.Body)
			w.Conforms(t, list.Operation, reply)
		}
	})
}

// spoiltCredentials are the query of a signed call with each parameter that only
// the signature added replaced, emptied and dropped: none of them lets anybody in.
func (w *World) spoiltCredentials(t *testing.T, c Call) []string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method(c), w.Base+c.Path, http.NoBody)
	require.NoError(t, err)
	before := request.URL.Query()
	w.config.Sign(request, w.Credentials, w.clock())
	query := request.URL.RawQuery
	var list []string
	for _, pair := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if before.Has(name) || name == "" {
			continue
		}
		list = append(list, strings.Replace(query, pair, "", 1))
		for _, v := range []string{"", "0", "-1", "x", "1.5", "4294967296", "99999999999999999999999999", value + "0", "%00", "%zz", "%F0%9F%92%A9", strings.Repeat("9", 5000)} {
			list = append(list, strings.Replace(query, pair, name+"="+v, 1))
		}
	}
	return list
}

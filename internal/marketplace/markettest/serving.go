package markettest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/server"
	"example.com/marketmock/specs"
)

// days are editions at which defaults are tried.
func days() []time.Time {
	var list []time.Time
	for day := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2027; day = day.AddDate(0, 1, 0) {
		list = append(list, day)
	}
	return list
}

func describes(t *testing.T, c Config) {
	em := c.Emulator
	library := openapi.NewLibrary(specs.FS)
	behaviour := em.Operations()
	served := map[string]bool{}
	for _, name := range em.Specs() {
		spec, err := library.Load(name)
		require.NoError(t, err)
		for _, op := range spec.Operations() {
			require.NotNil(t, behaviour[op.ID].Run, "%s has no behaviour", op.ID)
			served[op.ID] = true
		}
	}
	for id := range behaviour {
		require.True(t, served[id], "%s is in no spec", id)
	}
	for _, sw := range em.Switches() {
		require.NotEmpty(t, sw.Why, sw.Name)
		require.NotEmpty(t, sw.Claim, sw.Name)
		require.NotEmpty(t, sw.By, sw.Name)
		require.Greater(t, len(sw.Values), 1, sw.Name)
		for _, day := range days() {
			require.Contains(t, sw.Values, sw.Default(day), "%s on %s", sw.Name, day)
		}
	}
	for _, day := range days() {
		settings, err := marketplace.NewSettings(em.Switches(), day, nil)
		require.NoError(t, err)
		for _, name := range em.Specs() {
			require.NoError(t, library.Validate(name, em.Overlays(name, settings)...), "edition %s", day)
		}
	}
	for _, action := range em.Actions() {
		require.NotEmpty(t, action.Summary, action.Name)
		require.NotNil(t, action.Input, action.Name)
	}
}

// settingsOf are the combinations to serve with: the defaults, then every
// other value of every switch.
func settingsOf(c Config) []map[string]string {
	list := []map[string]string{{}}
	for _, sw := range c.Emulator.Switches() {
		for _, value := range sw.Values {
			if _, fixed := c.Switches[sw.Name]; !fixed && value != sw.Default(server.Newest) {
				list = append(list, map[string]string{sw.Name: value})
			}
		}
	}
	return list
}

func operations(t *testing.T, c Config) {
	h := Start(t, c)
	receiver := httptest.NewServer(c.Receiver)
	t.Cleanup(receiver.Close)
	for _, set := range settingsOf(c) {
		name := "defaults"
		for k, v := range set {
			name = k + " " + v
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := map[string]string{}
			for _, m := range []map[string]string{c.Switches, set} {
				for k, v := range m {
					all[k] = v
				}
			}
			w := h.World(t, map[string]any{"switches": map[string]any{c.Emulator.Name(): all}})
			seen := map[string]bool{}
			c.Calls(w.Open(t), receiver.URL, func(call Call) Reply {
				reply := w.Do(call)
				w.Conforms(t, call.Operation, reply)
				if len(set) == 0 {
					require.False(t, c.refused(reply), "%s: %d %s", call.Operation, reply.Status, reply.Body)
				}
				require.Less(t, reply.Status, 500, "%s: %s", call.Operation, reply.Body)
				seen[call.Operation] = true
				return reply
			})
			for id := range c.Emulator.Operations() {
				require.Equal(t, c.about(id), seen[id], "a call of %s in Config.Calls", id)
			}
		})
	}
}

func strangers(t *testing.T, c Config) {
	h := Start(t, c)
	w := h.World(t, nil)
	other := h.World(t, nil)
	place := other.Open(t)
	send := c.Send(place, "this chat belongs to another world")
	refused := w.Do(send)
	w.Conforms(t, send.Operation, refused)
	require.True(t, c.refused(refused), "%d %s", refused.Status, refused.Body)
	for _, call := range []Call{c.List(""), c.History(place), c.Send(place, "hello")} {
		reply, err := w.Try(call, nil)
		require.NoError(t, err)
		require.True(t, c.refused(reply), "%s: %d %s", call.Operation, reply.Status, reply.Body)
		require.Less(t, reply.Status, 500)
		w.Conforms(t, call.Operation, reply)
		require.NotEmpty(t, reply.Header.Get("X-Mock-Reason"))
	}
}

func paths(t *testing.T, c Config) {
	w := Start(t, c).World(t, nil)
	unknown := w.Do(Call{Path: "/no/such/path"})
	require.True(t, c.refused(unknown), "%d %s", unknown.Status, unknown.Body)
	require.Less(t, unknown.Status, 500)
	require.NotEmpty(t, unknown.Header.Get("X-Mock-Reason"))

	list := c.List("")
	path, query, _ := strings.Cut(list.Path, "?")
	slash := w.Do(Call{Method: list.Method, Path: path + "/?" + query, Body: list.Body})
	require.Equal(t, unknown.Status, slash.Status, "a trailing slash is another path, not a redirect")
	for _, verb := range []string{http.MethodDelete, http.MethodPatch, http.MethodPut} {
		reply := w.Do(Call{Method: verb, Path: list.Path, Body: list.Body})
		require.True(t, c.refused(reply), "%s: %d %s", verb, reply.Status, reply.Body)
		require.Less(t, reply.Status, 500, verb)
		require.NotContains(t, string(reply.Body), "gin", verb)
	}

	spellings(t, w, c)
	atRoot := w.Base
	w.Base = w.URL
	w.passes(t, list) // the credentials lead to the world without its path
	w.Base = atRoot
}

// spellings calls a documented path under each of its other spellings.
func spellings(t *testing.T, w *World, c Config) {
	t.Helper()
	list := c.List("")
	path, query, _ := strings.Cut(list.Path, "?")
	for _, spec := range w.world().Config().Specs {
		op, ok := spec.Operation(list.Operation)
		if !ok {
			continue
		}
		names, values := strings.Split(op.Path, "/"), strings.Split(path, "/")
		require.Len(t, values, len(names), "%s is no call of %s", path, op.Path)
		for _, spelling := range c.Emulator.Paths(op.Path) {
			parts := strings.Split(spelling, "/")
			for i, part := range parts {
				if at := slices.Index(names, part); at >= 0 && strings.HasPrefix(part, "{") {
					parts[i] = values[at]
				}
			}
			call := list
			call.Path = strings.Join(parts, "/") + "?" + query
			w.Conforms(t, list.Operation, w.Do(call))
			require.Equal(t, list.Operation, w.last().Operation, spelling)
		}
	}
}

func faults(t *testing.T, c Config) {
	w := Start(t, c).World(t, nil)
	place := w.Open(t)
	list := c.List("")
	add := func(fault map[string]any) {
		fault["marketplace"], fault["times"] = c.Emulator.Name(), 1
		w.Play(http.MethodPost, "faults", fault, nil)
	}
	for _, status := range []int{400, 403, 404, 500} {
		add(map[string]any{"kind": "status", "status": status, "operation": list.Operation})
		reply := w.Do(list)
		require.Equal(t, status, reply.Status)
		w.Conforms(t, list.Operation, reply)
	}
	add(map[string]any{"kind": "rate-limit"})
	reply := w.Do(list)
	require.Equal(t, c.LimitStatus, reply.Status)
	w.Conforms(t, list.Operation, reply)

	for _, kind := range []string{"drop", "truncate"} {
		add(map[string]any{"kind": kind})
		require.Error(t, w.lose(t, list), kind)
	}
	add(map[string]any{"kind": "break-spec"})
	require.NotEmpty(t, w.findings(t, list.Operation, w.Do(list)))
	add(map[string]any{"kind": "delay", "delay": "1ms"})
	w.passes(t, list)

	send := c.Send(place, "stored, but answered 500")
	add(map[string]any{"kind": "status", "status": 500, "stage": "after", "operation": send.Operation})
	require.Equal(t, 500, w.Do(send).Status)
	texts, err := c.Texts(w.Do(c.History(place)).Body)
	require.NoError(t, err)
	require.Contains(t, texts, "stored, but answered 500")
}

func determinism(t *testing.T, c Config) {
	h := Start(t, c)
	first := h.World(t, map[string]any{"seed": 7, "fixture": "busy"})
	second := h.World(t, map[string]any{"seed": 7, "fixture": "busy"})
	third := h.World(t, map[string]any{"seed": 8, "fixture": "busy"})
	page := func(w *World) []string {
		ids, _, err := c.Page(w.Do(c.List("")).Body)
		require.NoError(t, err)
		require.NotEmpty(t, ids)
		if c.Stable != nil {
			for i, id := range ids {
				ids[i] = c.Stable(id, w.Credentials)
			}
		}
		return ids
	}
	require.Equal(t, page(first), page(second))
	require.NotEqual(t, page(first), page(third))
	require.NotEqual(t, string(first.Credentials), string(second.Credentials), "credentials belong to one world")
}

func isolation(t *testing.T, c Config) {
	h := Start(t, c)
	a, b := h.World(t, nil), h.World(t, nil)
	place := a.Open(t)
	before, err := c.Texts(a.Do(c.History(place)).Body)
	require.NoError(t, err)
	require.NotEmpty(t, before)
	a.Play(http.MethodPatch, "clock", map[string]any{"advance": "1h"}, nil)
	require.Less(t, b.now(), a.now())
	a.Play(http.MethodPost, "faults", map[string]any{"kind": "status", "status": 500}, nil)
	require.Equal(t, 500, a.Do(c.List("")).Status)
	b.passes(t, c.List(""))
	reply, err := a.Try(c.List(""), b.Credentials)
	require.NoError(t, err)
	require.True(t, c.refused(reply), "a path that names a sandbox is served by it, whoever signs: %d %s", reply.Status, reply.Body)
}

func snapshots(t *testing.T, c Config) {
	w := Start(t, c).World(t, nil)
	place := w.Open(t)
	w.Play(http.MethodPost, "snapshots", map[string]any{"name": "before"}, nil)
	sent := w.Do(c.Send(place, "will be forgotten"))
	require.False(t, c.refused(sent), "%d %s", sent.Status, sent.Body)
	w.Play(http.MethodPatch, "clock", map[string]any{"advance": "1h"}, nil)
	w.Play(http.MethodPost, "snapshots/before/restore", nil, nil)
	texts, err := c.Texts(w.Do(c.History(place)).Body)
	require.NoError(t, err)
	require.NotContains(t, texts, "will be forgotten")

	w.Play(http.MethodPost, "reset", nil, nil)
	reply := w.Do(c.History(place))
	require.True(t, c.refused(reply), "a reset forgets chats that the fixture does not have: %d %s", reply.Status, reply.Body)
	w.passes(t, c.List("")) // a reset keeps the credentials
}

// short prints a body for a test's name.
func short(body string) string {
	body = strings.ToValidUTF8(body, "?")
	if len(body) > 40 {
		return fmt.Sprintf("%.40s… (%d bytes)", body, len(body))
	}
	return body
}

// object reads a JSON object.
func object(text string) (map[string]json.RawMessage, bool) {
	var fields map[string]json.RawMessage
	err := json.Unmarshal([]byte(text), &fields)
	return fields, err == nil
}

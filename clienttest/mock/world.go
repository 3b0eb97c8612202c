package mock

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// World is a sandbox of one test, seen as one marketplace's. URL is where that
// marketplace's API begins, without a slash at its end.
type World struct {
	Name        string
	URL         string
	server      *Server
	marketplace string
	sellers     []json.RawMessage
}

// World makes a sandbox from a fixture, with switches of the marketplace set.
func (s *Server) World(t *testing.T, marketplace, fixture string, switches map[string]string) *World {
	t.Helper()
	in := map[string]any{"fixture": fixture}
	if switches != nil {
		in["switches"] = map[string]any{marketplace: switches}
	}
	return s.make(t, marketplace, in)
}

// Edition makes a sandbox as of a day, like 2025-08-01.
func (s *Server) Edition(t *testing.T, marketplace, fixture, day string) *World {
	t.Helper()
	return s.make(t, marketplace, map[string]any{"fixture": fixture, "edition": day})
}

func (s *Server) make(t *testing.T, marketplace string, in map[string]any) *World {
	t.Helper()
	var made struct {
		Name     string                       `json:"name"`
		BaseURLs map[string]string            `json:"base_urls"`
		Sellers  map[string][]json.RawMessage `json:"sellers"`
	}
	s.Control(t, http.MethodPost, "/sandboxes", in, &made)
	return &World{
		Name: made.Name, URL: made.BaseURLs[marketplace],
		server: s, marketplace: marketplace, sellers: made.Sellers[marketplace],
	}
}

// Sellers are the credentials of the world's sellers, each read into a T.
func Sellers[T any](t *testing.T, w *World) []T {
	t.Helper()
	sellers := make([]T, len(w.sellers))
	for i, raw := range w.sellers {
		require.NoError(t, json.Unmarshal(raw, &sellers[i]))
	}
	require.NotEmpty(t, sellers)
	return sellers
}

// Control calls the control API of this sandbox.
func (w *World) Control(t *testing.T, method, path string, in, out any) {
	t.Helper()
	w.server.Control(t, method, "/sandboxes/"+w.Name+path, in, out)
}

// Market calls the control API of this sandbox's marketplace.
func (w *World) Market(t *testing.T, method, path string, in, out any) {
	t.Helper()
	w.Control(t, method, "/"+w.marketplace+path, in, out)
}

// Limit sets how many calls a rule allows in a time, as "1h".
func (w *World) Limit(t *testing.T, rule string, calls int, per string) {
	t.Helper()
	rules := map[string]any{rule: map[string]any{"max": calls, "per": per}}
	w.Control(t, http.MethodPatch, "/limits", map[string]any{w.marketplace: rules}, nil)
}

// Fault makes the next call of the marketplace fail as rule says.
func (w *World) Fault(t *testing.T, rule map[string]any) {
	t.Helper()
	once := map[string]any{"marketplace": w.marketplace, "times": 1}
	for key, value := range rule {
		once[key] = value
	}
	w.Control(t, http.MethodPost, "/faults", once, nil)
}

// Freeze stops the sandbox's clock.
func (w *World) Freeze(t *testing.T) {
	t.Helper()
	w.Control(t, http.MethodPatch, "/clock", map[string]bool{"frozen": true}, nil)
}

// Advance moves the sandbox's clock, by as much as "1m" says.
func (w *World) Advance(t *testing.T, by string) {
	t.Helper()
	w.Control(t, http.MethodPatch, "/clock", map[string]string{"advance": by}, nil)
}

// Chat is a chat as the control API shows it.
type Chat struct {
	ID       string `json:"id"`
	Messages []struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	} `json:"messages"`
}

// Chats are the first chats of the sandbox, with their messages.
func (w *World) Chats(t *testing.T) []Chat {
	t.Helper()
	var list struct{ Chats []Chat }
	w.Market(t, http.MethodGet, "/chats", nil, &list)
	for i, c := range list.Chats {
		w.Market(t, http.MethodGet, "/chats/"+c.ID, nil, &list.Chats[i])
	}
	return list.Chats
}

func hasSection(t *testing.T, file, name string) bool {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	return regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + `:`).Match(raw)
}

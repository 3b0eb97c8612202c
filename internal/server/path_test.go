package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/server"
)

func TestAnotherSpellingOfAPathIsTheSameOperation(t *testing.T) {
	t.Parallel()
	blue := toy{name: "blue", paths: map[string][]string{
		"/same/{blue_id}": {"/old/{blue_id}/same", "/old/{blue_id}/same.json"},
	}}
	s := startWith(t, server.Options{}, toy{name: "red"}, blue)
	for _, path := range []string{"/old/a%2Fb/same", "/old/a%2Fb/same.json", "/same/a%2Fb"} {
		for _, base := range []string{"http://mock/blue", "http://blue.example", "http://mock/~default/blue", "http://mock/~default"} {
			status, answer, header := get(t, s, http.MethodGet, base+path, "", "X-blue", "k")
			require.Equal(t, http.StatusOK, status, base+path)
			require.Equal(t, said{By: "blue", Path: "a/b"}, answer, base+path)
			require.Equal(t, path, header.Get("Target"), base+path)
		}
		for _, verb := range []string{http.MethodPost, http.MethodDelete, "PROPFIND"} {
			status, answer, _ := get(t, s, verb, "http://mock/blue"+path, "")
			require.Equal(t, http.StatusMethodNotAllowed, status, verb+path)
			require.Equal(t, "blue", answer.By, verb+path)
		}
	}
	for _, url := range []string{"http://mock/blue/old/1/same/", "http://mock/blue/old/1", "http://mock/red/old/1/same"} {
		status, _, _ := get(t, s, http.MethodGet, url, "")
		require.Equal(t, http.StatusNotFound, status, url)
	}
}

func TestASpellingThatCannotBeServedIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		documented, spelling, reason string
	}{
		"another's path":   {"/red/panic", "/red/upload", "path /red/upload is taken by operation redPanic"},
		"its own":          {"/red/panic", "/red/panic", "path /red/panic is taken by operation redPanic"},
		"other parameters": {"/same/{red_id}", "/other/{id}", "its spelling /other/{id} has [id]"},
		"half a segment":   {"/same/{red_id}", "/same/{red_id}.json", "a parameter must be a whole segment"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := assemble(t, server.Options{}, toy{name: "red", paths: map[string][]string{c.documented: {c.spelling}}})
			require.ErrorContains(t, err, c.reason)
		})
	}
}

func TestASpellingOfOneVendorMayBeAnothersPath(t *testing.T) {
	t.Parallel()
	s := startWith(t, server.Options{}, toy{name: "red"}, toy{name: "blue", paths: map[string][]string{"/blue/panic": {"/red/upload"}}})
	_, answer, _ := get(t, s, http.MethodPost, "http://mock/red/upload", "x", "X-red", "k")
	require.Equal(t, "red", answer.By)
	status, answer, _ := get(t, s, http.MethodGet, "http://mock/red/upload", "", "X-blue", "k")
	require.Equal(t, http.StatusInternalServerError, status)
	require.Equal(t, "blue", answer.By)
}

func TestAPathThatSaysMoreRefusesTheVerbsOfOneThatSaysLess(t *testing.T) {
	t.Parallel()
	blue := toy{name: "blue", paths: map[string][]string{"/blue/upload": {"/same/upload"}}}
	s := startWith(t, server.Options{}, toy{name: "red"}, blue)
	for url, by := range map[string]string{
		"http://mock/blue/same/upload": "blue", "http://mock/same/upload": "blue", "http://mock/~default/same/upload": "blue",
	} {
		for _, verb := range []string{http.MethodGet, http.MethodPatch, "PROPFIND"} {
			status, answer, _ := get(t, s, verb, url, "")
			require.Equal(t, http.StatusMethodNotAllowed, status, verb+url)
			require.Equal(t, by, answer.By, verb+url)
		}
	}
	for _, verb := range []string{http.MethodPost, http.MethodOptions, "PROPFIND"} {
		status, answer, _ := get(t, s, verb, "http://mock/same/1", "")
		require.Equal(t, http.StatusMethodNotAllowed, status, verb)
		require.Equal(t, "red", answer.By, verb, "the first that has the path")
		_, answer, _ = get(t, s, verb, "http://mock/same/1", "", "X-blue", "k")
		require.Equal(t, "blue", answer.By, verb)
	}
}

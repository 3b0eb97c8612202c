package server_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/server"
)

// looking is a toy whose credential stands in the first 4 KB of a body.
func looking(name string) toy {
	echo := func(c *marketplace.Call) (marketplace.Response, error) {
		return marketplace.Response{Body: said{By: name, Bytes: int64(len(c.Body)), Path: string(c.Body[:min(len(c.Body), 20)])}}, nil
	}
	return toy{
		name: name,
		login: func(r *http.Request) []string {
			if bytes.Contains(marketplace.Peek(r, 4<<10), []byte(name)) {
				return []string{name}
			}
			return nil
		},
		runs: map[string]marketplace.Operation{name + "Same": {Run: echo}},
	}
}

func TestACredentialMayStandInTheBody(t *testing.T) {
	t.Parallel()
	s := startWith(t, server.Options{}, looking("red"), looking("blue"))
	for name, body := range map[string]string{
		"a short body":            `{"account":"blue"}`,
		"one longer than a look":  `{"account":"blue"}` + strings.Repeat(" ", 100_000),
		"one as long as a look":   `{"account":"blue"}` + strings.Repeat(" ", 4<<10-18),
		"one that begins with it": "blue",
	} {
		for _, url := range []string{"http://mock/same/1", "http://mock/~default/same/1", "http://mock/blue/same/1"} {
			_, answer, _ := get(t, s, http.MethodGet, url, body)
			require.Equal(t, said{By: "blue", Bytes: int64(len(body)), Path: body[:min(len(body), 20)]}, answer, name+" "+url)
		}
	}
	_, answer, _ := get(t, s, http.MethodGet, "http://mock/same/1", strings.Repeat(" ", 4<<10)+"blue")
	require.Equal(t, "red", answer.By, "nobody looks further, and red is the first")
	status, answer, _ := get(t, s, http.MethodGet, "http://mock/none", "blue")
	require.Equal(t, http.StatusNotFound, status)
	require.Equal(t, "blue", answer.By)
}

func TestAStreamedBodyIsWholeAfterALook(t *testing.T) {
	t.Parallel()
	s := startWith(t, server.Options{}, looking("red"))
	body := strings.Repeat("red!", 10_000)
	sum := sha256.Sum256([]byte(body))
	for _, length := range []int{len(body), 40, 0} {
		get(t, s, http.MethodPost, "http://mock/red/red/upload", body[:length])
	}
	list := journalled(t, s)
	require.Len(t, list, 3)
	for _, seen := range list {
		if seen.Request.Length == len(body) {
			require.Equal(t, hex.EncodeToString(sum[:]), seen.Request.SHA256)
		}
		require.Len(t, seen.Request.SHA256, 64)
		require.False(t, seen.Request.Cut)
	}
}

// A login of which nothing comes must not hold its connection longer than any
// other body.
func TestALookWaitsForASilentClientAsAnybodyDoes(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]string{
		"at a known path":        "GET /red/same/1",
		"at a path of two":       "GET /same/1",
		"of a streamed body":     "POST /red/red/upload",
		"at a path of a sandbox": "GET /~default/red/same/1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				connect := serving(t, startWith(t, server.Options{}, looking("red"), looking("blue")))
				conn, began := connect(), time.Now()
				write(t, conn, strings.Replace(uploading(1000), "POST /red/red/upload", request, 1)+`{"account":"red`)
				reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err)
				defer reply.Body.Close()
				require.GreaterOrEqual(t, reply.StatusCode, 400)
				require.True(t, reply.Close)
				require.GreaterOrEqual(t, time.Since(began), time.Minute)
				require.Less(t, time.Since(began), time.Minute+2*time.Second)
				_, err = io.Copy(io.Discard, reply.Body)
				require.NoError(t, err)
				_, err = conn.Read(make([]byte, 1))
				require.ErrorIs(t, err, io.EOF, "the connection ends")
			})
		})
	}
}

package webchat_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

// BenchmarkList is a page of 50 rows without HTTP, BenchmarkHistory one of 20.
func BenchmarkList(b *testing.B) {
	w := newWorld(b, "generate: {chats: 300}", nil)
	serve(b, w, w.get("v1.2/conversations?direction=older").call)
}

func BenchmarkHistory(b *testing.B) {
	w := newWorld(b, taiwan, nil)
	for range 30 {
		w.post(sendTarget, hello)
	}
	serve(b, w, w.get(historyTarget).call)
}

func serve(b *testing.B, w *testWorld, c *marketplace.Call) {
	b.ReportAllocs()
	for b.Loop() {
		call := &marketplace.Call{
			World: c.World, Config: c.Config, Request: c.Request, Operation: c.Operation, Target: c.Target, Path: c.Path, Header: http.Header{},
		}
		answer, err := w.run(call)
		require.NoError(b, err)
		if n := len(answer.Body.(marketplace.JSONAppender).AppendJSON(nil)); n < 5000 {
			b.Fatal(n)
		}
	}
}

package openapi_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/openapi/strict"
	"example.com/marketmock/specs"
)

var update = flag.Bool("update", false, "write golden files")

func embedded(t testing.TB) []string {
	t.Helper()
	files, err := fs.Glob(specs.FS, "*.yaml")
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		if name := strings.TrimSuffix(file, ".yaml"); !strings.HasSuffix(name, ".claims") {
			names = append(names, name)
		}
	}
	return names
}

func TestEveryEmbeddedSpecIsStrictlyValid(t *testing.T) {
	t.Parallel()
	library := openapi.NewLibrary(specs.FS)
	for _, name := range embedded(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, strict.Validate(t.Context(), library, name))
			spec, err := library.Load(name)
			require.NoError(t, err)
			require.NotEmpty(t, spec.Operations())
		})
	}
}

func ozonRequest(body string) openapi.Request {
	return openapi.Request{
		Header: http.Header{
			"Content-Type": {"application/json"}, "Client-Id": {"1001"}, "Api-Key": {"00000000-0000-4000-8000-000000001001"},
		},
		Body: []byte(body),
	}
}

func TestFindingsOnOzonRequests(t *testing.T) {
	t.Parallel()
	spec, err := openapi.NewLibrary(specs.FS).Load("ozon")
	require.NoError(t, err)
	tests := []struct{ operation, body string }{
		{"ChatAPI_ChatListV3", `{"limit":30,"filter":{"chat_status":"ALL","unread_only":true}}`},
		{"ChatAPI_ChatListV3", `{"limit":"30","filter":{"chat_status":"NONE","unread":1},"cursor":null}`},
		{"ChatAPI_ChatListV3", `{"limit":30,"limit":31,}`},
		{"ChatAPI_ChatSendMessage", `{"chat_id":"99feb3fc-a474-469f-95d5-268b470cc607","text":"` + strings.Repeat("я", 1001) + `"}`},
		{"ChatAPI_ChatSendMessage", `{"chat_id":5}`},
		{"ChatAPI_ChatHistoryV3", `{"chat_id":"x","from_message_id":18446744073709551616,"direction":"Up","limit":0}`},
		{"ChatAPI_ChatSendFile", `{"chat_id":"99feb3fc-a474-469f-95d5-268b470cc607","base64_content":"***","name":"a.png"}`},
	}
	var out bytes.Buffer
	for _, test := range tests {
		fmt.Fprintf(&out, "%s %.80s\n", test.operation, test.body)
		for _, f := range spec.CheckRequest(test.operation, ozonRequest(test.body)) {
			fmt.Fprintf(&out, "  %s %q %s: %s (%s)\n", f.In, f.Pointer, f.Rule, f.Message, f.Spec)
		}
	}
	golden := filepath.Join("testdata", "ozon.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

func BenchmarkLoad(b *testing.B) {
	for _, name := range embedded(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := openapi.NewLibrary(specs.FS).Load(name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkValidate(b *testing.B) {
	library := openapi.NewLibrary(specs.FS)
	b.ReportAllocs()
	for b.Loop() {
		if err := library.Validate("ozon"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckRequest(b *testing.B) {
	spec, err := openapi.NewLibrary(specs.FS).Load("ozon")
	require.NoError(b, err)
	for name, body := range map[string]string{
		"valid":   `{"limit":30,"filter":{"chat_status":"ALL"}}`,
		"invalid": `{"limit":"30","filter":{"chat_status":"NONE"}}`,
	} {
		b.Run(name, func(b *testing.B) {
			r := ozonRequest(body)
			b.ReportAllocs()
			for b.Loop() {
				spec.CheckRequest("ChatAPI_ChatListV3", r)
			}
		})
	}
}

func BenchmarkCheckResponse(b *testing.B) {
	spec, err := openapi.NewLibrary(specs.FS).Load("ozon")
	require.NoError(b, err)
	chat := `{"chat":{"chat_id":"99feb3fc-a474-469f-95d5-268b470cc607","chat_status":"OPENED","chat_type":"BUYER_SELLER","created_at":"2026-10-01T00:00:00Z"},"first_unread_message_id":3000000000118021931,"last_message_id":3000000000128004274,"unread_count":1}`
	r := openapi.Response{
		Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: []byte(`{"chats":[` + strings.Repeat(chat+",", 29) + chat + `],"total_unread_count":5,"cursor":"x","has_next":false}`),
	}
	b.Log(len(r.Body), spec.CheckResponse("ChatAPI_ChatListV3", r))
	b.ReportAllocs()
	for b.Loop() {
		spec.CheckResponse("ChatAPI_ChatListV3", r)
	}
}

package specs_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/specs"
)

func TestEverySpecIsValidWithItsExamples(t *testing.T) {
	t.Parallel()
	library := openapi.NewLibrary(specs.FS)
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			valid(t, library, name)
		})
	}
}

func TestEveryOverlayAloneLeavesItsSpecValid(t *testing.T) {
	t.Parallel()
	library := openapi.NewLibrary(specs.FS)
	for _, spec := range names(t) {
		days, switches := overlays(t, spec)
		for _, overlay := range slices.Concat(days, switches) {
			t.Run(overlay, func(t *testing.T) {
				t.Parallel()
				valid(t, library, spec, overlay)
			})
		}
	}
}

func TestOverlaysOfSwitchesComposeInTheNewestAndTheOldestEdition(t *testing.T) {
	t.Parallel()
	library := openapi.NewLibrary(specs.FS)
	for _, spec := range names(t) {
		days, switches := overlays(t, spec)
		for _, one := range switches {
			require.NoError(t, library.Validate(spec, append(slices.Clone(days), one)...), one)
		}
		for _, edition := range [][]string{nil, days} {
			require.NoError(t, library.Validate(spec, slices.Concat(edition, switches)...), edition)
		}
	}
}

// defaults are the overlays of switch values that were the default until a day,
// in alphabetical order.
var defaults = map[string][]struct{ until, overlay string }{
	"ozon": {
		{"2026-02-12", "ozon-enum-case-title"},
		{"2026-09-25", "ozon-ratelimit-headers-off"},
		{"2026-03-13", "ozon-user-type-case-lower"},
	},
	"yandex": {
		{"2026-04-01", "yandex-getchats-limit-10000"},
		{"2025-09-04", "yandex-over-limit-allow"},
		{"2026-02-19", "yandex-page-token-name-page_token"},
	},
}

func TestEveryEditionIsValidWithTheSwitchesOfItsTime(t *testing.T) {
	t.Parallel()
	library := openapi.NewLibrary(specs.FS)
	for _, spec := range names(t) {
		days, _ := overlays(t, spec)
		for i, newest := range days {
			t.Run(newest, func(t *testing.T) {
				t.Parallel()
				edition := slices.Clone(days[:i+1])
				oldest := strings.TrimPrefix(newest, spec+"-before-")
				for _, d := range defaults[spec] {
					if oldest <= d.until {
						edition = append(edition, d.overlay)
					}
				}
				valid(t, library, spec, edition...)
			})
		}
	}
}

// valid asks our own check and kin-openapi.
func valid(t *testing.T, library *openapi.Library, name string, overlays ...string) {
	t.Helper()
	require.NoError(t, library.Validate(name, overlays...), overlays)
	spec, err := library.Load(name, overlays...)
	require.NoError(t, err)
	document, err := openapi3.NewLoader().LoadFromData(spec.JSON())
	require.NoError(t, err)
	require.NoError(t, document.Validate(t.Context(), openapi3.EnableExamplesValidation()), overlays)
}

// names are the specs, the longest first.
func names(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(specs.FS, "*.yaml")
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		if name := strings.TrimSuffix(file, ".yaml"); !strings.Contains(name, ".") {
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return len(b) - len(a) })
	return names
}

// overlays are a spec's files for days, newest first, and for switches.
func overlays(t *testing.T, spec string) (days, switches []string) {
	t.Helper()
	files, err := fs.Glob(specs.FS, "overlays/*.yaml")
	require.NoError(t, err)
	all := names(t)
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".yaml")
		owner := all[slices.IndexFunc(all, func(s string) bool { return strings.HasPrefix(name, s+"-") })]
		switch {
		case owner != spec:
		case strings.HasPrefix(name, spec+"-before-"):
			days = append(days, name)
		default:
			switches = append(switches, name)
		}
	}
	slices.Reverse(days)
	return days, switches
}

// Proves: shopee/push-envelope, shopee/push-msg-id, shopee/push-message, shopee/push-sub-account-name
func TestThePushSpecOfShopeeTakesThePushesOfTheOfficialPage(t *testing.T) {
	t.Parallel()
	library := openapi.NewLibrary(specs.FS)
	data, err := os.ReadFile("testdata/shopee-push-samples.jsonl")
	require.NoError(t, err)
	samples := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	tests := []struct {
		name     string
		overlays []string
		lost     []string
	}{
		{name: "a notification whose end the page cut off", overlays: []string{"shopee-push-push-msg-id-null"}, lost: []string{"/code", "/shop_id", "/timestamp"}},
		{name: "a text"},
		{name: "a video", overlays: []string{"shopee-push-push-msg-id-absent"}},
		{name: "an image", overlays: []string{"shopee-push-push-msg-id-absent"}},
		{name: "a product card", overlays: []string{"shopee-push-push-msg-id-absent"}},
		{name: "a wish for a person", overlays: []string{"shopee-push-push-msg-id-absent"}},
	}
	require.Len(t, samples, len(tests))
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			spec, err := library.Load("shopee-push", tt.overlays...)
			require.NoError(t, err)
			header := http.Header{"Content-Type": {"application/json"}, "Authorization": {strings.Repeat("0", 64)}}
			findings := spec.CheckRequest("receive_push", openapi.Request{Header: header, Body: samples[i]})
			var lost []string
			for _, f := range findings {
				require.Equal(t, "required", f.Rule, f)
				lost = append(lost, f.Pointer)
			}
			require.Equal(t, tt.lost, lost)
		})
	}
}

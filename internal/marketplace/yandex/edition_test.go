package yandex

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/specs"
)

// overlayFiles are the overlays of a spec, by file.
func overlayFiles(t *testing.T, spec string, others ...string) []string {
	t.Helper()
	files, err := fs.Glob(specs.FS, "overlays/"+spec+"-*.yaml")
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "overlays/"), ".yaml")
		if !slices.ContainsFunc(others, func(o string) bool { return strings.HasPrefix(name, o+"-") }) {
			names = append(names, name)
		}
	}
	return names
}

// Proves: yandex/editions
func TestEveryOverlayIsForADayOrASwitch(t *testing.T) {
	t.Parallel()
	for spec, files := range map[string][]string{
		specAPI: overlayFiles(t, specAPI, specFiles, specPush), specPush: overlayFiles(t, specPush),
	} {
		var named []string
		days := overlays[spec].Days
		for _, d := range days {
			named = append(named, spec+"-before-"+d.Format(time.DateOnly))
		}
		require.True(t, slices.IsSortedFunc(days, func(a, b time.Time) int { return b.Compare(a) }), "newest first")
		for name, values := range overlays[spec].Switches {
			for _, value := range values {
				named = append(named, spec+"-"+name+"-"+value)
			}
		}
		require.ElementsMatch(t, files, named)
	}
}

// Proves: yandex/editions, yandex/getchats-limit, yandex/page-token-name, yandex/over-limit
func TestOverlaysOfAnEdition(t *testing.T) {
	t.Parallel()
	api := New()
	library := openapi.NewLibrary(specs.FS)
	require.Empty(t, api.Overlays(specAPI, settings(t, today, nil)))
	require.Equal(t, []string{"yandex-emit-order-id-off"},
		api.Overlays(specAPI, settings(t, today, map[string]string{switchEmitOrderID: "off"})))
	require.Equal(t, []string{"yandex-before-2026-04-01", "yandex-getchats-limit-10000"},
		api.Overlays(specAPI, settings(t, day(2026, 3, 31), nil)))
	require.Equal(t, []string{"yandex-push-before-2025-12-05"}, api.Overlays(specPush, settings(t, day(2025, 12, 4), nil)))
	oldest := api.Overlays(specAPI, settings(t, day(2025, 7, 1), nil))
	for _, name := range []string{
		"yandex-before-2025-07-25", "yandex-getchats-limit-10000", "yandex-over-limit-allow", "yandex-page-token-name-page_token",
	} {
		require.Contains(t, oldest, name)
	}
	for _, c := range choices {
		for _, value := range c.Values {
			for _, edition := range []time.Time{today, day(2025, 7, 1)} {
				names := api.Overlays(specAPI, settings(t, edition, map[string]string{c.Name: value}))
				_, err := library.Load(specAPI, names...)
				require.NoError(t, err, "%s=%s", c.Name, value)
			}
		}
	}
}

// Proves: yandex/parallel-limit, yandex/getchats-limit, yandex/page-token-name, yandex/over-limit
// Proves: yandex/push-ping-timeout
func TestDefaultsOfSwitchesFollowTheEdition(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, before, since string
		day                 time.Time
	}{
		{switchGetChatsLimit, "10000", "5000", day(2026, 4, 1)},
		{switchParallelLimit, "2", "4", day(2026, 1, 1)},
		{switchPageTokenName, "page_token", "both", day(2026, 2, 19)},
		{switchOverLimit, "allow", "reject", day(2025, 9, 4)},
		{switchPingTimeout, "10s", "1s", day(2026, 4, 3)},
	} {
		require.Equal(t, tt.before, settings(t, tt.day.AddDate(0, 0, -1), nil).Switch(tt.name), tt.name)
		require.Equal(t, tt.since, settings(t, tt.day, nil).Switch(tt.name), tt.name)
	}
	for _, s := range New().Switches() {
		require.Equal(t, "yandex/"+s.Name, s.Claim)
		if s.By != "edition" {
			require.Equal(t, s.By, s.Default(day(2025, 7, 1)), s.Name)
		}
	}
}

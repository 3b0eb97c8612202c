package ozon

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/specs"
)

var today = day(2026, time.October, 1)

func settings(t testing.TB, edition time.Time, set map[string]string) marketplace.Settings {
	t.Helper()
	s, err := marketplace.NewSettings(New().Switches(), edition, set)
	require.NoError(t, err)
	return s
}

// Every overlay that a setting names exists, and every file is named by one.
func TestOverlaysAndFilesAgree(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	note := func(s marketplace.Settings) {
		for _, spec := range []string{specAPI, specFiles, specPush} {
			for _, name := range New().Overlays(spec, s) {
				require.True(t, strings.HasPrefix(name, spec+"-"), name)
				named[name] = true
			}
		}
	}
	note(settings(t, day(2025, time.January, 1), nil))
	for _, c := range choices {
		for _, v := range c.Values {
			note(settings(t, today, map[string]string{c.Name: v}))
		}
	}
	files, err := fs.Glob(specs.FS, "overlays/ozon*.yaml")
	require.NoError(t, err)
	for i, f := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(f, "overlays/"), ".yaml")
	}
	require.Equal(t, slices.Sorted(slices.Values(files)), slices.Sorted(maps.Keys(named)))
}

func TestOverlaysStandNewestDayFirstThenByName(t *testing.T) {
	t.Parallel()
	require.Empty(t, New().Overlays(specAPI, settings(t, today, nil)))
	got := New().Overlays(specAPI, settings(t, day(2026, time.July, 1), map[string]string{
		switchZeroFields: "omit", switchIDFormat: "mixed",
	}))
	require.Equal(t, []string{
		"ozon-before-2026-08-18", "ozon-before-2026-08-05", "ozon-before-2026-07-24",
		"ozon-id-format-mixed", "ozon-ratelimit-headers-off", "ozon-zero-fields-omit",
	}, got)
}

// Switches whose default follows the edition.
// Proves: ozon/history-premium, ozon/user-type-case, ozon/enum-case
// Proves: ozon/system-chat-type, ozon/ratelimit-headers, ozon/key-lifetime-days
func TestDefaultsByEdition(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		on    time.Time
		value string
	}{
		{switchHistoryPremium, day(2025, 8, 1), "buyer-chats"},
		{switchHistoryPremium, day(2025, 8, 15), "on"},
		{switchHistoryPremium, day(2026, 2, 12), "buyer-chats"},
		{switchHistoryPremium, day(2026, 4, 8), "off"},
		{switchUserTypeCase, day(2026, 3, 12), "lower"},
		{switchUserTypeCase, day(2026, 3, 13), "title"},
		{switchEnumCase, day(2025, 8, 1), "title"},
		{switchEnumCase, day(2026, 2, 12), "upper"},
		{switchSystemChatType, day(2026, 2, 12), "unspecified"},
		{switchSystemChatType, day(2026, 3, 11), "specific"},
		{switchRateHeaders, day(2026, 9, 24), "off"},
		{switchRateHeaders, day(2026, 9, 25), "on"},
		{switchKeyLifetime, day(2025, 8, 1), "0"},
		{switchKeyLifetime, day(2026, 2, 20), "180"},
		{switchKeyLifetime, day(2026, 9, 2), "90"},
	} {
		require.Equal(t, tt.value, settings(t, tt.on, nil).Switch(tt.name), "%s on %s", tt.name, tt.on)
	}
}

// Methods come and go with the edition.
// Proves: ozon/removed-methods, ozon/v2-list-removed, ozon/v2-history-removed
// Proves: ozon/notification-methods
func TestMethodsByEdition(t *testing.T) {
	t.Parallel()
	legacy := map[string]string{switchRemoved: "legacy"}
	for _, tt := range []struct {
		operation string
		on        time.Time
		set       map[string]string
		want      bool
	}{
		{opListV2, day(2026, 6, 8), nil, true},
		{opListV2, day(2026, 6, 9), nil, false},
		{opListV2, today, legacy, true},
		{opHistoryV2, day(2026, 2, 19), nil, true},
		{opHistoryV2, day(2026, 2, 20), nil, false},
		{opHistoryV2, today, legacy, true},
		{opListV3, day(2025, 7, 27), nil, false},
		{opListV3, day(2025, 7, 28), nil, true},
		{opHookSet, day(2026, 4, 7), nil, false},
		{opHookSet, day(2026, 4, 8), nil, true},
		{opSendMessage, day(2025, 1, 1), nil, true},
	} {
		require.Equal(t, tt.want, exists(tt.operation, settings(t, tt.on, tt.set)), "%s on %s", tt.operation, tt.on)
	}
}

// Chat types that an edition does not know yet show as another.
// Proves: ozon/chat-types-edition, ozon/push-chat-types-edition
// Proves: ozon/push-type-without-twin, ozon/push-chat-type-case
func TestChatTypesByEdition(t *testing.T) {
	t.Parallel()
	known := func(on time.Time) int {
		s := styleOf(settings(t, on, map[string]string{switchSystemChatType: "specific"}))
		seen := map[string]bool{}
		for _, k := range kinds {
			seen[k.inList(s)] = true
		}
		return len(seen)
	}
	pushed := func(on time.Time) int {
		seen := map[string]bool{}
		for _, k := range kinds {
			seen[k.inPush(settings(t, on, nil))] = true
		}
		return len(seen)
	}
	for on, want := range map[time.Time][2]int{
		day(2025, 8, 1): {3, 3}, day(2026, 4, 8): {7, 3}, day(2026, 4, 17): {7, 7},
		day(2026, 7, 24): {8, 7}, day(2026, 8, 21): {10, 9},
	} {
		require.Equal(t, want, [2]int{known(on), pushed(on)}, on)
	}
	s := settings(t, today, nil)
	require.Equal(t, "Buyer_Seller", kindOf(typeBuyer).inPush(s))
	require.Equal(t, "Seller_Notification", kindOf(typeUnspecified).inPush(s))
	require.Equal(t, "SELLER_NOTIFICATION", kindOf(typeUnspecified).inPush(
		settings(t, today, map[string]string{switchPushChatTypeCase: "upper"})))
}

// Proves: ozon/notification-types-edition
func TestNotificationTypesByEdition(t *testing.T) {
	t.Parallel()
	for on, want := range map[time.Time]int{day(2026, 4, 8): 14, day(2026, 7, 24): 13, day(2026, 8, 5): 21, today: 21} {
		n := 0
		for _, p := range pushTypes {
			if p.known(settings(t, on, nil)) {
				n++
			}
		}
		require.Equal(t, want, n, on)
	}
}

// The table in README.md is the table in code.
func TestReadmeListsEverySwitch(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var rows []string
	for line := range strings.Lines(string(readme)) {
		if cells := strings.Split(line, " | "); len(cells) == 4 && strings.HasPrefix(line, "| `") {
			rows = append(rows, strings.TrimSpace(line))
		}
	}
	var want []string
	for _, s := range New().Switches() {
		value := s.By
		if value == "edition" {
			value += ", now " + s.Values[0]
		}
		want = append(want, "| `"+s.Name+"` | "+strings.Join(s.Values, ", ")+" | "+value+" | "+s.Why+" |")
	}
	require.Equal(t, want, rows)
}

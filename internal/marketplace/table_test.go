package marketplace_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

var noon = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }

var table = marketplace.Choices{
	marketplace.Choose("shape", "nobody knows", "round", "square"),
	marketplace.Choose("size", "it grew", "large", "small", "none").Before(day(3, 1), "none").Before(day(6, 1), "small"),
}

func TestADefaultFollowsTheEdition(t *testing.T) {
	t.Parallel()
	switches := table.Switches("shop")
	require.Len(t, switches, 2)
	require.Equal(t, "round", switches[0].By)
	require.Equal(t, "edition", switches[1].By)
	require.Equal(t, "shop/size", switches[1].Claim)
	for edition, want := range map[time.Time]string{
		day(2, 28): "none", day(3, 1): "small", day(5, 31): "small", day(6, 1): "large",
	} {
		require.Equal(t, "round", switches[0].Default(edition))
		require.Equal(t, want, switches[1].Default(edition))
		require.Equal(t, want, table.Named("size").Default(edition))
	}
	require.Empty(t, table.Named("colour").Name)
}

func TestOverlaysFollowDaysAndSwitches(t *testing.T) {
	t.Parallel()
	overlays := marketplace.Overlays{
		Days:     []time.Time{day(6, 1), day(3, 1)},
		Switches: map[string][]string{"size": {"none", "small"}, "shape": {"square"}},
	}
	of := func(edition time.Time, set map[string]string) []string {
		s, err := marketplace.NewSettings(table.Switches("shop"), edition, set)
		require.NoError(t, err)
		return overlays.Of("shop", s)
	}
	require.Empty(t, of(day(6, 1), nil))
	require.Equal(t, []string{"shop-before-2026-06-01", "shop-size-small"}, of(day(5, 31), nil))
	require.Equal(t, []string{"shop-before-2026-06-01", "shop-before-2026-03-01", "shop-shape-square", "shop-size-none"},
		of(day(1, 1), map[string]string{"shape": "square"}))
}

type input struct {
	Order marketplace.Ref `json:"order,omitempty"`
	Count int             `json:"count,omitempty"`
}

func TestAnActionReadsItsInputStrictly(t *testing.T) {
	t.Parallel()
	action := marketplace.NewAction("order.count", "count", func(_ *marketplace.World, in input) (any, error) { return in, nil })
	require.Equal(t, []string{"integer", "string"}, action.Input.Properties["order"].Types)
	for raw, want := range map[string]input{
		"": {}, " {} ": {}, `{"order":5001,"count":2}`: {"5001", 2}, `{"order":"return-7"}`: {"return-7", 0},
	} {
		out, err := action.Run(nil, json.RawMessage(raw))
		require.NoError(t, err, raw)
		require.Equal(t, want, out)
	}
	for raw, field := range map[string]string{
		`{"count":"x"}`: "count", `{"counts":1}`: "counts", `{"order":true}`: "order", `{"count":99999999999999999999}`: "count", `{"count":1.5}`: "count", `{`: "", `[]`: "",
	} {
		_, err := action.Run(nil, json.RawMessage(raw))
		var wrong *marketplace.InputError
		require.ErrorAs(t, err, &wrong, raw)
		require.Equal(t, field, wrong.Field, raw)
	}
}

func TestASpoiltAnswerHasNoFieldOfItsType(t *testing.T) {
	t.Parallel()
	r := marketplace.Spoilt(marketplace.Response{Status: 201, Body: map[string]any{"a": 1, "b": map[string]any{}}})
	require.Equal(t, 201, r.Status)
	require.JSONEq(t, `{"a":{"broken":"by a fault rule"},"b":"broken by a fault rule"}`, string(r.Raw))
	require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	for _, raw := range []string{"[]", `[{"id":"1"}]`} {
		require.JSONEq(t, `{"broken":"by a fault rule"}`, string(marketplace.Spoilt(marketplace.Response{Raw: []byte(raw)}).Raw))
	}
	bare := marketplace.Spoilt(marketplace.Response{Status: 204})
	require.Equal(t, 200, bare.Status, "a 204 has no body to spoil")
	require.JSONEq(t, `["broken by a fault rule"]`, string(bare.Raw))
	for _, raw := range []string{"", "{}", "text"} {
		require.JSONEq(t, `["broken by a fault rule"]`, string(marketplace.Spoilt(marketplace.Response{Raw: []byte(raw)}).Raw))
	}
}

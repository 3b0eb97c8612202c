package sandbox_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/fixture"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/all"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/sandbox"
	"example.com/marketmock/specs"
)

const newest = "2026-10-01"

func registry(t *testing.T, most int) *sandbox.Registry {
	t.Helper()
	worlds := fixture.NewLibrary("ozon")
	edition, err := time.Parse(time.DateOnly, newest)
	require.NoError(t, err)
	r, err := sandbox.NewRegistry(sandbox.Options{
		Emulators: all.Emulators(), Library: openapi.NewLibrary(specs.FS), BaseURL: "http://mock",
		Worlds:  func(name string) (sandbox.Builder, error) { return worlds.Open(name) },
		Fixture: "empty", Seed: 1, Edition: edition, Oldest: edition.AddDate(-1, 0, 0), Max: most, BlobDir: t.TempDir(),
	})
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r
}

func ozonOf(t *testing.T, s *sandbox.Sandbox) (marketplace.Emulator, *marketplace.World) {
	t.Helper()
	em, ok := s.Emulator("ozon")
	require.True(t, ok)
	w, ok := s.World("ozon")
	require.True(t, ok)
	return em, w
}

func TestEachSandboxIsFoundByItsOwnCredentials(t *testing.T) {
	t.Parallel()
	r := registry(t, 10)
	seen := map[string]string{}
	for range 5 {
		s, err := r.Create(sandbox.Spec{})
		require.NoError(t, err)
		em, w := ozonOf(t, s)
		for _, seller := range w.Store.Sellers() {
			for _, key := range em.Owned(seller) {
				require.Empty(t, seen[key], "%s belongs to two sandboxes", key)
				seen[key] = s.Name
				require.Same(t, s, r.Find([]string{"ozon:client:nobody", key}))
			}
		}
	}
	require.Equal(t, sandbox.Default, r.Find([]string{"ozon:client:nobody"}).Name)
	require.False(t, r.Owns([]string{"ozon:client:nobody"}))
}

func TestARemovedSandboxOwnsNothing(t *testing.T) {
	t.Parallel()
	r := registry(t, 10)
	s, err := r.Create(sandbox.Spec{Name: "gone"})
	require.NoError(t, err)
	em, w := ozonOf(t, s)
	keys := em.Owned(w.Store.Sellers()[0])
	require.NoError(t, r.Delete("gone"))
	<-s.Done()
	require.False(t, r.Owns(keys))
	require.ErrorIs(t, r.Delete("gone"), sandbox.ErrUnknown)
	require.ErrorIs(t, r.Delete(sandbox.Default), sandbox.ErrDefault)
}

func TestNamesAreUniqueAndPlain(t *testing.T) {
	t.Parallel()
	r := registry(t, 10)
	_, err := r.Create(sandbox.Spec{Name: "one"})
	require.NoError(t, err)
	_, err = r.Create(sandbox.Spec{Name: "one"})
	require.ErrorIs(t, err, sandbox.ErrExists)
	var input *marketplace.InputError
	for _, name := range []string{"Upper", "with space", "-first", "a/b", "..", strings.Repeat("x", 64)} {
		_, err = r.Create(sandbox.Spec{Name: name})
		require.ErrorAs(t, err, &input, name)
		require.Equal(t, "name", input.Field)
	}
}

func TestTheNumberOfSandboxesIsBounded(t *testing.T) {
	t.Parallel()
	r := registry(t, 3)
	var group sync.WaitGroup
	results := make(chan error, 20)
	for range cap(results) {
		group.Go(func() {
			_, err := r.Create(sandbox.Spec{})
			results <- err
		})
	}
	group.Wait()
	close(results)
	made := 0
	for err := range results {
		if err == nil {
			made++
			continue
		}
		require.ErrorIs(t, err, sandbox.ErrFull)
	}
	require.Equal(t, 3, made)
	require.Len(t, r.List(), 4, "default is not counted")
	require.Equal(t, sandbox.Default, r.List()[0].Name)
	require.NoError(t, r.Delete(r.List()[1].Name))
	_, err := r.Create(sandbox.Spec{})
	require.NoError(t, err, "a removed one makes room")
}

func TestASandboxExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := registry(t, 10)
		s, err := r.Create(sandbox.Spec{Name: "short", TTL: time.Hour})
		require.NoError(t, err)
		time.Sleep(time.Hour - time.Nanosecond) // the bubble's time
		synctest.Wait()
		_, err = r.Sandbox("short")
		require.NoError(t, err)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		_, err = r.Sandbox("short")
		require.ErrorIs(t, err, sandbox.ErrUnknown)
		<-s.Done()
		r.Close()
	})
}

func TestSwitchesAreSetAllOrNone(t *testing.T) {
	t.Parallel()
	s, err := registry(t, 10).Create(sandbox.Spec{Switches: map[string]map[string]string{"ozon": {"id-format": "string"}}})
	require.NoError(t, err)
	_, w := ozonOf(t, s)
	before := w.Config()
	err = s.SetSwitches(map[string]map[string]string{"ozon": {"list-limit": "clamp", "id-format": "roman"}})
	var input *marketplace.InputError
	require.ErrorAs(t, err, &input)
	require.Equal(t, "ozon.id-format", input.Field)
	require.Same(t, before, w.Config())

	require.NoError(t, s.SetSwitches(map[string]map[string]string{"ozon": {"list-limit": "clamp"}}))
	require.Equal(t, "clamp", w.Config().Settings.Switch("list-limit"))
	require.Equal(t, "string", w.Config().Settings.Switch("id-format"), "what was set before stays")

	require.ErrorAs(t, s.SetSwitches(map[string]map[string]string{"amazon": {"a": "b"}}), &input)
	require.Equal(t, "amazon", input.Field)
}

func TestAMistakeInASpecNamesItsField(t *testing.T) {
	t.Parallel()
	r := registry(t, 10)
	for field, spec := range map[string]sandbox.Spec{
		"fixture":     {Fixture: "no-such"},
		"ttl":         {TTL: -1},
		"edition":     {Edition: time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC)},
		"ozon.no-one": {Switches: map[string]map[string]string{"ozon": {"no-one": "x"}}},
	} {
		_, err := r.Create(spec)
		var input *marketplace.InputError
		require.ErrorAs(t, err, &input, field)
		require.Equal(t, field, input.Field)
	}
	require.Len(t, r.List(), 1, "nothing is left of a sandbox that could not be made")
}

func TestARestoredSnapshotTurnsBackTimeToo(t *testing.T) {
	t.Parallel()
	s, err := registry(t, 10).Create(sandbox.Spec{})
	require.NoError(t, err)
	_, w := ozonOf(t, s)
	s.Clock.Freeze()
	at := s.Clock.Now()
	require.NoError(t, s.SaveSnapshot("start"))
	require.NoError(t, s.Clock.Advance(t.Context(), time.Hour))
	_, err = w.Store.Apply(chat.If{}, chat.ChatOpened{At: at, Chat: chat.Chat{ID: "c"}})
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, s.RestoreSnapshot("start"))
		require.Equal(t, at, s.Clock.Now())
		require.True(t, s.Clock.Frozen())
		_, there := w.Store.Chat("c")
		require.False(t, there)
	}
	require.ErrorIs(t, s.RestoreSnapshot("other"), sandbox.ErrNoSnapshot)
	require.Equal(t, "start", s.Snapshots()[0].Name)
}

func TestALimitThatWasSetStaysSetWhileItsRuleIsTheSame(t *testing.T) {
	t.Parallel()
	s, err := registry(t, 10).Create(sandbox.Spec{})
	require.NoError(t, err)
	em, w := ozonOf(t, s)
	rule := em.Limits(w.Config())[0].Name
	most := 1
	require.NoError(t, w.Limits.Adjust(rule, limit.Change{Max: &most}))
	require.NoError(t, s.SaveSnapshot("low"))
	require.True(t, w.Limits.Take(rule, "1").OK)
	sw := em.Switches()[0]
	for _, change := range []func() error{
		s.Reset,
		func() error { return s.SetSwitches(map[string]map[string]string{"ozon": {sw.Name: sw.Values[1]}}) },
		func() error { return s.RestoreSnapshot("low") },
		func() error { return s.SetSwitches(map[string]map[string]string{"ozon": {sw.Name: sw.Values[1]}}) },
	} {
		require.NoError(t, change())
		require.Equal(t, 1, w.Limits.Rules()[0].Max)
	}
	require.NoError(t, s.Reset())
	require.True(t, w.Limits.Take(rule, "1").OK, "a reset counts anew")
	require.False(t, w.Limits.Take(rule, "1").OK)
}

package marketplace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
)

func TestASettingKnowsWhetherItWasSet(t *testing.T) {
	t.Parallel()
	switches := table.Switches("shop")
	s, err := marketplace.NewSettings(switches, day(6, 1), map[string]string{"size": "large"})
	require.NoError(t, err)
	require.Equal(t, "large", s.Switch("size"))
	require.True(t, s.Given("size"), "to the edition's own default")
	require.False(t, s.Given("shape"))
	require.Equal(t, map[string]string{"size": "large"}, s.Set())
	again, err := marketplace.NewSettings(switches, day(2, 1), s.Set())
	require.NoError(t, err)
	require.Equal(t, "large", again.Switch("size"), "what was set stays in any edition")
}

package scenario

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The server that was asked whether it is live is the one that is called.
func TestTheTargetOfTheCommandLineBeatsTheFile(t *testing.T) {
	t.Parallel()
	r := &Runner{Target: Target{
		Base: "http://127.0.0.1:1", Live: map[string]Live{"ozon": {BaseURL: "https://elsewhere.example"}},
	}}
	w, err := r.liveWorld(&Script{Marketplace: "ozon"})
	require.NoError(t, err)
	require.Equal(t, "http://127.0.0.1:1", w.base)
}

package push_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/push"
)

// plain is a transport that nobody can copy.
type plain struct{ http.RoundTripper }

func TestACertificateIsCheckedUnlessTheProtocolTakesAny(t *testing.T) {
	t.Parallel()
	tls := httptest.NewTLSServer(status(http.StatusOK))
	t.Cleanup(tls.Close)
	for name, c := range map[string]struct {
		client   *http.Client
		insecure bool
		state    push.State
	}{
		"a client of its own":                              {nil, false, push.GaveUp},
		"a client of its own, any certificate":             {nil, true, push.Delivered},
		"the usual transport, any certificate":             {&http.Client{}, true, push.Delivered},
		"a given transport, any certificate":               {&http.Client{Transport: &http.Transport{}}, true, push.Delivered},
		"a transport that knows the receiver":              {tls.Client(), false, push.Delivered},
		"a transport of another kind stays as it is":       {&http.Client{Transport: plain{http.DefaultTransport}}, true, push.GaveUp},
		"a transport of another kind that knows who it is": {&http.Client{Transport: plain{tls.Client().Transport}}, true, push.Delivered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := outbox(t, push.Options{Client: c.client})
			p := push.Protocol{Insecure: c.insecure}
			_, probed := w.Probe(t.Context(), p, note(tls.URL, "a"))
			require.Equal(t, c.state == push.Delivered, probed.OK)
			w.Send(p, note(tls.URL, "b"))
			w.idle(t)
			require.Equal(t, []push.State{c.state, c.state}, states(w.Deliveries(push.Filter{})))
		})
	}
}

func TestAnOutboxThatTakesAnyCertificateStillChecksTheOthers(t *testing.T) {
	t.Parallel()
	tls := httptest.NewTLSServer(status(http.StatusOK))
	t.Cleanup(tls.Close)
	w := outbox(t, push.Options{})
	for _, taken := range []bool{true, false, true} {
		w.Send(push.Protocol{Insecure: taken}, note(tls.URL, "a"))
		w.idle(t)
	}
	require.Equal(t, []push.State{push.Delivered, push.GaveUp, push.Delivered}, states(w.Deliveries(push.Filter{})))
}

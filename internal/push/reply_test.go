package push_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/push"
)

// once sends one notification and returns its only attempt.
func once(t *testing.T, p push.Protocol, url string) push.Attempt {
	t.Helper()
	w := outbox(t, push.Options{})
	w.Send(p, note(url, "a"))
	w.idle(t)
	d := w.Deliveries(push.Filter{})[0]
	require.Len(t, d.Attempts, 1)
	return d.Attempts[0]
}

func TestAReplyThatComesTooLateIsATimeout(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"before the head": func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() },
		"within the body": func(rw http.ResponseWriter, req *http.Request) {
			_, _ = rw.Write([]byte("half"))
			rw.(http.Flusher).Flush()
			<-req.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := receive(t, answer)
			a := once(t, push.Protocol{Timeout: 50 * time.Millisecond}, r.URL)
			require.True(t, a.Reply.Timeout)
			require.Error(t, a.Reply.Err)
			require.GreaterOrEqual(t, a.Took, 50*time.Millisecond)
			require.Equal(t, a.Took, a.Reply.Took)
			require.False(t, a.Verdict.OK)
		})
	}
}

func TestARefusedConnectionIsAnErrorWithoutTheURL(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	a := once(t, push.Protocol{}, "http://user:hidden@"+l.Addr().String()+"/?token=hidden")
	require.ErrorContains(t, a.Reply.Err, "refused")
	require.NotContains(t, a.Reply.Err.Error(), "hidden")
	require.False(t, a.Reply.Timeout)
	require.Zero(t, a.Reply.Status)
}

func TestAnAddressThatIsNoneIsAnError(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "://", "ftp://x", "http://[", "http://127.0.0.1:99999/?token=hidden"} {
		a := once(t, push.Protocol{}, url)
		require.Error(t, a.Reply.Err, url)
		require.NotContains(t, a.Reply.Err.Error(), "hidden")
	}
}

func TestAConnectionThatBreaksInTheBodyIsAnErrorWithAStatus(t *testing.T) {
	t.Parallel()
	r := receive(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", "100")
		_, _ = rw.Write([]byte("half"))
	})
	a := once(t, push.Protocol{}, r.URL)
	require.Error(t, a.Reply.Err)
	require.Equal(t, http.StatusOK, a.Reply.Status)
	require.Equal(t, "half", string(a.Reply.Body))
	require.False(t, a.Verdict.OK)
}

func TestLongRepliesAreReadAndLoggedInPart(t *testing.T) {
	t.Parallel()
	r := receive(t, func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = rw.Write([]byte(strings.Repeat("x", push.MaxReply+1)))
	})
	var judged int
	a := once(t, push.Protocol{Judge: func(_ push.Notification, r push.Reply) push.Verdict {
		judged = len(r.Body)
		return push.Verdict{OK: true}
	}}, r.URL)
	require.Equal(t, push.MaxReply, judged)
	require.Len(t, a.Reply.Body, push.MaxLogged)
	require.NoError(t, a.Reply.Err)
}

func TestAGivenClientIsUsedButFollowsNoRedirects(t *testing.T) {
	t.Parallel()
	r := receive(t, func(rw http.ResponseWriter, req *http.Request) {
		http.Redirect(rw, req, "/elsewhere", http.StatusFound)
	})
	w := outbox(t, push.Options{Client: r.Client()})
	w.Send(push.Protocol{}, note(r.URL, "a"))
	w.idle(t)
	require.Equal(t, http.StatusFound, w.Deliveries(push.Filter{})[0].Attempts[0].Reply.Status)
	require.Len(t, r.got(), 1)
	require.Nil(t, r.Client().CheckRedirect, "the given client is left alone")
}

func TestAProbeIsMadeAtOnceAndLogged(t *testing.T) {
	t.Parallel()
	r := receive(t, failing(1))
	w := outbox(t, push.Options{})
	never := push.Protocol{
		Next:    every(time.Second, 9),
		Allowed: func(push.Notification) (bool, string) { return false, "not asked" },
		Settled: func(push.Delivery, push.Attempt) { t.Error("not told") },
	}
	reply, verdict := w.Probe(t.Context(), never, note(r.URL, "ping"))
	require.Equal(t, http.StatusInternalServerError, reply.Status)
	require.False(t, verdict.OK)
	_, verdict = w.Probe(t.Context(), never, note(r.URL, "ping"))
	require.True(t, verdict.OK)
	w.advance(t, time.Hour)
	require.Len(t, r.got(), 2, "a probe is not repeated")
	list := w.Deliveries(push.Filter{})
	require.Equal(t, []push.State{push.GaveUp, push.Delivered}, states(list))
	require.Equal(t, "probe", list[0].Note)
	require.Len(t, list[0].Attempts, 1)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	reply, verdict = w.Probe(ctx, never, note(r.URL, "ping"))
	require.ErrorIs(t, reply.Err, context.Canceled)
	require.False(t, verdict.OK)
}

package webchat_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

// Ids are above 2^63 from 2129 on.
// Proves: shopee/message-id, shopee/webchat-read
func TestIDsOfALaterCenturyAreRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	require.NoError(t, w.Clock.Advance(t.Context(), 110*365*24*time.Hour))
	w.apply(chat.MessagePosted{At: w.Clock.Now(), Message: chat.Message{
		Chat: pair, At: w.Clock.Now(), From: chat.Author{Role: chat.RoleBuyer, ID: "231156449"},
	}})
	id := w.rows("v1.2/conversations")[0].Latest
	require.Greater(t, id, "9223372036854775807")
	for _, sent := range []string{`"` + id + `"`, id} {
		require.Equal(t, 204, w.put("v1.2/conversations/"+pair+"/unread", `{}`).status)
		require.Equal(t, 204, w.put("v1.2/conversations/"+pair+"/read", `{"last_read_message_id":`+sent+`}`).status)
		require.Empty(t, w.rows("v1.2/conversations?unread_only=true"), sent)
	}
	feed := "v1.2/mini/subaccount/conversations?direction=older&biz_id=2&last_received_message_id="
	require.Len(t, w.rows(feed), 1)
	require.Empty(t, w.rows(feed+id))
}

package webchat_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

// why is the reason of a refusal.
func (r reply) why(t testing.TB) journal.Reason {
	t.Helper()
	var why marketplace.Reasoned
	require.ErrorAs(t, r.err, &why)
	return why.Reason()
}

// Proves: shopee/webchat-unauthorized, shopee/webchat-token-not-found
func TestAReasonTellsWhatToSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	its := w.shop("")
	call := func(change ...func(*http.Request)) string {
		return w.get("v1.2/conversations", change...).why(t).Text
	}
	login := func(change ...func(*http.Request)) string {
		return w.post("coreapi/v1.2/login", "", change...).why(t).Text
	}
	require.Equal(t, "Authorization is not the word Bearer and the token that a login gave", call(header("Authorization", its.Login.Token)))
	require.Equal(t, "no shop has this token: send the one that a login gave", call(header("Authorization", "Bearer x")))
	require.Equal(t, "this is an access_token of the Open Platform: send the token that a login of the webchat gave",
		call(header("Authorization", "Bearer "+its.AccessToken().Value)))
	require.Equal(t, "no shop has the user id of the cookie SPC_U; a shop's id is another one", login(cookie("SPC_U="+shop.Key(its.ID))))
	const noCookie = "there is no cookie SPC_U with a user id: send the cookies of the seller centre, SPC_U=<user_id> at least"
	require.Equal(t, noCookie, login())
	require.Equal(t, noCookie, login(cookie("SPC_U=x")))
	require.Equal(t, "the password is not the one of this user name", w.post("v1/sessions", credentials("demo_shop", "x")).why(t).Text)
	require.Equal(t, "no shop has this user name", w.post("v1/sessions", credentials("demo", "x")).why(t).Text)

	w.change("", func(s *shop.Shop) { s.Login.State = shop.LoginExpired })
	require.Equal(t, "the login of this token has ended: log in again with the password (POST v1/sessions)", call())
	require.Equal(t, "the login of these cookies has ended, or wants a captcha or a code: log in with the password (POST v1/sessions)",
		login(cookie("SPC_U="+shop.Key(its.UserID))))
	w.token = ""
	require.Equal(t, "there is no Authorization: send Bearer and the token that a login gave", call())
}

// Proves: shopee/webchat-invalid
func TestAReasonNamesTheValue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	for target, why := range map[string]string{
		"v1.2/conversations?direction=newer":               `direction is neither "older" nor "latest"`,
		"v1/conversations?direction=newer":                 `direction is neither "older" nor "latest"`,
		"v1.2/conversations?next_timestamp_nano=1.5":       "next_timestamp_nano is not a whole number",
		"v1.2/conversations/" + pair + "/messages?limit=0": "limit is below 1",
		"v1.2/shop_list?ids=x":                             "ids is not an array of numbers",
	} {
		require.Equal(t, why, w.get(target).why(t).Text, target)
	}
	got := w.post("v1.2/conversations", `{"direction":"newer"}`).why(t)
	require.Equal(t, journal.Reason{Text: `direction is neither "older" nor "latest"`, Pointer: "/direction", Rule: "enum", Claim: "shopee/webchat-invalid"}, got)
	require.Equal(t, `status is neither "activated" nor "closed"`, w.put("v1.2/conversations/"+pair+"/status", `{"status":"x"}`).why(t).Text)
	require.Equal(t, "last_read_message_id is missing", w.put("v1.2/conversations/"+pair+"/read", `{}`).why(t).Text)
}

// Proves: shopee/webchat-unknown-path
func TestAnUnknownPathIsToldWhatWasMeant(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	for target, meant := range map[string]string{
		"v1/conversations/" + pair + "/messages":    `, did you mean "/webchat/api/v1.2/conversations/{conversation_id}/messages"?`,
		"v1.1/conversations/" + pair + "/messages":  `, did you mean "/webchat/api/v1.2/conversations/{conversation_id}/messages"?`,
		"coreapi/v1.2/image":                        `, did you mean "/webchat/api/coreapi/v1.2/images"?`,
		"v1.2/message":                              `, did you mean "/webchat/api/v1.2/messages"?`,
		"v1.2/conversations/":                       `, did you mean "/webchat/api/v1.2/conversations"?`,
		"something/that/nobody/would/ever/ask/here": "",
	} {
		c := w.get("v1.2/conversations").call
		c.Target = "/webchat/api/" + target
		require.Equal(t, 404, w.api.Error(c, marketplace.ErrNoRoute).Status)
		require.Equal(t, "no such path"+meant, c.Reason.Text)
	}
}

// Proves: shopee/webchat-list, shopee/webchat-list-v1, shopee/webchat-feed-cursor, shopee/webchat-region-cursor
func TestAValueThatPassesButCannotBeMeantIsNoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, nil)
	row := w.rows("v1.2/conversations")[0]
	const unit = " is not in nanoseconds, so it is a time long ago"
	const alone = " is missing: next_timestamp_nano alone is no cursor, and the feed begins anew"
	for target, want := range map[string]string{
		"v1.2/conversations?next_timestamp_nano=0":                                     "[]",
		"v1.2/conversations?next_timestamp_nano=" + row.Nano:                           "[]",
		fmt.Sprintf("v1.2/conversations?next_timestamp_nano=%d", row.Next):             "[query next_timestamp_nano minimum: next_timestamp_nano" + unit + "]",
		fmt.Sprintf("v1.2/conversations?next_timestamp_nano=%d000", row.Next):          "[query next_timestamp_nano minimum: next_timestamp_nano" + unit + "]",
		fmt.Sprintf("v1/conversations?next_timestamp=%d", row.Next):                    "[]",
		fmt.Sprintf("v1/conversations?next_timestamp=%d000", row.Next):                 "[query next_timestamp maximum: next_timestamp is not in seconds, so it is a time that never comes]",
		"v1.2/mini/subaccount/conversations?last_received_message_id=" + row.Latest:    "[]",
		"v1.2/mini/subaccount/conversations?last_received_message_id=" + row.ID:        "[query last_received_message_id pattern: last_received_message_id is the id of a conversation: the cursor is latest_message_id of the last row]",
		"v1.2/mini/subaccount/conversations?next_timestamp_nano=" + row.Nano:           "[query last_received_message_id required: last_received_message_id" + alone + "]",
		"v1.2/mini/subaccount/conversations?next_timestamp_nano=0&biz_id=2&direction=": "[]",
	} {
		require.Equal(t, want, w.get(target).ok(t, nil).remarks(), target)
	}
	got := w.post("v1.2/subaccount/serving_mode/conversations", `{"next_timestamp_nano":"`+row.Nano+`"}`).ok(t, nil)
	require.Equal(t, "[body /last_received_message_id required: /last_received_message_id"+alone+"]", got.remarks())
}

// remarks are what a call noted.
func (r reply) remarks() string {
	out := []string{}
	for _, f := range r.call.Remarks() {
		out = append(out, f.In+" "+f.Pointer+" "+f.Rule+": "+f.Message)
	}
	return fmt.Sprint(out)
}

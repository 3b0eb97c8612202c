package open

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/openapi"
)

// Proves: shopee/page-size-over, shopee/list-nanoseconds, shopee/history-offset-bad
func TestWhatLooksEmptyIsRemarked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	remark := func(r testReply) openapi.Finding {
		t.Helper()
		r.requireOK(t, nil)
		remarks := r.call.Remarks()
		require.Len(t, remarks, 1, r.body)
		require.Equal(t, inQueryOf, remarks[0].In)
		return remarks[0]
	}
	older := func(pairs ...string) testReply {
		return w.get(opList, append([]string{"direction", "older", "type", "all"}, pairs...)...)
	}
	require.Contains(t, remark(older("page_size", "60")).Message, "page_size over 25")
	for text, unit := range map[string]string{
		"1790856000": "in seconds", "1790856000123": "in milliseconds", "1790856000123456": "in microseconds",
	} {
		require.Contains(t, remark(older("next_timestamp_nano", text)).Message, unit)
	}
	require.Empty(t, older("next_timestamp_nano", "1790856000123456789", "page_size", "25").call.Remarks())

	conversation := w.only()
	history := func(offset string) testReply {
		return w.get(opHistory, "conversation_id", conversation.ID, "offset", offset)
	}
	require.Contains(t, remark(history("1")).Message, "the id of no message")
	last := w.history().Messages[0].ID
	id, err := strconv.ParseInt(last, 10, 64)
	require.NoError(t, err)
	double := strconv.FormatFloat(float64(id), 'f', -1, 64)
	require.NotEqual(t, last, double)
	require.Contains(t, remark(history(double)).Message, "rounded as a double")
	require.Empty(t, history(last).call.Remarks())
	require.Empty(t, history("0").call.Remarks())
}

// Each row is a mistake that the reason names.
// Proves: shopee/param-error-text, shopee/unknown-conversation, shopee/send-unknown-user
func TestReasonsNameTheMistake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	its := w.first()
	conversation, err := strconv.ParseInt(w.only().ID, 10, 64)
	require.NoError(t, err)
	double := strconv.FormatFloat(float64(conversation), 'f', -1, 64)
	list := func(pairs ...string) testReply {
		return w.get(opList, append([]string{"direction", "older", "type", "all"}, pairs...)...)
	}
	read := func(id any) testReply { return w.post(opPin, fmt.Sprintf(`{"conversation_id":%v}`, id)) }
	send := func(to any, content string) testReply {
		return w.post(opSend, fmt.Sprintf(`{"to_id":%v,"message_type":"text","content":%s}`, to, content))
	}
	text := `{"text":"x"}`
	for _, tt := range []struct {
		reply testReply
		why   string
	}{
		{list("page_size", "x"), "page_size is no number"},
		{list("page_size", "-1"), "page_size is negative"},
		{list("business_type", "5"), "business_type is 0 for buyers or 11 for affiliates"},
		{w.get(opList, "direction", "odler", "type", "all"), `direction is neither of "latest" or "older", did you mean "older"?`},
		{w.get(opList, "direction", "older"), `type is missing: "all", "pinned" or "unread"`},
		{read(double), fmt.Sprintf("this is conversation %d, rounded as a double", conversation)},
		{read(231156449), "this is a buyer's user id"},
		{read(its.ID), "this is the shop_id"},
		{read(its.UserID), "this is the shop's own user id"},
		{read(77), "the shop has no such conversation"},
		{read("true"), "conversation_id is a boolean, a number or a decimal string from 1 on is wanted"},
		{read("null"), "conversation_id is null"},
		{w.post(opPin, `{}`), "conversation_id is missing"},
		{w.get(opOne, "conversation_id", double), "rounded as a double"},
		{send(conversation, text), "to_id is a conversation's id"},
		{send(its.ID, text), "to_id is the shop_id"},
		{send(its.UserID, text), "to_id is the shop's own user id"},
		{send(77, text), "no buyer has this user id"},
		{send(`"x"`, text), "to_id is a string, a number"},
		{send(231156449, `"hi"`), "content is a string, an object is wanted"},
		{send(231156449, `"{\"text\":\"hi\"}"`), "it was encoded twice"},
		{send(231156449, `{"text":5}`), "content: text is the number 5, a string is wanted"},
		{send(231156449, `{}`), "content: text is missing"},
		{w.post(opSend, `{"to_id":231156449,"message_type":"sticker","content":{"sticker_id":"0008"}}`), "content: sticker_package_id is missing"},
		{w.post(opSend, `{"to_id":231156449,"message_type":"item","content":{"item_id":-1}}`), "content: item_id is the number -1, a number or"},
		{send(231156449, `{"text":""}`), "content: text is empty"},
		{send(231156449, `{"text":"Write me on WhatsApp"}`), `the list of words has "WhatsApp"`},
		{w.post(opSetPush, `{"callback_url":"http://x.test","set_push_config_on":[14]}`), "a push code is none of 1 to 13"},
		{w.post(opSetPush, `{"callback_url":"http://x.test","set_push_config_on":[1],"set_push_config_off":[1]}`), "both on and off"},
		{w.post(opSetPush, `{"callback_url":"http://x.test","blocked_shop_id_list":[-5]}`), "a shop_id is a number from 1 on"},
		{w.call(opCount, "", with(paramToken, its.AccessToken().Refresh)), "this is a refresh token"},
		{w.call(opCount, "", with(paramToken, its.Login.Token)), "this is a token of the webchat"},
		{w.call(opCount, "", with(paramToken, shop.ShopOf(w.Store.Sellers()[1]).AccessToken().Value)), "that of another shop, "},
		{w.call(opCount, "", with(paramToken, shop.ShopOf(w.Store.Sellers()[2]).AccessToken().Value)), "was given to another app, "},
		{w.call(opCount, "", with(paramToken, "nobody")), "no shop of this sandbox has this access token"},
		{w.post(opRefreshToken, fmt.Sprintf(`{"refresh_token":%q,"shop_id":%d}`, its.AccessToken().Value, its.ID)), "this is an access token"},
		{w.post(opRefreshToken, fmt.Sprintf(`{"refresh_token":%q,"shop_id":%d}`, shop.ShopOf(w.Store.Sellers()[1]).AccessToken().Refresh, its.ID)), "that of another shop, "},
	} {
		require.Contains(t, tt.reply.reason(t), tt.why, tt.reply.body)
	}
	require.Contains(t, w.post(opSend, `{"to_id":231156449,"message_type":"video","content":{"vid":"x"}}`).reason(t), "nobody uploaded the film")
	var up uploadedVideo
	w.upload(opUploadVideo, "a.mp4", "no film").requireOK(t, &up)
	film := func() string {
		return w.post(opSend, `{"to_id":231156449,"message_type":"video","content":{"vid":"`+up.VID+`"}}`).reason(t)
	}
	require.Contains(t, film(), "the film is not processed yet")
	w.advance(5 * time.Second)
	require.Contains(t, film(), "the film failed: ")
	w.change(0, func(s *shop.Shop) { s.Tokens = []shop.Token{{Value: "ends", Until: noon}} })
	require.Contains(t, w.call(opCount, "").reason(t), "was over at 2026-10-01T12:00:00Z")
}

// Proves: shopee/sends-per-second, shopee/app-calls-per-minute
func TestALimitTellsItsNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked, "duplicate-24h", "off", "five-limit", "off")
	send := func() testReply {
		return w.post(opSend, `{"to_id":231156449,"message_type":"text","content":{"text":"x"}}`)
	}
	for range maxSends {
		send().requireOK(t, nil)
	}
	require.Equal(t, "the shop has used its 10 of every 1s up: again in 1s", send().reason(t))
	w.advance(time.Second)
	for range maxBurst - maxSends - 1 {
		w.call(opCount, "")
	}
	require.Equal(t, "the app has used its 1000 of every 1m0s up: again in 59s", w.call(opCount, "").reason(t))
}

// Proves: shopee/unknown-path
func TestAnUnknownPathIsToldTheNearest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	for target, why := range map[string]string{
		"/api/v2/sellerchat/get_conversation_lst":         ", did you mean /api/v2/sellerchat/get_conversation_list?",
		"/api/v2/sellerchat/get_message_list":             ", did you mean /api/v2/sellerchat/get_message?",
		"/api/v2/sellerchat/get_message/":                 "the path is /api/v2/sellerchat/get_message, without",
		"/shopee/api/v2/sellerchat/get_message":           "the path is /api/v2/sellerchat/get_message, without",
		"/api/v2/product/something_that_nobody_ever_made": "no such path",
	} {
		c := &marketplace.Call{World: w.World, Config: w.config, Target: target}
		require.Equal(t, 404, Error(c, marketplace.ErrNoRoute).Status)
		require.Contains(t, c.Reason.Text, why)
	}
	require.Equal(t, 404, Error(nil, marketplace.ErrNoRoute).Status)
}

// Proves: shopee/business-type-filter
func TestAConversationOfAnotherBusinessIsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	for _, operation := range []string{opOne, opHistory} {
		get := func(business string) testReply {
			return w.get(operation, "conversation_id", w.only().ID, "business_type", business)
		}
		get("").requireOK(t, nil)
		get("0").requireOK(t, nil)
		get("11").requireError(t, 200, codeData, "data not exist")
	}
}

// Proves: shopee/refresh-unlinked
func TestARefreshForAShopThatTookItsAuthorisationBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, asked)
	its := w.first()
	w.change(0, func(s *shop.Shop) { s.State = shop.StateUnlinked })
	refresh := func() testReply {
		return w.post(opRefreshToken, fmt.Sprintf(`{"refresh_token":%q,"shop_id":%d,"partner_id":%d}`, its.AccessToken().Refresh, its.ID, its.App.PartnerID))
	}
	refresh().requireError(t, 403, "shop_no_linked", "Partner and shop has no linked.")
	w.change(0, func(s *shop.Shop) { s.State = "" })
	refresh().tokens(t)
}

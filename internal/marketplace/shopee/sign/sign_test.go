package sign_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/marketplace/shopee/sign"
)

const key = "test_partner_key"

func call(name string) sign.Call {
	return sign.Call{
		PartnerID: "123456", Path: "/api/v2/" + name, Timestamp: "1710000000", AccessToken: "token_value", Owner: "654321",
	}
}

func public(name string) sign.Call {
	c := call(name)
	c.AccessToken, c.Owner = "", ""
	return c
}

// Proves: shopee/sign-shop-base, shopee/sign-public-base
func TestCallsHaveTheSignaturesOfTheDocumentedFormula(t *testing.T) {
	t.Parallel()
	cases := []struct {
		call sign.Call
		want string
	}{
		{call("sellerchat/get_conversation_list"), "65871beafd936fed9e79b522629dd18e0fe762fbafc2c5deeb092cc2dbe78c19"},
		{call("sellerchat/send_message"), "cd66e7cb196b7ed92d9d327665b2accdb12da882755888a3aa55f0505389d188"},
		{call("sellerchat/get_message"), "e0076f1fbee9a5019e413c40789a53ef075a9a68d42793ba358974bd8836c746"},
		{public("push/set_app_push_config"), "242091ba8b865e967d790bd644848e9029dbf7e8b8b123ece6729bd2c1c48401"},
		{public("auth/token/get"), "39a59ca303bf398e37f8fb20c9f98f44cf295631b970aa0b671ee398e2b5adb7"},
	}
	for _, c := range cases {
		t.Run(c.call.Path, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.call.Sign(key))
			require.True(t, c.call.Verify(key, c.want))
			require.True(t, c.call.Verify(key, strings.ToUpper(c.want)))
			for _, wrong := range []string{"", c.want[:63], c.want + "0", "0" + c.want[1:], c.want[:63] + "g"} {
				require.False(t, c.call.Verify(key, wrong), wrong)
			}
			require.False(t, c.call.Verify(key+"x", c.want))
		})
	}
}

const (
	callback = "https://example.test/api/webhooks/shopee"
	// notification is a sample of the docs with invented names.
	notification = `{"msg_id":"","data":{"type":"message","region":"ID","content":{"message_id":"2302748948493123953","shop_id":165103149,"request_id":"35f9478b-7482-46eb-a268-8f828fedb673","from_id":165105353,"from_user_name":"buyer_one","to_id":947151379,"to_user_name":"shop_one","message_type":"text","content":{"text":"Baik kak"},"conversation_id":"709122092476686867","created_timestamp":1726044721,"region":"ID","is_in_chatbot_session":false,"source_content":{},"quoted_msg":{"message_id":""},"sub_account_id":0,"sub_account_name":0}},"shop_id":947042923,"code":10,"timestamp":1726044722}`
)

// Proves: shopee/push-signature
func TestANotificationIsSignedOverItsAddressAndItsBytes(t *testing.T) {
	t.Parallel()
	emoji := strings.Replace(notification, "Baik kak", "Baik kak .. 🤗", 1)
	cases := []struct{ name, url, body, want string }{
		{"as registered", callback, notification, "4e30147693fad3bde0616fe9aae33cf1b17272adf4a00d096497500ff76569ce"},
		{"another slash", callback + "/", notification, "3fb92071c00a51491608260f5851315266bb3ece2b5361c2808e8ee6c3a04dbf"},
		{"another line break", callback, notification + "\n", "650a26c97ff91110c4deb5acbf37d67897ee149276389ee0374efe8bc04dc450"},
		{"an emoji", callback, emoji, "ef20faa9c00929bc5623b6eb6256b06a6342da59b4803601db439614e7af80ef"},
		{
			"the same emoji escaped", callback, strings.Replace(emoji, "🤗", `\ud83e\udd17`, 1),
			"f4e159cf2d58d6d4b4479948a3fa10eea095bd9bf1ec1f360546c102afaebd2a",
		},
		{"nothing", callback, "", "022fc6c5dedc20a1c8d8a95ad4e8d8650b9daa65dd9554df2198547c90e5381f"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			body := []byte(c.body)
			require.Equal(t, c.want, sign.Push(key, c.url, body))
			require.True(t, sign.VerifyPush(key, c.url, body, c.want))
			require.False(t, sign.VerifyPush(key, c.url, append(bytes.Clone(body), ' '), c.want))
			require.False(t, sign.VerifyPush(key, c.url+"?", body, c.want))
			require.False(t, sign.VerifyPush(key, c.url, body, "SHA256 "+c.want))
		})
	}
	require.Len(t, notification, 575)
}

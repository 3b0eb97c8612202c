package mask_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/mask"
)

func TestValue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"an empty value stays empty":                {"", ""},
		"a short value vanishes":                    {"s3cret", "…"},
		"twelve characters vanish":                  {"123456789012", "…"},
		"a longer value keeps its last four":        {"00000000-0000-4000-8000-000000001001", "…1001"},
		"characters are counted, not bytes":         {"секретсекрет", "…"},
		"the tail is cut between characters":        {"секретныйсекрет", "…крет"},
		"a masked value is not masked again":        {"…1001", "…1001"},
		"an ellipsis before a secret does not help": {"…abcdefghijklmnop", "…mnop"},
		"invalid UTF-8 is cut somewhere":            {"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6\xf5\xf4\xf3", "…\xf6\xf5\xf4\xf3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, mask.Value(c.in))
		})
	}
}

func TestSecretNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Api-Key", "api_key", "apiKey", "Authorization", "Cookie", "Set-Cookie", "X-Mock-Token", "Proxy-Authorization",
		"access_token", "refresh_token", "partner_key", "sign", "password", "token", "secret", "client_secret", "oauth",
		"webchat_token", "read_only_api_key", "READ_ONLY_API_KEY", "p_token", "csrf_token", "CTOKEN", "SPC_CDS", "SPC_CDS_CHAT",
	} {
		require.True(t, mask.Secret(name), name)
	}
	for _, name := range []string{
		"", "Client-Id", "client_id", "seller_id", "partner_id", "shop_id", "page_token", "nextPageToken", "signature_of_nothing",
		"code", "error", "error_code", "x-s", "request_id", "SPC_CDS_VER", "device_id", "expire_in",
		"chat_id", "proxyauthorizationx", "a-name-far-longer-than-any-secret-name-that-there-is",
	} {
		require.False(t, mask.Secret(name), name)
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	in := http.Header{
		"Client-Id":     {"1001"},
		"Api-Key":       {"00000000-0000-4000-8000-000000001001"},
		"api-KEY":       {"short"},
		"Authorization": {"Bearer ozon-demo-oauth", "bearer  x", "4e30147693fad3bde0616fe9aae33cf1b17272adf4a00d096497500ff76569ce", "unknown ozon-demo-oauth"},
		"Cookie":        {"SPC_U=210004003; SPC_EC=a-very-long-session-value; bare", "SPC_ST=.session-of-the-seller; SPC_SC_TK=short; CTOKEN=csrf-token-of-the-session"},
		"Set-Cookie":    {"SPC_EC=a-very-long-session-value; Path=/; HttpOnly", "x=y"},
		"X-Mock-Token":  {"control"},
		"X-S":           {"96acc123b7e41dcbeeeb3e6a7f4fb95d"},
		"x-v":           {"3"},
		"Location":      {"https://shop.example/back?code=6b79494b4e5a4d45&shop_id=210004001"},
	}
	want := http.Header{
		"Client-Id":     {"1001"},
		"Api-Key":       {"…1001"},
		"api-KEY":       {"…"},
		"Authorization": {"Bearer …auth", "bearer …", "…69ce", "…auth"},
		"Cookie":        {"SPC_U=…; SPC_EC=…alue;…", "SPC_ST=…ller; SPC_SC_TK=…; CTOKEN=…sion"},
		"Set-Cookie":    {"SPC_EC=…alue; Path=/; HttpOnly", "x=…"},
		"X-Mock-Token":  {"…"},
		"X-S":           {"…b95d"},
		"x-v":           {"3"},
		"Location":      {"https://shop.example/back?code=…4d45&shop_id=210004001"},
	}
	before := in.Clone()
	require.Equal(t, want, mask.Header(in))
	require.Equal(t, before, in, "the original is untouched")
	require.Equal(t, want, mask.Header(mask.Header(in)), "masking twice changes nothing more")
	require.Nil(t, mask.Header(nil))
}

func TestURL(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"a plain path stays":               {"/v3/chat/list", "/v3/chat/list"},
		"public parameters stay":           {"/x?a=1&page_token=abcdefghijklmnop&b=%zz&c", "/x?a=1&page_token=abcdefghijklmnop&b=%zz&c"},
		"secret parameters are masked":     {"/x?partner_id=2000001&access_token=shopee-demo-access-token&sign=short", "/x?partner_id=2000001&access_token=…oken&sign=…"},
		"an authorization code is masked":  {"/x?code=6b79494b4e5a4d45&Code=x&error_code=10", "/x?code=…4d45&Code=…&error_code=10"},
		"tokens against forgery":           {"/x?csrf_token=0123456789abcdef&SPC_CDS=short&SPC_CDS_VER=2&_v=8.5.0", "/x?csrf_token=…cdef&SPC_CDS=…&SPC_CDS_VER=2&_v=8.5.0"},
		"escaped names are recognised":     {"/x?access%5Ftoken=shopee-demo-access-token", "/x?access%5Ftoken=…oken"},
		"what is kept stays escaped":       {"/x?token=abcdefghijklmn%26%3D", "/x?token=…mn%26%3D"},
		"an empty secret stays":            {"/x?token=&a=b", "/x?token=&a=b"},
		"an address as a value":            {"/x?redirect=https%3A%2F%2Fapp.test%2Fcb%3Ftoken%3Dabcdefghijklmnop%26a%3D1&b=2", "/x?redirect=https%3A%2F%2Fapp.test%2Fcb%3Ftoken%3D…mnop%26a%3D1&b=2"},
		"a path as a value":                {"/x?back=/y?code=6b79494b4e5a4d45", "/x?back=%2Fy%3Fcode%3D…4d45"},
		"an address in an address":         {"/x?a=http%3A%2F%2Fh%2F%3Fb%3Dhttp%253A%252F%252Fu%253Ap%2540h", "/x?a=http%3A%2F%2Fh%2F%3Fb%3Dhttp%253A%252F%252F…%2540h"},
		"an address without secrets stays": {"/x?redirect=https://app.test/cb?a=1", "/x?redirect=https://app.test/cb?a=1"},
		"user info is masked":              {"https://user:pass@host:80/p@th?x=a@b", "https://…@host:80/p@th?x=a@b"},
		"an at sign in the path stays":     {"https://host/a@b", "https://host/a@b"},
		"user info without a scheme":       {"//user:pass@host", "//…@host"},
		"a fragment with a token":          {"https://host/#access_token=0123456789abcdef&state=1", "https://host/#access_token=…cdef&state=1"},
		"an anchor stays":                  {"https://host/page#part", "https://host/page#part"},
		"two slashes later are no host":    {"/a//b@c", "/a//b@c"},
		"a malformed URL is still masked":  {"://u:p@h?%%%&sign=0123456789abcdef", "://…@h?%%%&sign=…cdef"},
		"a masked URL is not masked again": {"https://…@h/?token=…oken", "https://…@h/?token=…oken"},
		"nothing comes of nothing":         {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, mask.URL(c.in))
		})
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	const key = "ACMA:marketmockdemo:00002001"
	require.Equal(t, "key …2001 refused, …2001 too", mask.Text("key "+key+" refused, ACMA%3Amarketmockdemo%3A00002001 too", key))
	require.Equal(t, "…-…", mask.Text("abc-abcdef", "abc", "abcdef", ""))
	require.Equal(t, "as it was", mask.Text("as it was"))
	require.Equal(t, "as it was", mask.Text("as it was", ""))
}

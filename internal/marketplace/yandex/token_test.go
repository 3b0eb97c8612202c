package yandex

import "testing"

// Proves: yandex/token-info, yandex/token-info-key-only, yandex/token-info-oauth-answer
func TestTokenInfo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, stores, today, nil)
	answer := `{"status":"OK","result":{"apiKey":{"name":"desk","authScopes":["ALL_METHODS_READ_ONLY","COMMUNICATION"]}}}`
	w.call(opGetTokenInfo, "", "").requireOK(t, answer)
	w.call(opGetTokenInfo, "", "not looked at").requireOK(t, answer)
	token := header("Authorization", "Bearer yandex-demo-oauth")
	w.call(opGetTokenInfo, "", "", token).requireOK(t, answer)
	w.call(opGetTokenInfo, "", "", token, without("Api-Key")).requireError(t, 401, codeUnauthorized, "Api-Key token is not specified")
}

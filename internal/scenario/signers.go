package scenario

import "example.com/marketmock/internal/marketplace/shopee/sign"

// signer is a way of signing calls, by the x-sign of a security scheme.
type signer struct {
	name string
	word string // of a step's sign
	key  string // the credential that signs
	time string // the query parameter that tells the time
	// sends are the query parameters that are added, in this order; all but time
	// are credentials of the caller.
	sends []string
	// signs are the names that a signature may cover, of what is sent or not.
	signs []string
	// sign makes the signature with a key; of gives what is signed by the names of
	// signs, "" for what is neither sent nor given by the step.
	sign func(key string, of func(name string) string) string
}

// verifier is a way of signing notifications, by the x-sign of the operation
// that describes them.
type verifier struct {
	name   string
	header string // that carries the signature
	key    string // the credential that signs
	about  string // the credential of a seller that is the field of a notification about it
	verify func(key, signature string, n notification) bool
}

// signedPath is the name that signers know the path of a call by.
const signedPath = "path"

const shopeeKey = "partner_key"

// signers is the table of them, sorted by name.
func signers() []signer {
	return []signer{
		{
			name: "shopee-public", word: "public", key: shopeeKey, time: "timestamp",
			sends: []string{"partner_id", "timestamp"},
			signs: shopeeSigns(), sign: signShopee,
		},
		{
			name: "shopee-shop", word: "shop", key: shopeeKey, time: "timestamp",
			sends: []string{"partner_id", "timestamp", "access_token", "shop_id"},
			signs: shopeeSigns(), sign: signShopee,
		},
	}
}

// verifiers is the table of them, sorted by name.
func verifiers() []verifier {
	return []verifier{{
		name: "shopee-push", header: "Authorization", key: shopeeKey, about: "shop_id",
		verify: func(key, signature string, n notification) bool {
			return sign.VerifyPush(key, n.url, n.raw, signature)
		},
	}}
}

func shopeeSigns() []string {
	return []string{"partner_id", signedPath, "timestamp", "access_token", "shop_id"}
}

func signShopee(key string, of func(name string) string) string {
	return sign.Call{
		PartnerID: of("partner_id"), Path: of(signedPath), Timestamp: of("timestamp"),
		AccessToken: of("access_token"), Owner: of("shop_id"),
	}.Sign(key)
}

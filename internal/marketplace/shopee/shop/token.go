package shop

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// How long credentials live. Claims shopee/access-token-life, shopee/refresh-token-life,
// shopee/auth-code-life.
const (
	AccessLife  = 4 * time.Hour
	RefreshLife = 30 * 24 * time.Hour
	codeLife    = 10 * time.Minute
)

// maxTokens is how many tokens, and codes, of a shop are kept. Claim
// shopee/old-access-token.
const maxTokens = 100

// What may be wrong with what is exchanged for a token.
var (
	ErrNoCode       = errors.New("the code is unknown, used up or too old")
	ErrNoRefresh    = errors.New("the refresh token is unknown or used up")
	ErrRefreshEnded = errors.New("the refresh token is too old")
	ErrUnlinked     = errors.New("the shop took its authorisation back")
)

// AccessToken is the shop's latest, zero if it has none.
func (s Shop) AccessToken() Token {
	if len(s.Tokens) == 0 {
		return Token{}
	}
	return s.Tokens[len(s.Tokens)-1]
}

// Token is the shop's access token of a value; ended says that its time is over.
// Those before the latest live on. Claim shopee/old-access-token.
func (s Shop) Token(value string, now time.Time) (t Token, known, ended bool) {
	i := slices.IndexFunc(s.Tokens, func(t Token) bool { return value != "" && t.Value == value })
	if i < 0 {
		return Token{}, false, false
	}
	t = s.Tokens[i]
	return t, true, over(t.Until, now)
}

// Refreshes reports whether a value is one of the shop's refresh tokens, be its time
// over or not.
func (s Shop) Refreshes(value string) bool {
	return value != "" && slices.ContainsFunc(s.Tokens, func(t Token) bool { return t.Refresh == value })
}

func over(end, now time.Time) bool { return !end.IsZero() && !now.Before(end) }

// GiveCode makes the code of an authorisation of a seller's shop.
func GiveCode(w *marketplace.World, seller string) (code string, s Shop, err error) {
	now := w.Clock.Now()
	state, err := marketplace.ChangeSeller(w, seller, func(s *Shop) error {
		code = after(s, "code")
		s.Codes = appended(s.Codes, Token{Value: code, Until: now.Add(codeLife)}, now)
		return nil
	})
	return code, state.Ext, err
}

// UseCode gives an app the tokens of a shop for a code, once. Claims
// shopee/token-get, shopee/auth-code-life.
func UseCode(w *marketplace.World, partner, shopID int64, code string) (Token, error) {
	var given Token
	err := changeShop(w, partner, shopID, ErrNoCode, func(s *Shop) error {
		now := w.Clock.Now()
		i := slices.IndexFunc(s.Codes, func(t Token) bool { return t.Value == code && !over(t.Until, now) })
		if i < 0 {
			return ErrNoCode
		}
		s.Codes = slices.Delete(slices.Clone(s.Codes), i, i+1)
		given = s.grant(now)
		return nil
	})
	return given, err
}

// Refresh gives an app new tokens for a refresh token, which is used up; the
// access token that came with it lives on. Only a code links a shop again that took
// its authorisation back. Claims shopee/refresh-uses-up, shopee/token-refresh,
// shopee/old-access-token, shopee/refresh-unlinked.
func Refresh(w *marketplace.World, partner, shopID int64, refresh string) (Token, error) {
	var given Token
	err := changeShop(w, partner, shopID, ErrNoRefresh, func(s *Shop) error {
		now := w.Clock.Now()
		i := slices.IndexFunc(s.Tokens, func(t Token) bool { return refresh != "" && t.Refresh == refresh })
		switch {
		case i < 0:
			return ErrNoRefresh
		case s.State == StateUnlinked:
			return ErrUnlinked
		case over(s.Tokens[i].RefreshUntil, now):
			return ErrRefreshEnded
		}
		s.Tokens = slices.Clone(s.Tokens)
		s.Tokens[i].Refresh = ""
		given = s.grant(now)
		return nil
	})
	return given, err
}

// grant adds a token to a shop that nobody else looks at.
func (s *Shop) grant(now time.Time) Token {
	t := Token{
		Value: after(s, "access"), Until: now.Add(AccessLife),
		Refresh: after(s, "refresh"), RefreshUntil: now.Add(RefreshLife),
	}
	s.Tokens = appended(s.Tokens, t, now)
	return t
}

// appended is a list of its own with one more. Of too many the oldest goes whose
// time is over, or else the oldest that has an end. Claim shopee/old-access-token.
func appended(list []Token, t Token, now time.Time) []Token {
	list = append(slices.Clone(list), t)
	for _, gone := range []func(Token) bool{
		func(t Token) bool { return over(t.Until, now) && (t.Refresh == "" || over(t.RefreshUntil, now)) },
		func(t Token) bool { return !t.Until.IsZero() },
	} {
		for len(list) > maxTokens {
			i := slices.IndexFunc(list, gone)
			if i < 0 {
				break
			}
			list = slices.Delete(list, i, i+1)
		}
	}
	return list
}

// after is the next secret of a shop: it follows from those it has, so that the
// same doings have the same secrets.
func after(s *Shop, kind string) string {
	parts := kind + "/" + Key(s.ID) + "/" + s.App.PartnerKey
	for _, list := range [][]Token{s.Tokens, s.Codes} {
		for _, t := range list {
			parts += "/" + t.Value
		}
	}
	return digest(parts)[:32]
}

// digest is 64 hexadecimal digits that follow from a text.
func digest(text string) string {
	sum := sha256.Sum256([]byte("shopee/" + text))
	return hex.EncodeToString(sum[:])
}

// changeShop changes the shop of an id if it is one of an app's, else it is
// missing.
func changeShop(w *marketplace.World, partner, shopID int64, missing error, change func(*Shop) error) error {
	seller, found := w.Store.Seller(Key(shopID))
	if !found || ShopOf(seller).App.PartnerID != partner {
		return missing
	}
	_, err := marketplace.ChangeSeller(w, seller.ID, change)
	return err
}

// changeShops changes all shops that are picked as one: nobody sees one of them
// changed and another not. It answers them as they are then.
func changeShops(w *marketplace.World, picked func(Shop) bool, change func(*Shop) error) ([]Shop, error) {
	var out []Shop
	_, err := w.Store.ChangeSellers(func(all []chat.Seller) ([]chat.Event, error) {
		var events []chat.Event
		out = nil
		for _, seller := range all {
			its := ShopOf(seller)
			if !picked(its) {
				continue
			}
			if err := change(&its); err != nil {
				return nil, err
			}
			out = append(out, its)
			events = append(events, chat.SellerChanged{At: w.Clock.Now(), ID: seller.ID, Ext: its})
		}
		return events, nil
	})
	return out, err
}

// ended are tokens whose time is over from a moment on: refresh says whether of
// the refresh tokens or of the access tokens.
func ended(tokens []Token, refresh bool, now time.Time) []Token {
	tokens = slices.Clone(tokens)
	for i := range tokens {
		end := &tokens[i].Until
		if refresh {
			end = &tokens[i].RefreshUntil
		}
		if !over(*end, now) {
			*end = now
		}
	}
	return tokens
}

// jwt is a webchat token: HS256 over create_time and id. Claim
// shopee/webchat-token.
func jwt(created time.Time, secret string) string {
	part := func(v any) string {
		raw, _ := json.Marshal(v) // structs of strings and numbers
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	made := digest("jwt/" + secret)
	text := part(struct {
		Alg string `json:"alg"`
		Typ string `json:"typ"`
	}{"HS256", "JWT"}) + "." + part(struct {
		CreateTime int64  `json:"create_time"`
		ID         string `json:"id"`
	}{created.Unix(), made[:8] + "-" + made[8:12] + "-1" + made[13:16] + "-8" + made[17:20] + "-" + made[20:32]})
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// ofApp are the shops that authorised an app, the first first.
func ofApp(store *chat.Store, partner int64) []chat.Seller {
	var out []chat.Seller
	for _, s := range store.Sellers() {
		if ShopOf(s).App.PartnerID == partner {
			out = append(out, s)
		}
	}
	return out
}

package value

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// IsNumber says whether s is a number in JSON's form.
func IsNumber(s string) bool {
	if s == "" || strings.TrimSpace(s) != s || (s[0] != '-' && (s[0] < '0' || s[0] > '9')) {
		return false
	}
	return json.Valid([]byte(s))
}

// rational is the exact value; false for what is no number or has an exponent
// so big that computing with it would hang.
func rational(s string) (*big.Rat, bool) {
	if !IsNumber(s) || len(s) > 1000 {
		return nil, false
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if exp, err := strconv.Atoi(s[i+1:]); err != nil || exp > 400 || exp < -400 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	x, okx := rational(a)
	y, oky := rational(b)
	return okx && oky && x.Cmp(y) == 0
}

func isInteger(s string) bool {
	r, ok := rational(s)
	return ok && r.IsInt()
}

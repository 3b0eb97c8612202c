package yandex

import "strings"

const (
	keyPrefix = "ACMA:"
	keyLength = len(keyPrefix) + 40 + 1 + 8
)

// checkShape tells what is wrong with the form of a key, nil for nothing. Claims
// yandex/key-shape, yandex/key-characters, yandex/api-key-shape.
func checkShape(key string) *refusal {
	body, prefixed := strings.CutPrefix(key, keyPrefix)
	switch {
	case !prefixed:
		return errKeyPrefix
	case len(key) != keyLength:
		return errKeyLength
	}
	name, tail, _ := strings.Cut(body, ":")
	if len(name) != 40 || !onlyOf(name, isAlnum) || !onlyOf(tail, isHex) {
		return errKeyFormat
	}
	return nil
}

func onlyOf(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isAlnum(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func isHex(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' }

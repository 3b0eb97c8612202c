package yandex

import (
	"slices"
	"strings"

	"example.com/marketmock/internal/marketplace"
)

// tokenAnswer is the answer of getAuthTokenInfo. Claim yandex/token-info.
type tokenAnswer struct {
	Status string      `json:"status"`
	Result tokenResult `json:"result"`
}

type tokenResult struct {
	Key tokenKey `json:"apiKey"`
}

type tokenKey struct {
	Name   string   `json:"name"`
	Scopes []string `json:"authScopes"`
}

// getTokenInfo tells what the key may do. Claim yandex/token-info-key-only.
func getTokenInfo(c *marketplace.Call) (marketplace.Response, error) {
	key := keyOf(c)
	if key == nil {
		return marketplace.Response{}, errKeyNeeded
	}
	answer := tokenAnswer{Status: statusOK, Result: tokenResult{Key: tokenKey{Name: key.Name, Scopes: make([]string, len(key.Scopes))}}}
	for i, scope := range key.Scopes {
		answer.Result.Key.Scopes[i] = strings.ToUpper(snake.Replace(scope))
	}
	slices.Sort(answer.Result.Key.Scopes)
	answer.Result.Key.Scopes = slices.Compact(answer.Result.Key.Scopes)
	return ok(answer)
}

var snake = strings.NewReplacer("-", "_", ":", "_")

// Package all is the list of marketplaces. A new one is one line here.
package all

import (
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/ozon"
	"example.com/marketmock/internal/marketplace/shopee"
	"example.com/marketmock/internal/marketplace/yandex"
)

// Emulators returns every emulator, in the order they are shown.
func Emulators() []marketplace.Emulator {
	return []marketplace.Emulator{
		ozon.New(),
		yandex.New(),
		shopee.New(),
	}
}

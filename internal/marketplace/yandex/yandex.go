// Package yandex emulates the chats of the Yandex Market Partner API: its
// methods, its refusals, its notifications, and what is disputed about them as
// switches. It knows no other marketplace and no sandbox: everything comes with a
// world.
package yandex

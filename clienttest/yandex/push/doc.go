// Package push has the notifications that Yandex Market sends, generated from
// the repository's specification of a receiver.
package push

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o push.gen.go ../../../specs/yandex-push.yaml

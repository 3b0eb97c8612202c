// Package push has the notifications that Ozon sends, generated from the
// repository's specification of a receiver.
package push

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o push.gen.go ../../../specs/ozon-push.yaml

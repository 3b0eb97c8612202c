// Package yandex is a client generated from the repository's specification of
// Yandex Market's chat methods. It knows no more than the specification says.
package yandex

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o yandex.gen.go ../../specs/yandex.yaml

// Package push has the pushes that Shopee sends about chats, generated from the
// repository's specification of a receiver.
package push

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o push.gen.go ../../../specs/shopee-push.yaml

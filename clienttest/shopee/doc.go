// Package shopee is a client generated from the repository's specification of
// the chat methods of Shopee's Open Platform. It knows no more than the
// specification says.
package shopee

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o shopee.gen.go ../../specs/shopee.yaml

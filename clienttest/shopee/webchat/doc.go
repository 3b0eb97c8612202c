// Package webchat is a client generated from the repository's specification of
// the chat of Shopee's seller centre. It knows no more than the specification
// says.
package webchat

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o webchat.gen.go ../../../specs/shopee-webchat.yaml

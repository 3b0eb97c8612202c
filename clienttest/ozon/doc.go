// Package ozon is a client generated from the repository's specification of
// Ozon's chat methods. It knows no more than the specification says.
package ozon

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o ozon.gen.go ../../specs/ozon.yaml

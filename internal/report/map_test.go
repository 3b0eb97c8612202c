package report_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/report"
)

// fill puts a text into every string below v, and two elements into every list.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("seen")
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i))
		}
	default:
	}
}

// unchanged lists the strings below v that are still as fill left them.
func unchanged(v reflect.Value, path string) (out []string) {
	switch v.Kind() {
	case reflect.String:
		if v.String() == "seen" && v.Type() == reflect.TypeFor[string]() {
			out = append(out, path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out = append(out, unchanged(v.Field(i), path+"."+v.Type().Field(i).Name)...)
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, unchanged(v.Index(i), path)...)
		}
	default:
	}
	return out
}

func TestMapReachesEveryTextAndLeavesTheOriginal(t *testing.T) {
	t.Parallel()
	var r, before report.Result
	fill(reflect.ValueOf(&r).Elem())
	fill(reflect.ValueOf(&before).Elem())
	mapped := r.Map(func(string) string { return "hidden" })
	require.Empty(t, unchanged(reflect.ValueOf(mapped), "Result"))
	require.Equal(t, before, r)
}

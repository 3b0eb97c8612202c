package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"example.com/marketmock/internal/mask"
)

// maxShown is how many characters of a value a difference shows.
const maxShown = 80

// difference collects where a value does not contain the expected one.
type difference struct{ list []string }

// subset compares one value, both decoded with UseNumber. secret says that it
// stands under the name of a secret.
func (d *difference) subset(pointer string, expected, got any, secret bool) {
	switch want := expected.(type) {
	case map[string]any:
		if is, ok := got.(map[string]any); ok {
			d.object(pointer, want, is, secret)
			return
		}
	case []any:
		if is, ok := got.([]any); ok {
			d.array(pointer, want, is, secret)
			return
		}
	case json.Number:
		if is, ok := got.(json.Number); ok && sameNumber(string(want), string(is)) {
			return
		}
	default: // string, bool, nil
		if expected == got {
			return
		}
	}
	d.add(pointer, render(expected, secret), render(got, secret))
}

func (d *difference) object(pointer string, want, got map[string]any, secret bool) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		at := pointer + "/" + pointerEscaper.Replace(name)
		hidden := secret || mask.Secret(name)
		value, ok := got[name]
		if !ok {
			d.add(at, render(want[name], hidden), "nothing")
			continue
		}
		d.subset(at, want[name], value, hidden)
	}
}

func (d *difference) array(pointer string, want, got []any, secret bool) {
	if len(want) != len(got) {
		d.add(pointer, count(want), count(got))
		return
	}
	for i := range want {
		d.subset(pointer+"/"+strconv.Itoa(i), want[i], got[i], secret)
	}
}

func (d *difference) add(pointer, want, got string) {
	if pointer == "" {
		pointer = "body"
	}
	d.list = append(d.list, fmt.Sprintf("%s: expected %s, got %s", pointer, want, got))
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

func count(list []any) string {
	if len(list) == 1 {
		return "1 element"
	}
	return strconv.Itoa(len(list)) + " elements"
}

// render is a value as JSON on one line, shortened; secrets inside are masked.
func render(v any, secret bool) string {
	if secret {
		if s, ok := v.(string); ok {
			v = mask.Value(s)
		} else if v != nil {
			return mask.Value("hidden")
		}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return shorten(string(mask.JSON(bytes.TrimSpace(buf.Bytes()))))
}

func shorten(s string) string {
	n := 0
	for i := range s {
		if n == maxShown {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// sameNumber compares two JSON numbers by their decimal value, exactly and
// without ever writing an exponent out.
func sameNumber(a, b string) bool {
	if a == b {
		return true
	}
	x, okX := parseDecimal(a)
	y, okY := parseDecimal(b)
	return okX && okY && x == y
}

// decimal is ±0.digits × 10^exponent, without leading or trailing zeros.
type decimal struct {
	negative bool
	digits   string
	exponent int64
}

func parseDecimal(s string) (decimal, bool) {
	var d decimal
	mantissa := s
	if e := strings.IndexAny(s, "eE"); e >= 0 {
		mantissa = s[:e]
		var err error
		if d.exponent, err = strconv.ParseInt(s[e+1:], 10, 48); err != nil {
			return d, false
		}
	}
	mantissa, d.negative = strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return decimal{}, true
	}
	d.exponent += int64(len(digits) - len(fraction))
	d.digits = strings.TrimRight(digits, "0")
	return d, true
}

package openapi

import (
	"bytes"
	"math"
	"math/big"
	"strconv"
)

func decimalOf(n int) string { return strconv.Itoa(n) }

// decimal is an exact number: digits × 10^exp. The digits have no zero at
// either end; zero has none. One that fits is also kept as an int64.
type decimal struct {
	digits []byte
	exp    int64
	whole  int64
	neg    bool
	fits   bool // whole is the value
}

// maxExponent caps exponents: a number beyond it compares right with every
// bound a spec can have.
const maxExponent = 1 << 40

// longestInt64 is how many digits always fit an int64.
const longestInt64 = 18

// parseDecimal reads a JSON number. It allocates only for one with a point.
func parseDecimal(text []byte) decimal {
	if v, ok := smallInt(text); ok {
		return decimal{whole: v, fits: true}
	}
	var d decimal
	if text[0] == '-' {
		d.neg, text = true, text[1:]
	}
	if e := bytes.IndexAny(text, "eE"); e >= 0 {
		d.exp = exponent(text[e+1:])
		text = text[:e]
	}
	if point := bytes.IndexByte(text, '.'); point >= 0 {
		fraction := text[point+1:]
		d.exp -= int64(len(fraction))
		text = append(append(make([]byte, 0, len(text)), text[:point]...), fraction...)
	}
	return d.normal(text)
}

func (d decimal) normal(digits []byte) decimal {
	digits = bytes.TrimLeft(digits, "0")
	trimmed := bytes.TrimRight(digits, "0")
	d.exp += int64(len(digits) - len(trimmed))
	d.digits = trimmed
	if len(trimmed) == 0 {
		return decimal{fits: true}
	}
	if d.exp >= 0 && int64(len(trimmed))+d.exp <= longestInt64 {
		v, _ := smallInt(trimmed)
		for range d.exp {
			v *= 10
		}
		if d.neg {
			v = -v
		}
		d.whole, d.fits = v, true
	}
	return d
}

// smallInt reads digits with or without a minus into an int64.
func smallInt(text []byte) (int64, bool) {
	neg := len(text) > 0 && text[0] == '-'
	if neg {
		text = text[1:]
	}
	if len(text) == 0 || len(text) > longestInt64+1 {
		return 0, false
	}
	v := uint64(0)
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + uint64(c-'0')
	}
	if v > math.MaxInt64 {
		return math.MinInt64, neg && v == 1<<63
	}
	if neg {
		return -int64(v), true
	}
	return int64(v), true
}

func exponent(text []byte) int64 {
	neg := text[0] == '-'
	if neg || text[0] == '+' {
		text = text[1:]
	}
	text = bytes.TrimLeft(text, "0")
	v, ok := smallInt(text)
	if len(text) > 0 && (!ok || v > maxExponent) {
		v = maxExponent
	}
	if neg {
		return -v
	}
	return v
}

// integral tells whether the number is whole: 1, 1.0 and 1e2 are.
func (d decimal) integral() bool { return d.fits || d.exp >= 0 }

// full gives a decimal that has only whole its digits too.
func (d decimal) full() decimal {
	if len(d.digits) > 0 || d.whole == 0 {
		return d
	}
	text := strconv.AppendInt(nil, d.whole, 10)
	out := decimal{whole: d.whole, fits: true}
	if d.whole < 0 {
		out.neg, text = true, text[1:]
	}
	out.digits = bytes.TrimRight(text, "0")
	out.exp = int64(len(text) - len(out.digits))
	return out
}

// compare is -1, 0 or 1.
func (d decimal) compare(other decimal) int {
	if d.fits && other.fits {
		switch {
		case d.whole < other.whole:
			return -1
		case d.whole > other.whole:
			return 1
		}
		return 0
	}
	a, b := d.full(), other.full()
	if a.sign() != b.sign() {
		if a.sign() < b.sign() {
			return -1
		}
		return 1
	}
	return a.sign() * a.compareSize(b)
}

func (d decimal) sign() int {
	switch {
	case len(d.digits) == 0:
		return 0
	case d.neg:
		return -1
	}
	return 1
}

// compareSize compares without signs. Digits without zeros at the end compare
// as strings once the first ones stand for the same power of ten.
func (d decimal) compareSize(other decimal) int {
	a, b := int64(len(d.digits))+d.exp, int64(len(other.digits))+other.exp
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return bytes.Compare(d.digits, other.digits)
}

// multipleOf tells whether d is a whole multiple of unit, which is not zero.
func (d decimal) multipleOf(unit decimal) bool {
	if d.fits && unit.fits {
		return d.whole%unit.whole == 0
	}
	a, b := d.full(), unit.full()
	if len(a.digits) == 0 {
		return true
	}
	scale := max(-b.exp, 0)
	if a.exp < -scale {
		return false
	}
	modulus := power(b, b.exp+scale)
	rest := remainder(a.digits, modulus)
	rest.Mul(rest, new(big.Int).Exp(big.NewInt(10), big.NewInt(a.exp+scale), modulus))
	return rest.Mod(rest, modulus).Sign() == 0
}

// remainder is the digits modulo m, in time linear in their number.
func remainder(digits []byte, m *big.Int) *big.Int {
	rest, factor := new(big.Int), new(big.Int)
	for len(digits) > 0 {
		n := min(len(digits), longestInt64)
		chunk, _ := smallInt(digits[:n])
		factor.Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
		rest.Mul(rest, factor).Add(rest, big.NewInt(chunk)).Mod(rest, m)
		digits = digits[n:]
	}
	return rest
}

// power is the digits of d times 10^exp; d comes from a spec, so it is short.
func power(d decimal, exp int64) *big.Int {
	v, _ := new(big.Int).SetString(string(d.digits), 10)
	return v.Mul(v, new(big.Int).Exp(big.NewInt(10), big.NewInt(exp), nil))
}

// append writes a form that equal numbers share.
func (d decimal) append(buf []byte) []byte {
	d = d.full()
	if d.neg {
		buf = append(buf, '-')
	}
	buf = append(buf, d.digits...)
	buf = append(buf, 'e')
	return strconv.AppendInt(buf, d.exp, 10)
}

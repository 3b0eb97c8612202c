package openapi

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// span is the inclusive range of an integer format.
type span struct {
	low, high decimal
}

// integerSpan gives the range of an integer format, nil for others.
func integerSpan(format string) *span {
	switch format {
	case "int32":
		return newSpan("-2147483648", "2147483647")
	case "int64":
		return newSpan("-9223372036854775808", "9223372036854775807")
	case "uint32":
		return newSpan("0", "4294967295")
	case "uint64":
		return newSpan("0", "18446744073709551615")
	}
	return nil
}

func newSpan(low, high string) *span {
	return &span{low: parseDecimal([]byte(low)), high: parseDecimal([]byte(high))}
}

// holds spares the exact comparison for what fits an int64 under a bound that
// does not: every such bound is above it.
func (s *span) holds(d decimal) bool {
	if d.compare(s.low) < 0 {
		return false
	}
	return d.fits && !s.high.fits || d.compare(s.high) <= 0
}

// holdsText judges a string with an integer format: decimal digits as JSON
// writes them.
func (s *span) holdsText(text []byte) bool {
	unsigned := text
	if len(text) > 0 && text[0] == '-' {
		unsigned = text[1:]
	}
	return len(unsigned) > 0 && digits(unsigned) == len(unsigned) && s.holds(parseDecimal(text))
}

// stringFormat gives the check of a format of strings, nil for a format that
// says nothing about the text.
func stringFormat(format string) func([]byte) bool {
	switch format {
	case "date-time":
		return isDateTime
	case "date":
		return isDate
	case "uuid":
		return isUUID
	case "uri":
		return isURI
	case "byte":
		return isBase64
	case "email":
		return isEmail
	case "ipv4":
		return func(s []byte) bool { a, err := netip.ParseAddr(string(s)); return err == nil && a.Is4() }
	case "ipv6":
		return func(s []byte) bool {
			a, err := netip.ParseAddr(string(s))
			return err == nil && a.Is6() && a.Zone() == ""
		}
	}
	return nil
}

// shaped compares with a template in which 9 stands for a digit and x for a
// hexadecimal digit.
func shaped(s []byte, template string) bool {
	if len(s) != len(template) {
		return false
	}
	for i, c := range s {
		switch template[i] {
		case '9':
			if c < '0' || c > '9' {
				return false
			}
		case 'x':
			if !isHex(c) {
				return false
			}
		default:
			if c != template[i] {
				return false
			}
		}
	}
	return true
}

func isUUID(s []byte) bool { return shaped(s, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") }

func number2(s []byte) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

func isDate(s []byte) bool {
	if !shaped(s, "9999-99-99") {
		return false
	}
	year, month, day := number2(s)*100+number2(s[2:]), number2(s[5:]), number2(s[8:])
	return month >= 1 && month <= 12 && day >= 1 &&
		day <= time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day()
}

// isDateTime judges RFC 3339 section 5.6, with T and Z in upper case and a leap
// second anywhere.
func isDateTime(s []byte) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || !isDate(s[:10]) || !shaped(s[10:19], "T99:99:99") {
		return false
	}
	if number2(s[11:]) > 23 || number2(s[14:]) > 59 || number2(s[17:]) > 60 {
		return false
	}
	s = s[19:]
	if s[0] == '.' {
		n := digits(s[1:])
		if n == 0 {
			return false
		}
		s = s[1+n:]
	}
	if len(s) == 1 {
		return s[0] == 'Z'
	}
	return (shaped(s, "+99:99") || shaped(s, "-99:99")) && number2(s[1:]) <= 23 && number2(s[4:]) <= 59
}

func isURI(s []byte) bool {
	u, err := url.Parse(string(s))
	return err == nil && u.Scheme != "" && strings.IndexByte(string(s), ' ') < 0
}

func isEmail(s []byte) bool {
	local, domain, ok := strings.Cut(string(s), "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(domain, "@<>\", \t\r\n")
}

// isBase64 judges padded base64 of the standard alphabet.
func isBase64(s []byte) bool {
	if len(s)%4 != 0 {
		return false
	}
	for i, c := range s {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
		case c == '=' && i >= len(s)-2 && (i == len(s)-1 || s[i+1] == '='):
		default:
			return false
		}
	}
	return true
}

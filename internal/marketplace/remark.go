package marketplace

import (
	"strings"
	"unicode/utf8"

	"example.com/marketmock/internal/openapi"
)

// What a call may note; a client names the parts of its forms as it likes.
const (
	maxRemarks = 100
	maxRemark  = 200 // bytes of a pointer or a message
)

// Remark notes a mistake of the request that the spec check cannot see, and that
// the vendor lets pass: the journal shows it among the findings. Pointer and
// Message are kept up to 200 bytes, and no more than 100 remarks.
func (c *Call) Remark(f openapi.Finding) {
	if len(c.remarks) == maxRemarks {
		return
	}
	f.Pointer, f.Message = clip(f.Pointer), clip(f.Message)
	c.remarks = append(c.remarks, f)
}

// clip is the beginning of a text, of whole characters, that holds no more memory
// than it shows.
func clip(s string) string {
	if len(s) <= maxRemark {
		return strings.Clone(s)
	}
	n := maxRemark
	for n > maxRemark-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(s[:n])
}

// Remarks are what was noted so far.
func (c *Call) Remarks() []openapi.Finding { return c.remarks }

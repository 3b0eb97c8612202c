package value

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// timeForm is how a time is written, by the word that its matcher begins with.
type timeForm struct {
	word string
	read func(got any) (time.Time, bool)
}

// timeForms is the table of them; no word before one that it begins with.
func timeForms() []timeForm {
	return []timeForm{
		{"now", written},
		{"unix_ms", counted(time.UnixMilli)},
		{"unix_ns", counted(func(n int64) time.Time { return time.Unix(0, n) })},
		{"unix", counted(func(n int64) time.Time { return time.Unix(n, 0) })},
	}
}

// written reads RFC 3339, or the date of a header.
func written(got any) (time.Time, bool) {
	text, ok := got.(string)
	if !ok {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		at, err = time.Parse(time.RFC1123, text)
	}
	return at, err == nil
}

// counted reads a number, or digits in a string.
func counted(since func(int64) time.Time) func(any) (time.Time, bool) {
	return func(got any) (time.Time, bool) {
		switch got.(type) {
		case json.Number, string:
			n, err := strconv.ParseInt(Text(got), 10, 64)
			return since(n), err == nil
		}
		return time.Time{}, false
	}
}

// near reads a form's word, an offset if any, ± and a tolerance: now-48h±1m.
func near(form timeForm, s string) (test, error) {
	word := form.word
	offset, tolerance, ok := strings.Cut(s[len(word):], "±")
	if !ok {
		if offset, tolerance, ok = strings.Cut(s[len(word):], "~"); !ok {
			return nil, fmt.Errorf("<%s>: say how near: <%s±5s> or <%s-48h±1m>", s, word, word)
		}
	}
	var shift time.Duration
	if offset != "" {
		d, err := time.ParseDuration(offset)
		if err != nil || !strings.ContainsAny(offset[:1], "+-") {
			return nil, fmt.Errorf("<%s>: %q is no offset such as -48h", s, offset)
		}
		shift = d
	}
	within, err := time.ParseDuration(tolerance)
	if err != nil || within < 0 {
		return nil, fmt.Errorf("<%s>: %q is no duration", s, tolerance)
	}
	return func(got any, now Now) bool {
		at, ok := form.read(got)
		if !ok || now == nil {
			return false
		}
		base, err := now()
		return err == nil && at.Sub(base.Add(shift)).Abs() <= within
	}, nil
}

package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// JUnit collects results and writes them as JUnit XML on Close: one suite for
// each marketplace.
type JUnit struct {
	w       io.Writer
	results []Result
}

// NewJUnit makes a writer of results to w.
func NewJUnit(w io.Writer) *JUnit { return &JUnit{w: w} }

// Add keeps one result.
func (j *JUnit) Add(r Result) error {
	j.results = append(j.results, r)
	return nil
}

type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	suiteCounts
	Suites []*suite `xml:"testsuite"`
}

type suiteCounts struct {
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"`
}

type suite struct {
	Name string `xml:"name,attr"`
	suiteCounts
	Cases []testCase `xml:"testcase"`
	total time.Duration
}

type testCase struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	File    string   `xml:"file,attr"`
	Time    string   `xml:"time,attr"`
	Failure *failure `xml:"failure"`
	Skipped *skip    `xml:"skipped"`
	Output  string   `xml:"system-out,omitempty"`
}

type failure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type skip struct {
	Message string `xml:"message,attr"`
}

// Close writes the document.
func (j *JUnit) Close() error {
	Sort(j.results)
	var all suites
	by := map[string]*suite{}
	var total time.Duration
	for _, r := range j.results {
		s := by[r.Marketplace]
		if s == nil {
			s = &suite{Name: r.Marketplace}
			by[r.Marketplace] = s
			all.Suites = append(all.Suites, s)
		}
		s.add(r)
		total += r.Duration
	}
	for _, s := range all.Suites {
		s.Time = seconds(s.total)
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Skipped += s.Skipped
	}
	all.Time = seconds(total)
	if _, err := io.WriteString(j.w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(j.w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(j.w, "\n")
	return err
}

func (s *suite) add(r Result) {
	s.Tests++
	s.total += r.Duration
	c := testCase{
		Name: clean(r.Name), Class: r.Marketplace, File: r.File, Time: seconds(r.Duration),
		Output: clean(strings.Join(r.Notes, "\n")),
	}
	switch r.Status {
	case Passed:
	case Skipped:
		s.Skipped++
		c.Skipped = &skip{clean(r.Reason)}
	case Refused:
		s.Failures++
		c.Failure = &failure{Message: "refused: " + clean(r.Reason)}
	case Failed:
		s.Failures++
		c.Failure = &failure{}
		var texts []string
		for _, f := range r.Failures {
			texts = append(texts, f.String())
		}
		c.Failure.Text = clean(strings.Join(texts, "\n"))
		if len(r.Failures) > 0 {
			c.Failure.Message = clean(r.Failures[0].Message)
		}
	}
	s.Cases = append(s.Cases, c)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// clean drops what XML cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || (unicode.IsControl(r) && r != '\n' && r != '\t') || r == 0xFFFE || r == 0xFFFF {
			return '?'
		}
		return r
	}, s)
}

package report

import (
	"encoding/json"
	"io"
)

// JSONLines writes one JSON object a line: every result, then the summary, told
// apart by their type.
type JSONLines struct {
	enc     *json.Encoder
	summary Summary
}

// NewJSONLines makes a writer of results to w.
func NewJSONLines(w io.Writer) *JSONLines {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &JSONLines{enc: enc}
}

type resultLine struct {
	Type string `json:"type"`
	Result
	Duration float64    `json:"duration"` // seconds
	Steps    []stepLine `json:"steps,omitempty"`
}

type stepLine struct {
	Step
	Duration float64 `json:"duration"`
}

type summaryLine struct {
	Type        string `json:"type"`
	Passed      int    `json:"passed"`
	Failed      int    `json:"failed"`
	Skipped     int    `json:"skipped"`
	Refused     int    `json:"refused"`
	Exchanges   int    `json:"exchanges"`
	Findings    int    `json:"findings"`
	Unexpected  int    `json:"unexpected_findings"`
	Unreachable bool   `json:"unreachable,omitempty"`
	Interrupted bool   `json:"interrupted,omitempty"`
}

// Add writes one result.
func (j *JSONLines) Add(r Result) error {
	j.summary.Add(r)
	line := resultLine{Type: "scenario", Result: r, Duration: r.Duration.Seconds()}
	for _, s := range r.Steps {
		line.Steps = append(line.Steps, stepLine{s, s.Duration.Seconds()})
	}
	return j.enc.Encode(line)
}

// Close writes the summary.
func (j *JSONLines) Close() error {
	s := j.summary
	return j.enc.Encode(summaryLine{
		"summary", s.Passed, s.Failed, s.Skipped, s.Refused, s.Exchanges, s.Findings, s.Unexpected, s.Unreachable, s.Interrupted,
	})
}

package marketplace

import (
	"errors"
	"fmt"
)

// ErrNoRoute is a path that the marketplace does not have.
var ErrNoRoute = errors.New("no such path")

// ErrBody is a request body that could not be read to its end.
var ErrBody = errors.New("request body could not be read")

// VerbError is a known path with a verb that it does not have.
type VerbError struct {
	Method  string
	Allowed []string
}

func (e *VerbError) Error() string {
	return fmt.Sprintf("method %s is not one of %v", e.Method, e.Allowed)
}

// TooLargeError is a body beyond the server's limit in bytes.
type TooLargeError struct{ Limit int64 }

func (e *TooLargeError) Error() string { return fmt.Sprintf("request body is over %d bytes", e.Limit) }

// FaultError asks for an answer in the vendor's words because a test wants it.
// RateLimit asks for the vendor's own rate-limit answer. Message "" = the
// vendor's usual text for the status.
type FaultError struct {
	Status    int
	RateLimit bool
	Message   string
}

func (e *FaultError) Error() string {
	if e.RateLimit {
		return "fault: rate limit"
	}
	return fmt.Sprintf("fault: answer %d", e.Status)
}

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.com/marketmock/internal/cli"
)

const pollEvery = 50 * time.Millisecond

// waitCommand is `mockserver wait`.
type waitCommand struct {
	URL     string        `arg:"" help:"URL of the server, e.g. http://127.0.0.1:8080."`
	Timeout time.Duration `default:"30s" help:"How long to wait (${default})."`
}

// Run asks for the server's health until it is well.
func (c *waitCommand) Run(ctx context.Context, con *console) error {
	base, err := url.Parse(c.URL)
	if err != nil || base.Host == "" {
		return &cli.UsageError{Text: fmt.Sprintf("wait: %q is not a URL like http://127.0.0.1:8080", c.URL)}
	}
	health := strings.TrimSuffix(c.URL, "/") + "/_mock/health"
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		err := healthy(ctx, health)
		if err == nil {
			fmt.Fprintf(con.out, "%s is ready\n", c.URL)
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s was not ready within %s: %w", c.URL, c.Timeout, err)
		case <-tick.C:
		}
	}
}

func healthy(ctx context.Context, health string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, health, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("health answered %s", response.Status)
	}
	return nil
}

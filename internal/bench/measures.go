package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// A page of 30 rows is between 6 and 7 kB.
const page = `{"limit":30}`

// rates shows a ratio with the two it is of.
const rates = "%.2f (%.0f to %.0f requests/s)"

// start measures from exec to the first 200, and the memory at that moment.
func (b *bench) start(ctx context.Context) error {
	var millis, mebibytes []float64
	for range 4 * b.rounds {
		p, err := launch(ctx, b.server, "--addr=127.0.0.1:0", "--log-level=error")
		if err != nil {
			return err
		}
		_, err = send(ctx, "POST", p.url+"/v3/chat/list", demo, page)
		took := wall().Sub(p.started)
		memory, errMemory := p.resident()
		p.stop()
		if err != nil {
			return err
		}
		if errMemory != nil {
			return errMemory
		}
		millis = append(millis, float64(took.Microseconds())/1000)
		mebibytes = append(mebibytes, memory)
	}
	b.row("exec to first 200", "50 ms, goal 30", median(millis) <= 50, "%.1f ms", median(millis))
	b.row("resident then", "40 MiB, goal 30", median(mebibytes) <= 40, "%.1f MiB", median(mebibytes))
	return nil
}

// sandboxes measures the creation of one, over HTTP.
func (b *bench) sandboxes(ctx context.Context) error {
	p, err := launch(ctx, b.server, "--addr=127.0.0.1:0", "--log-level=error")
	if err != nil {
		return err
	}
	defer p.stop()
	var millis []float64
	for range 40 * b.rounds {
		began := wall()
		body, err := send(ctx, "POST", p.url+"/_mock/sandboxes", nil, "{}")
		if err != nil {
			return err
		}
		millis = append(millis, float64(wall().Sub(began).Microseconds())/1000)
		var made struct{ Name string }
		if err := json.Unmarshal(body, &made); err != nil {
			return err
		}
		if _, err := send(ctx, "DELETE", p.url+"/_mock/sandboxes/"+made.Name, nil, ""); err != nil {
			return err
		}
	}
	b.row("creating a sandbox", "5 ms", median(millis) <= 5, "%.2f ms", median(millis))
	return nil
}

// throughput compares the mock with a bare handler that answers its bytes.
func (b *bench) throughput(ctx context.Context) error {
	mock, err := b.world(ctx, 1000)
	if err != nil {
		return err
	}
	defer mock.stop()
	body, err := send(ctx, "POST", mock.url+"/v3/chat/list", demo, page)
	if err != nil {
		return err
	}
	file := filepath.Join(b.dir, "answer.json")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		return err
	}
	bare, err := launch(ctx, b.self, "-bare", file)
	if err != nil {
		return err
	}
	defer bare.stop()
	ratio, a, z, err := b.compare(ctx, mock.url, bare.url, page)
	if err != nil {
		return err
	}
	b.row(fmt.Sprintf("a list of %d bytes against a bare Gin handler", len(body)),
		"0.5, goal 0.6", ratio >= 0.5, rates, ratio, a, z)
	return nil
}

// pages compares a page of a large world with one of a small world.
func (b *bench) pages(ctx context.Context) error {
	small, err := b.world(ctx, 100)
	if err != nil {
		return err
	}
	defer small.stop()
	large, err := b.world(ctx, b.chats)
	if err != nil {
		return err
	}
	defer large.stop()
	ratio, a, z, err := b.compare(ctx, small.url, large.url, page)
	if err != nil {
		return err
	}
	b.row(fmt.Sprintf("cost of a page, %d chats against 100", b.chats), "2", ratio <= 2, rates, ratio, a, z)
	const unread = `{"limit":30,"filter":{"unread_only":true}}`
	ratio, a, z, err = b.compare(ctx, small.url, large.url, unread)
	if err != nil {
		return err
	}
	b.row("the same when a filter matches 3", "2", ratio <= 2, rates, ratio, a, z)
	return nil
}

// compare loads two servers in turn and returns the median of the ratios a/z
// with the median rates.
func (b *bench) compare(ctx context.Context, a, z, body string) (ratio, rateA, rateZ float64, err error) {
	var ratios, as, zs []float64
	for range b.rounds {
		ra, err := b.load(ctx, a+"/v3/chat/list", body)
		if err != nil {
			return 0, 0, 0, err
		}
		rz, err := b.load(ctx, z+"/v3/chat/list", body)
		if err != nil {
			return 0, 0, 0, err
		}
		ratios, as, zs = append(ratios, ra/rz), append(as, ra), append(zs, rz)
	}
	return median(ratios), median(as), median(zs), nil
}

// world starts a server with that many chats, three of them unread, and with
// limits that count but never refuse.
func (b *bench) world(ctx context.Context, chats int) (*process, error) {
	file := filepath.Join(b.dir, fmt.Sprintf("world-%d.yaml", chats))
	text := fmt.Sprintf("version: 1\ndescription: a world to measure\nozon:\n  sellers:\n    - name: demo\n"+
		"  generate: {chats: %d, messages: 1..2, unread: 0, seller: demo}\n", chats)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, err
	}
	p, err := launch(ctx, b.server, "--addr=127.0.0.1:0", "--log-level=error", "--fixture="+file)
	if err != nil {
		return nil, err
	}
	if err := b.prepare(ctx, p.url+"/_mock/sandboxes/default"); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func (b *bench) prepare(ctx context.Context, sandbox string) error {
	unlimited := `{"ozon":{"requests-per-second":{"max":-1}}}`
	if _, err := send(ctx, "PATCH", sandbox+"/limits", nil, unlimited); err != nil {
		return err
	}
	body, err := send(ctx, "GET", sandbox+"/ozon/chats?limit=3", nil, "")
	if err != nil {
		return err
	}
	var list struct{ Chats []struct{ ID string } }
	if err := json.Unmarshal(body, &list); err != nil {
		return err
	}
	for _, c := range list.Chats {
		hello := `{"from":"buyer","text":"hello"}`
		if _, err := send(ctx, "POST", sandbox+"/ozon/chats/"+c.ID+"/messages", nil, hello); err != nil {
			return err
		}
	}
	return nil
}

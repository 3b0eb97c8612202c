package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// rates shows a ratio with the two it is of.
const rates = "%.2f (%.0f to %.0f requests/s)"

// start measures from exec to the first 200 of each marketplace, and the memory
// when every one of them has answered.
func (b *bench) start(ctx context.Context) error {
	millis := make([][]float64, len(b.vendors))
	var mebibytes []float64
	for i := range 4 * b.rounds * len(b.vendors) {
		first := i % len(b.vendors)
		took, memory, err := b.startOnce(ctx, first)
		if err != nil {
			return err
		}
		millis[first] = append(millis[first], took)
		mebibytes = append(mebibytes, memory)
	}
	for i, v := range b.vendors {
		b.row(v.title()+": exec to first 200", "50 ms, goal 30", median(millis[i]) <= 50, "%.1f ms", median(millis[i]))
	}
	b.row("resident when each has answered", "40 MiB, goal 30", median(mebibytes) <= 40, "%.1f MiB", median(mebibytes))
	return nil
}

func (b *bench) startOnce(ctx context.Context, first int) (millis, mebibytes float64, err error) {
	p, err := launch(ctx, b.server, "--addr=127.0.0.1:0", "--log-level=error")
	if err != nil {
		return 0, 0, err
	}
	defer p.stop()
	for i := range b.vendors {
		v := b.vendors[(first+i)%len(b.vendors)]
		if _, err := send(ctx, v.method, p.url+v.target(v.page), v.header, v.page.body); err != nil {
			return 0, 0, err
		}
		if i == 0 {
			millis = float64(wall().Sub(p.started).Microseconds()) / 1000
		}
	}
	mebibytes, err = p.resident()
	return millis, mebibytes, err
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
func (b *bench) throughput(ctx context.Context, v vendor) error {
	mock, err := b.world(ctx, v, v.chats)
	if err != nil {
		return err
	}
	defer mock.stop()
	body, err := send(ctx, v.method, mock.url+v.target(v.page), v.header, v.page.body)
	if err != nil {
		return err
	}
	file := filepath.Join(b.dir, "answer.json")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		return err
	}
	bare, err := launch(ctx, b.self, "-bare", file, "-path", v.path)
	if err != nil {
		return err
	}
	defer bare.stop()
	ratio, a, z, err := b.compare(ctx, v, mock.url, bare.url, v.page)
	if err != nil {
		return err
	}
	b.row(fmt.Sprintf("%s: a list of %d bytes against a bare Gin handler", v.title(), len(body)),
		"0.5, goal 0.6", ratio >= 0.5, rates, ratio, a, z)
	return nil
}

// pages compares a page of a large world with one of a small world.
func (b *bench) pages(ctx context.Context, v vendor) error {
	small, err := b.world(ctx, v, 100)
	if err != nil {
		return err
	}
	defer small.stop()
	large, err := b.world(ctx, v, b.chats)
	if err != nil {
		return err
	}
	defer large.stop()
	ratio, a, z, err := b.compare(ctx, v, small.url, large.url, v.page)
	if err != nil {
		return err
	}
	b.row(fmt.Sprintf("%s: cost of a page, %d chats against 100", v.title(), b.chats), "2", ratio <= 2, rates, ratio, a, z)
	ratio, a, z, err = b.compare(ctx, v, small.url, large.url, v.filter)
	if err != nil {
		return err
	}
	b.row(v.title()+": the same when a filter matches 3", "2", ratio <= 2, rates, ratio, a, z)
	return nil
}

// compare loads two servers in turn and returns the median of the ratios a/z
// with the median rates.
func (b *bench) compare(ctx context.Context, v vendor, a, z string, say ask) (ratio, rateA, rateZ float64, err error) {
	var ratios, as, zs []float64
	for range b.rounds {
		ra, err := b.load(ctx, v, a, say)
		if err != nil {
			return 0, 0, 0, err
		}
		rz, err := b.load(ctx, v, z, say)
		if err != nil {
			return 0, 0, 0, err
		}
		ratios, as, zs = append(ratios, ra/rz), append(as, ra), append(zs, rz)
	}
	return median(ratios), median(as), median(zs), nil
}

// world starts a server with that many chats, of which the filter matches three,
// and with limits that count but never refuse.
func (b *bench) world(ctx context.Context, v vendor, chats int) (*process, error) {
	p, err := b.launchWorld(ctx, v, chats)
	if err != nil {
		return nil, err
	}
	if err := b.fill(ctx, p, v); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

func (b *bench) launchWorld(ctx context.Context, v vendor, chats int) (*process, error) {
	file := filepath.Join(b.dir, fmt.Sprintf("%s-%s-%d.yaml", v.name, v.api, chats))
	if err := os.WriteFile(file, []byte(v.fixture(chats)), 0o600); err != nil {
		return nil, err
	}
	return launch(ctx, b.server, "--addr=127.0.0.1:0", "--log-level=error", "--fixture="+file)
}

// matches is how many chats the filter is to find.
const matches = 3

// fill lets buyers write and makes sure of what the filter finds.
func (b *bench) fill(ctx context.Context, p *process, v vendor) error {
	sandbox := p.url + "/_mock/sandboxes/default"
	ids, err := b.prepare(ctx, sandbox, v)
	if err != nil {
		return err
	}
	for _, id := range ids {
		hello := `{"from":"buyer","text":"hello"}`
		if _, err := send(ctx, "POST", sandbox+"/"+v.name+"/chats/"+id+"/messages", nil, hello); err != nil {
			return err
		}
	}
	page, err := send(ctx, v.method, p.url+v.target(v.filter), v.header, v.filter.body)
	if err != nil {
		return err
	}
	if found := v.rows(page); found != matches {
		return fmt.Errorf("the filter finds %d chats, not %d: %s", found, matches, page)
	}
	return nil
}

// prepare raises the limits and names a few chats.
func (b *bench) prepare(ctx context.Context, sandbox string, v vendor) ([]string, error) {
	if len(v.limits) > 0 {
		unlimited, err := json.Marshal(v.unlimited())
		if err != nil {
			return nil, err
		}
		if _, err := send(ctx, "PATCH", sandbox+"/limits", nil, string(unlimited)); err != nil {
			return nil, err
		}
	}
	body, err := send(ctx, "GET", fmt.Sprintf("%s/%s/chats?limit=%d", sandbox, v.name, matches), nil, "")
	if err != nil {
		return nil, err
	}
	var list struct{ Chats []struct{ ID string } }
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	if len(list.Chats) < matches {
		return nil, fmt.Errorf("the world has %d chats", len(list.Chats))
	}
	var ids []string
	for _, c := range list.Chats {
		ids = append(ids, c.ID)
	}
	return ids, nil
}

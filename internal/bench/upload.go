package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"sync"
)

const (
	fileSize    = 5_000_000
	uploaders   = 4
	uploadsEach = 20 // in a round: together less than a sandbox keeps
)

// uploads measures files that are sent as multipart bodies, and what the server's
// memory grows by meanwhile.
func (b *bench) uploads(ctx context.Context, v vendor) error {
	p, err := b.launchWorld(ctx, v, 100)
	if err != nil {
		return err
	}
	defer p.stop()
	var rates []float64
	growth := 0.0
	for round := range b.rounds + 1 { // the first one is for warmth
		rate, grown, err := b.uploadRound(ctx, p, v)
		if err != nil {
			return err
		}
		if round > 0 {
			rates, growth = append(rates, rate), max(growth, grown)
		}
	}
	b.row(fmt.Sprintf("%s: uploads of %d MB over %d connections", v.title(), fileSize/1_000_000, uploaders),
		"200 MB/s", median(rates) >= 200, "%.0f MB/s", median(rates))
	b.row(v.title()+": resident growth meanwhile", "20 MiB", growth <= 20, "%.1f MiB", growth)
	return nil
}

// uploadRound sends files into one chat of a world that is as new and returns
// millions of bytes per second and the growth in MiB.
func (b *bench) uploadRound(ctx context.Context, p *process, v vendor) (rate, growth float64, err error) {
	sandbox := p.url + "/_mock/sandboxes/default"
	if _, err := send(ctx, "POST", sandbox+"/reset", nil, ""); err != nil { // drops the files of the round before
		return 0, 0, err
	}
	ids, err := b.prepare(ctx, sandbox, v)
	if err != nil {
		return 0, 0, err
	}
	request, err := uploadRequest(p.address(), v.uploadTarget(ids[0]), v.header)
	if err != nil {
		return 0, 0, err
	}
	if err := p.forgetPeak(); err != nil {
		return 0, 0, err
	}
	before, err := p.resident()
	if err != nil {
		return 0, 0, err
	}
	began := wall()
	if err := sendAll(ctx, p.address(), request, uploaders, uploadsEach); err != nil {
		return 0, 0, err
	}
	took := wall().Sub(began)
	after, err := p.resident()
	return fileSize * uploaders * uploadsEach / 1e6 / took.Seconds(), after - before, err
}

// uploadRequest is the bytes of a request with one file in the part "file".
func uploadRequest(host, target string, header map[string]string) ([]byte, error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="photo.png"`}, "Content-Type": {"image/png"},
	})
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(part, io.LimitReader(io.MultiReader(strings.NewReader(picture), pattern{}), fileSize)); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nContent-Type: %s\r\n",
		target, host, form.Len(), w.FormDataContentType())
	for name, value := range header {
		if name != "Content-Type" {
			fmt.Fprintf(&out, "%s: %s\r\n", name, value)
		}
	}
	out.WriteString("\r\n")
	out.Write(form.Bytes())
	return out.Bytes(), nil
}

// picture is how a PNG of one pixel begins: a vendor may look.
const picture = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x04\x00\x00\x00\xb5\x1c\x0c\x02"

// pattern reads as bytes without a line of hyphens.
type pattern struct{}

func (pattern) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte('a' + i%26)
	}
	return len(p), nil
}

// sendAll writes the same request again and again on a number of connections.
func sendAll(ctx context.Context, address string, request []byte, connections, each int) error {
	var group sync.WaitGroup
	errs := make([]error, connections)
	for i := range connections {
		group.Go(func() { errs[i] = sendEach(ctx, address, request, each) })
	}
	group.Wait()
	return errors.Join(errs...)
}

func sendEach(ctx context.Context, address string, request []byte, times int) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }() // everything is read by then
	stop := context.AfterFunc(ctx, func() { _ = connection.Close() })
	defer stop()
	reader := bufio.NewReader(connection)
	for range times {
		if _, err := connection.Write(request); err != nil {
			return err
		}
		if err := readOK(reader); err != nil {
			return err
		}
	}
	return nil
}

func readOK(reader *bufio.Reader) error {
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("upload: %s: %s", response.Status, strings.TrimSpace(string(answer)))
	}
	return err
}

package shop

import (
	"encoding/binary"
	"errors"
	"io"
	"time"
)

// movie is what the head of an MP4 tells.
type movie struct {
	width, height int // of the first track that has a size
	length        time.Duration
}

var errNoMovie = errors.New("no MP4 with a movie header")

// Boxes of an MP4.
const (
	boxFileType    = "ftyp"
	boxMovie       = "moov"
	boxMovieHeader = "mvhd"
	boxTrack       = "trak"
	boxTrackHeader = "tkhd"
)

// maxBoxes bounds how many boxes of a file are looked at.
const maxBoxes = 10_000

// readMovie reads the head of an MP4. Claim shopee/video-length.
func readMovie(r io.ReadSeeker) (movie, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return movie{}, err
	}
	walk := walker{r: r}
	if err := walk.boxes(0, size, 0); err != nil {
		return movie{}, err
	}
	if !walk.typed || !walk.headed {
		return movie{}, errNoMovie
	}
	return walk.movie, nil
}

// walker goes through the boxes of a file.
type walker struct {
	r      io.ReadSeeker
	seen   int
	typed  bool // there is a file type
	headed bool // there is a movie header
	movie  movie
}

// boxes reads those between two places in the file, and those inside of a movie
// and its tracks.
func (w *walker) boxes(from, to int64, depth int) error {
	const head, headLong = 8, 16
	for from+head <= to {
		if w.seen++; w.seen > maxBoxes {
			return errNoMovie
		}
		raw, err := w.read(from, min(headLong, to-from))
		if err != nil {
			return err
		}
		size, inner := int64(binary.BigEndian.Uint32(raw)), int64(head)
		switch {
		case size == 0:
			size = to - from
		case size == 1 && len(raw) == headLong:
			size, inner = int64(binary.BigEndian.Uint64(raw[head:])), headLong
		}
		if size < inner || size > to-from {
			return errNoMovie
		}
		if err := w.box(string(raw[4:head]), from+inner, from+size, depth); err != nil {
			return err
		}
		from += size
	}
	return nil
}

func (w *walker) box(kind string, from, to int64, depth int) error {
	switch {
	case kind == boxFileType && depth == 0:
		w.typed = true
	case kind == boxMovie && depth == 0, kind == boxTrack && depth == 1:
		return w.boxes(from, to, depth+1)
	case kind == boxMovieHeader && depth == 1:
		return w.header(from, to)
	case kind == boxTrackHeader && depth == 2:
		return w.track(to)
	}
	return nil
}

// header reads the length: seconds times a scale, in 32 or 64 bits.
func (w *walker) header(from, to int64) error {
	const short, long = 20, 32
	raw, err := w.read(from, min(long, to-from))
	if err != nil || len(raw) < short {
		return errNoMovie
	}
	scale, length := binary.BigEndian.Uint32(raw[12:]), uint64(binary.BigEndian.Uint32(raw[16:]))
	if raw[0] == 1 {
		if len(raw) < long {
			return errNoMovie
		}
		scale, length = binary.BigEndian.Uint32(raw[20:]), binary.BigEndian.Uint64(raw[24:])
	}
	if scale == 0 {
		return errNoMovie
	}
	w.headed = true
	w.movie.length = maxLength + time.Second // of a film that lasts longer
	if seconds := float64(length) / float64(scale); seconds <= maxLength.Seconds() {
		w.movie.length = time.Duration(seconds * float64(time.Second))
	}
	return nil
}

// track reads the size, which stands at the end of the header in units of 1/65536
// of a pixel.
func (w *walker) track(to int64) error {
	const sizes = 8
	raw, err := w.read(to-sizes, sizes)
	if err != nil {
		return err
	}
	if w.movie.width == 0 {
		w.movie.width, w.movie.height = int(binary.BigEndian.Uint16(raw)), int(binary.BigEndian.Uint16(raw[4:]))
	}
	return nil
}

func (w *walker) read(from, n int64) ([]byte, error) {
	raw := make([]byte, max(n, 0))
	if _, err := w.r.Seek(from, io.SeekStart); err != nil {
		return nil, errNoMovie
	}
	if _, err := io.ReadFull(w.r, raw); err != nil {
		return nil, errNoMovie
	}
	return raw, nil
}

// clip is an MP4 of 15 seconds and nothing in it, for films that only a fixture
// tells of.
const clip = "\x00\x00\x00\x10ftypisom\x00\x00\x00\x00" +
	"\x00\x00\x00\x74moov\x00\x00\x00\x6cmvhd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\xe8\x00\x00\x3a\x98" +
	"\x00\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02"

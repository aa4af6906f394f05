package routing

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

const (
	// packFrom is the size from which a part of a decision is stored packed. Among 200 agents the parts of one are sixty kilobytes that
	// say almost the same of everybody: written as they are, they were most of what an offer wrote.
	packFrom = 1 << 10
	// packedMark begins a packed part; JSON of ours begins with a brace.
	packedMark = "deflate:"
	// mostUnpacked bounds what a damaged row can do.
	mostUnpacked = 64 << 20
)

var packers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant of the library
	}
	return w
}}

// pack returns a part of a decision as it is stored.
func pack(text []byte) string {
	if len(text) < packFrom {
		return string(text)
	}
	w, ok := packers.Get().(*flate.Writer)
	if !ok {
		return string(text)
	}
	defer packers.Put(w)
	var packed bytes.Buffer
	w.Reset(&packed)
	_, err := w.Write(text)
	if err = errors.Join(err, w.Close()); err != nil {
		return string(text) // a buffer takes everything
	}
	return packedMark + base64.RawStdEncoding.EncodeToString(packed.Bytes())
}

// unpack is the reverse of pack.
func unpack(stored string) ([]byte, error) {
	rest, packed := strings.CutPrefix(stored, packedMark)
	if !packed {
		return []byte(stored), nil
	}
	data := flate.NewReader(base64.NewDecoder(base64.RawStdEncoding, strings.NewReader(rest)))
	text, err := io.ReadAll(io.LimitReader(data, mostUnpacked))
	if err = errors.Join(err, data.Close()); err != nil {
		return nil, fmt.Errorf("routing: unpack: %w", err)
	}
	return text, nil
}

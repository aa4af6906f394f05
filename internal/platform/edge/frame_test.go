package edge

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gobwas/ws"
	"pgregory.net/rapid"
)

// found records what a parser reports.
type found struct {
	items     []string
	fragments int
	bad       *violation
}

func (f *found) message(text []byte) bool {
	f.items = append(f.items, "text "+string(text))
	return true
}

func (f *found) fragment() bool {
	f.fragments++
	return true
}

func (f *found) control(op ws.OpCode, payload []byte) bool {
	f.items = append(f.items, "control "+string(rune('0'+op))+" "+string(payload))
	return op != ws.OpClose
}

func (f *found) violated(v *violation) { f.bad = v }

const parseLimit = 1 << 10

// parse feeds data in pieces of the given sizes, the last one for all that is left, and checks what holds for any input.
func parse(t rapid.TB, data []byte, sizes ...int) found {
	var p parser
	var f found
	for i := 0; len(data) > 0; i++ {
		n := len(data)
		if i < len(sizes) {
			n = min(max(sizes[i], 1), n)
		}
		going := p.feed(slices.Clone(data[:n]), parseLimit, &f)
		data = data[n:]
		if p.in != nil && (len(p.in.message) > parseLimit || len(p.in.rest) > parseLimit+14) {
			t.Fatalf("holds %d and %d bytes", len(p.in.message), len(p.in.rest))
		}
		if !going {
			break
		}
	}
	for _, item := range f.items {
		text, isText := strings.CutPrefix(item, "text ")
		if isText && (len(text) > parseLimit || !utf8.ValidString(text)) {
			t.Fatalf("let through %q", item)
		}
	}
	if f.bad != nil && f.bad.code != CodeProtocol && f.bad.code != CodeTooLarge {
		t.Fatalf("code %d", f.bad.code)
	}
	return f
}

func FuzzParser(f *testing.F) {
	f.Add(masked(ws.OpText, true, "hello"), 3)
	f.Add(append(masked(ws.OpText, false, "he"), masked(ws.OpContinuation, true, "llo")...), 1)
	f.Add(append(masked(ws.OpText, false, ""), bytes.Repeat(masked(ws.OpContinuation, false, ""), 2*maxPieces)...), 6)
	f.Add(append(masked(ws.OpText, false, "he"), masked(ws.OpPing, true, "?")...), 9)
	f.Add(append(masked(ws.OpPing, true, ""), masked(ws.OpClose, true, "\x03\xe8bye")...), 2)
	f.Add(masked(ws.OpText, true, strings.Repeat("x", parseLimit)), 130)
	f.Add(masked(ws.OpText, true, strings.Repeat("x", parseLimit+1)), 130)
	f.Add(masked(ws.OpBinary, true, "\x00"), 1)
	f.Add(ws.MustCompileFrame(ws.NewTextFrame([]byte("unmasked"))), 4)
	f.Add([]byte{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4}, 5)
	f.Add([]byte{0xc1, 0x80, 0, 0, 0, 0}, 1)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		whole := parse(t, data)
		pieces := make([]int, len(data))
		for i := range pieces {
			pieces[i] = 1 + (max(size, 0)+i*7)%300
		}
		for _, sizes := range [][]int{pieces, slices.Repeat([]int{1}, len(data))} {
			torn := parse(t, data, sizes...)
			if !slices.Equal(torn.items, whole.items) {
				t.Fatalf("torn %q, whole %q", torn.items, whole.items)
			}
			if (torn.bad == nil) != (whole.bad == nil) || torn.bad != nil && torn.bad.code != whole.bad.code {
				t.Fatalf("torn %v, whole %v", torn.bad, whole.bad)
			}
		}
	})
}

func TestParser_FindsWhatWasFramed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		var want []string
		for range rapid.IntRange(0, 10).Draw(t, "messages") {
			text := rapid.StringN(-1, -1, parseLimit).Draw(t, "text")
			want = append(want, "text "+text)
			op := ws.OpText
			for rapid.Bool().Draw(t, "fragment") && text != "" {
				cut := rapid.IntRange(0, len(text)).Draw(t, "cut")
				data = append(data, masked(op, false, text[:cut])...)
				text, op = text[cut:], ws.OpContinuation
			}
			data = append(data, masked(op, true, text)...)
		}
		sizes := rapid.SliceOf(rapid.IntRange(1, 200)).Draw(t, "sizes")
		got := parse(t, data, sizes...)
		if got.bad != nil || !slices.Equal(got.items, want) {
			t.Fatalf("got %q %v, want %q", got.items, got.bad, want)
		}
	})
}

func TestParser_AMessageEnds(t *testing.T) {
	piece := masked(ws.OpContinuation, false, "")
	last := masked(ws.OpContinuation, true, "!")
	most := append(masked(ws.OpText, false, "a"), bytes.Repeat(piece, maxPieces-2)...)
	most = append(most, last...)
	// Twice, so that what a message came in does not count for the next.
	if f := parse(t, append(slices.Clone(most), most...)); f.bad != nil || !slices.Equal(f.items, []string{"text a!", "text a!"}) {
		t.Errorf("%d frames: %q %v", maxPieces, f.items, f.bad)
	}
	endless := append(masked(ws.OpText, false, "a"), bytes.Repeat(piece, 100_000)...)
	if f := parse(t, endless); f.bad == nil || f.bad.code != CodeProtocol || f.fragments >= maxPieces {
		t.Errorf("%v after %d pieces of 100,000", f.bad, f.fragments)
	}
}

func TestParser_ForgetsWhenIdle(t *testing.T) {
	var p parser
	var f found
	data := append(masked(ws.OpText, false, "he"), masked(ws.OpContinuation, true, "llo")...)
	for i := range data {
		p.feed([]byte{data[i]}, parseLimit, &f)
	}
	if len(f.items) != 1 || p.in != nil {
		t.Fatalf("%q, holds %+v", f.items, p.in)
	}
}

func TestAppendFrame_IsWhatClientsRead(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 1<<16 - 1, 1 << 16, 1<<16 + 1} {
		payload := bytes.Repeat([]byte("x"), n)
		in := bytes.NewReader(appendFrame(nil, ws.OpText, payload))
		h, err := ws.ReadHeader(in)
		if err != nil || h.Length != int64(n) || !h.Fin || h.Masked || h.OpCode != ws.OpText || in.Len() != n {
			t.Errorf("%d bytes: %+v, %d left, %v", n, h, in.Len(), err)
		}
	}
}

func TestClosePayload_CutsReasonsBetweenCharacters(t *testing.T) {
	payload := closePayload(CodeProtocol, strings.Repeat("x", 122)+"ã")
	if len(payload) != 124 || !utf8.Valid(payload[2:]) {
		t.Fatalf("%d bytes", len(payload))
	}
	if closePayload(0, "unsaid") != nil {
		t.Fatal("code 0 has no payload")
	}
}

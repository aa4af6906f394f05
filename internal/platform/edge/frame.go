package edge

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// violation is why a connection is closed by the parser: the close code and a short reason for the peer.
type violation struct {
	code   int
	reason string
}

func (v *violation) Error() string { return v.reason }

var errTooLarge = &violation{CodeTooLarge, "message too large"}

func malformed(reason string) *violation { return &violation{CodeProtocol, reason} }

// parseHeader reads the frame header (RFC 6455, 5.2) at the start of data. size is the header's length in bytes, 0 while it is incomplete;
// what is wrong is told as early as it can be seen.
func parseHeader(data []byte, fragmented bool, room int) (h ws.Header, size int, err *violation) {
	if len(data) < 2 {
		return h, 0, nil
	}
	h.Fin = data[0]&0x80 != 0
	h.Rsv = data[0] & 0x70 >> 4
	h.OpCode = ws.OpCode(data[0] & 0x0f)
	h.Masked = data[1]&0x80 != 0
	h.Length = int64(data[1] & 0x7f)

	state := ws.StateServerSide
	if fragmented {
		state = state.Set(ws.StateFragmented)
	}
	if bad := ws.CheckHeader(h, state); bad != nil {
		return h, 0, malformed(bad.Error())
	}
	if h.OpCode == ws.OpBinary {
		return h, 0, malformed("binary frames are not spoken here")
	}

	size = 2 + lengthBytes(h.Length) + len(h.Mask)
	if len(data) < size {
		return h, 0, nil
	}
	var smallest int64
	switch h.Length {
	case 126:
		h.Length, smallest = int64(binary.BigEndian.Uint16(data[2:])), 126
	case 127:
		h.Length, smallest = int64(binary.BigEndian.Uint64(data[2:])), 1<<16 // negative when the highest bit is set
	}
	if h.Length < smallest {
		return h, 0, malformed("length not in its shortest form")
	}
	if h.OpCode.IsData() && h.Length > int64(room) {
		return h, 0, errTooLarge
	}
	copy(h.Mask[:], data[size-len(h.Mask):size])
	return h, size, nil
}

func lengthBytes(first int64) int {
	switch first {
	case 126:
		return 2
	case 127:
		return 8
	}
	return 0
}

// maxPieces is how many frames one message may come in. No sender needs it; a message that never ends is one that costs and says nothing.
const maxPieces = 128

// inbound is what a connection remembers between two reads; it exists only while a frame or a fragmented message is incomplete.
type inbound struct {
	rest    []byte // an incomplete frame, as received
	message []byte // the fragments so far, unmasked
	open    bool   // between the first fragment and the last
	pieces  int    // the fragments so far
}

// parser turns bytes into messages. It is used by one goroutine at a time.
type parser struct {
	in *inbound
}

// receiver takes what the parser finds. The bytes are valid only during the call; false ends the parsing for good.
type receiver interface {
	message(text []byte) bool
	// fragment is a frame that ends no message, whatever it holds.
	fragment() bool
	control(op ws.OpCode, payload []byte) bool
	violated(v *violation)
}

// feed parses data, which it overwrites. Incomplete frames are kept for the next call. It returns false when the connection is done.
func (p *parser) feed(data []byte, limit int, to receiver) bool {
	if p.in != nil && len(p.in.rest) > 0 {
		p.in.rest = append(p.in.rest, data...)
		data = p.in.rest
	}
	for len(data) > 0 {
		fragmented, room := false, limit
		if p.in != nil {
			fragmented, room = p.in.open, limit-len(p.in.message)
		}
		h, size, bad := parseHeader(data, fragmented, room)
		if bad != nil {
			to.violated(bad)
			return false
		}
		if size == 0 || int64(len(data)-size) < h.Length {
			break
		}
		end := size + int(h.Length)
		payload := data[size:end]
		ws.Cipher(payload, h.Mask, 0)
		data = data[end:]
		if !p.frame(h, payload, to) {
			return false
		}
	}
	p.keep(data)
	return true
}

func (p *parser) frame(h ws.Header, payload []byte, to receiver) bool {
	if h.OpCode.IsControl() {
		return to.control(h.OpCode, payload)
	}
	if h.OpCode == ws.OpText && h.Fin {
		return text(payload, to)
	}
	if p.in == nil {
		p.in = &inbound{}
	}
	p.in.message = append(p.in.message, payload...)
	p.in.open = !h.Fin
	if p.in.open {
		if p.in.pieces++; p.in.pieces >= maxPieces {
			to.violated(malformed("a message in too many frames"))
			return false
		}
		return to.fragment()
	}
	whole := p.in.message
	p.in.message, p.in.pieces = nil, 0
	return text(whole, to)
}

func text(payload []byte, to receiver) bool {
	if !utf8.Valid(payload) {
		to.violated(malformed("text that is not UTF-8"))
		return false
	}
	return to.message(payload)
}

// keep remembers an incomplete frame, or forgets everything when there is none. The buffer grows with what really arrived, never with what a
// header announces.
func (p *parser) keep(rest []byte) {
	if len(rest) == 0 && (p.in == nil || !p.in.open) {
		p.in = nil
		return
	}
	if p.in == nil {
		p.in = &inbound{}
	}
	if len(rest) == 0 {
		p.in.rest = nil
		return
	}
	p.in.rest = append(p.in.rest[:0], rest...) // rest may be the tail of the same array: append copies like copy does
}

// appendFrame appends one unmasked, final frame.
func appendFrame(dst []byte, op ws.OpCode, payload []byte) []byte {
	dst = append(dst, 0x80|byte(op))
	switch n := len(payload); {
	case n < 126:
		dst = append(dst, byte(n))
	case n < 1<<16:
		dst = binary.BigEndian.AppendUint16(append(dst, 126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, 127), uint64(n))
	}
	return append(dst, payload...)
}

// closePayload is the body of a close frame; empty for code 0. A reason over 123 bytes is cut.
func closePayload(code int, reason string) []byte {
	if code == 0 {
		return nil
	}
	for len(reason) > ws.MaxControlFramePayloadSize-2 {
		_, size := utf8.DecodeLastRuneInString(reason)
		reason = reason[:len(reason)-size]
	}
	return ws.NewCloseFrameBody(ws.StatusCode(code), reason)
}

// parseClose returns the code of a close frame's body, 0 for an empty one.
func parseClose(payload []byte) (code int, bad *violation) {
	if len(payload) == 0 {
		return 0, nil
	}
	if len(payload) == 1 {
		return 0, malformed("close frame of one byte")
	}
	code = int(binary.BigEndian.Uint16(payload))
	if err := ws.CheckCloseFrameData(ws.StatusCode(code), string(payload[2:])); err != nil {
		return 0, malformed(err.Error())
	}
	if code >= 5000 {
		return 0, malformed("close code out of range")
	}
	return code, nil
}

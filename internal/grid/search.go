package grid

import (
	"bytes"

	"github.com/aceno-chat/aceno/internal/visitor"
)

// search finds the rows in which every word of a text stands somewhere.
type search struct {
	words [][]byte // folded; at most MaxWords
	// known remembers which words stand in a text that many rows share, a bit for each.
	known  map[visitor.Text]uint64
	buffer []byte
}

// maxKnown bounds what a search remembers; it forgets everything then.
const maxKnown = 1 << 16

// longestKnown is how long a text may be to be remembered, in bytes: pages say what they like, and it would stay.
const longestKnown = 512

func (s *search) finds(r *row) bool {
	if len(s.words) == 0 {
		return true
	}
	missing := uint64(1)<<len(s.words) - 1 // of 64 words: 1<<64 is 0, and 0−1 every bit
	for i := range columns {
		c := &columns[i]
		switch {
		case c.searched != nil:
			missing &^= s.inText(c.searched(r))
		case c.appendSearched != nil:
			s.buffer = c.appendSearched(s.buffer[:0], r)
			missing &^= s.inBuffer()
		}
		if missing == 0 {
			return true
		}
	}
	return false
}

func (s *search) inText(t visitor.Text) uint64 {
	if t == (visitor.Text{}) {
		return 0
	}
	found, ok := s.known[t]
	if !ok {
		s.buffer = appendFold(s.buffer[:0], t.String())
		found = s.inBuffer()
		if len(t.String()) > longestKnown {
			return found
		}
		if s.known == nil || len(s.known) == maxKnown {
			s.known = map[visitor.Text]uint64{}
		}
		s.known[t] = found
	}
	return found
}

func (s *search) inBuffer() (found uint64) {
	if len(s.buffer) == 0 {
		return 0
	}
	for i, word := range s.words {
		if bytes.Contains(s.buffer, word) {
			found |= 1 << i
		}
	}
	return found
}

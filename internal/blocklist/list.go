package blocklist

import (
	"net/netip"
	"slices"
)

// list is what is blocked in one account. Looking up costs one probe for each length of range in use, however many blocks there are.
type list struct {
	byID     map[string]Block
	byPrefix map[netip.Prefix]Block
	// lengths counts the ranges by family and length.
	lengths map[length]int
}

type length struct {
	ipv4 bool
	bits int
}

func newList() *list {
	return &list{byID: make(map[string]Block), byPrefix: make(map[netip.Prefix]Block), lengths: make(map[length]int)}
}

func (l *list) put(b Block) {
	prefix, ok := ParseAddress(b.Address)
	if !ok {
		return // Check has let only good ones in
	}
	l.drop(b.ID)
	if old, ok := l.byPrefix[prefix]; ok {
		l.drop(old.ID)
	}
	l.byID[b.ID], l.byPrefix[prefix] = b, b
	l.lengths[lengthOf(prefix)]++
}

func (l *list) drop(id string) {
	b, ok := l.byID[id]
	if !ok {
		return
	}
	prefix, _ := ParseAddress(b.Address)
	delete(l.byID, id)
	delete(l.byPrefix, prefix)
	if n := lengthOf(prefix); l.lengths[n] == 1 {
		delete(l.lengths, n)
	} else {
		l.lengths[n]--
	}
}

func lengthOf(p netip.Prefix) length { return length{p.Addr().Is4(), p.Bits()} }

// find returns a block in effect at now that holds the address.
func (l *list) find(addr netip.Addr, now int64) (Block, bool) {
	addr = addr.Unmap().WithZone("")
	for n := range l.lengths {
		if n.ipv4 != addr.Is4() {
			continue
		}
		prefix, err := addr.Prefix(n.bits)
		if err != nil {
			continue // no such address
		}
		if b, ok := l.byPrefix[prefix]; ok && !b.endedBy(now) {
			return b, true
		}
	}
	return Block{}, false
}

// nextEnd returns when the next block ends by itself after now; 0 for never.
func (l *list) nextEnd(now int64) int64 {
	var next int64
	for _, b := range l.byID {
		if b.ExpiresAt != nil && *b.ExpiresAt > now && (next == 0 || *b.ExpiresAt < next) {
			next = *b.ExpiresAt
		}
	}
	return next
}

// all returns the blocks, the newest first.
func (l *list) all() []Block {
	blocks := make([]Block, 0, len(l.byID))
	for _, b := range l.byID {
		blocks = append(blocks, b)
	}
	slices.SortFunc(blocks, func(a, b Block) int {
		switch {
		case a.CreatedAt != b.CreatedAt && a.CreatedAt > b.CreatedAt, a.CreatedAt == b.CreatedAt && a.ID > b.ID:
			return -1
		}
		return 1
	})
	return blocks
}

package geo

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"net/netip"
	"sort"
	"strings"
)

// countries stays a string so that it is read in place from the program file: no start-up work and no heap.
//
//go:embed country.bin
var countries string

// BlockSize is how many entries of country.bin share one line of its index.
const BlockSize = 64

// Magic begins country.bin. The last character is the version of the layout.
const Magic = "ACGEO1"

var errTable = errors.New("malformed country table")

// table is country.bin: two lists of networks in ascending order, each network reaching to the next one.
//
//	magic · u8 number of countries · that many two-letter codes ("\x00\x00" is nobody's)
//	for IPv4, then IPv6:  u32 blocks · u32 length of entries · per block: u64 first key, u32 offset · entries: uvarint delta, u8 country
//
// A key is the upper 24 bits of an IPv4 address or the upper 48 bits of an IPv6 address. Integers are big-endian.
type table struct {
	codes  string
	v4, v6 family
}

type family struct {
	blocks  int
	index   string
	entries string
}

const indexLine = 12

func parseTable(data string) (*table, error) {
	if !strings.HasPrefix(data, Magic) || len(data) <= len(Magic) {
		return nil, errTable
	}
	data = data[len(Magic):]
	codes := int(data[0]) * 2
	if len(data) < 1+codes {
		return nil, errTable
	}
	t := &table{codes: data[1 : 1+codes]}
	data = data[1+codes:]
	for _, f := range []*family{&t.v4, &t.v6} {
		if len(data) < 8 {
			return nil, errTable
		}
		f.blocks = int(number(data[:4]))
		length, index := int(number(data[4:8])), f.blocks*indexLine
		if len(data) < 8+index+length {
			return nil, errTable
		}
		f.index, f.entries = data[8:8+index], data[8+index:8+index+length]
		data = data[8+index+length:]
	}
	return t, nil
}

func (t *table) lookup(addr netip.Addr) string {
	var country int
	if addr.Is4() {
		b := addr.As4()
		country = t.v4.lookup(uint64(binary.BigEndian.Uint32(b[:])) >> 8)
	} else {
		b := addr.As16()
		country = t.v6.lookup(binary.BigEndian.Uint64(b[:8]) >> 16)
	}
	if country < 0 || country*2+2 > len(t.codes) || t.codes[country*2] == 0 {
		return ""
	}
	return t.codes[country*2 : country*2+2]
}

// lookup answers the country number of the network that key is in, −1 before the first.
func (f *family) lookup(key uint64) int {
	block := sort.Search(f.blocks, func(i int) bool { return number(f.index[i*indexLine:i*indexLine+8]) > key }) - 1
	if block < 0 {
		return -1
	}
	line := f.index[block*indexLine : (block+1)*indexLine]
	at, offset, country := number(line[:8]), int(number(line[8:])), -1
	for i := 0; i < BlockSize && offset < len(f.entries); i++ {
		delta, n := uvarint(f.entries[offset:])
		if n == 0 || offset+n >= len(f.entries) {
			return -1
		}
		if at += delta; at > key {
			break
		}
		country = int(f.entries[offset+n])
		offset += n + 1
	}
	return country
}

func number(s string) uint64 {
	var v uint64
	for i := range len(s) {
		v = v<<8 | uint64(s[i])
	}
	return v
}

// uvarint is binary.Uvarint over a string; n is 0 when s ends too soon.
func uvarint(s string) (v uint64, n int) {
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		v |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// Command pack writes country.bin from a country database in MaxMind DB format. It is run by scripts/geo.sh.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"os"

	"github.com/oschwald/maxminddb-golang/v2"

	"github.com/aceno-chat/aceno/internal/platform/geo"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pack DATABASE.mmdb >OUTPUT")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func run(from string, to io.Writer) error {
	db, err := maxminddb.Open(from)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer func() { _ = db.Close() }()
	codes := &codeTable{numbers: map[string]byte{"": 0}, text: "\x00\x00"}
	v4, v6 := list{shift: 8}, list{shift: 16}
	for result := range db.Networks(maxminddb.IncludeNetworksWithoutData()) {
		var record struct {
			Country string `maxminddb:"country_code"`
		}
		if result.Found() {
			if err := result.Decode(&record); err != nil {
				return fmt.Errorf("decode %s: %w", result.Prefix(), err)
			}
		}
		number, err := codes.number(record.Country)
		if err != nil {
			return err
		}
		if prefix := result.Prefix(); prefix.Addr().Is4() {
			v4.add(prefix, number)
		} else {
			v6.add(prefix, number)
		}
	}
	out := append([]byte(geo.Magic), byte(len(codes.text)/2))
	out = append(out, codes.text...)
	out = v4.appendTo(out)
	out = v6.appendTo(out)
	if _, err := to.Write(out); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	fmt.Fprintf(os.Stderr, "%d IPv4 and %d IPv6 networks, %d countries, %d bytes\n", len(v4.entries), len(v6.entries), len(codes.numbers)-1, len(out))
	return nil
}

type codeTable struct {
	numbers map[string]byte
	text    string
}

func (c *codeTable) number(code string) (byte, error) {
	if n, ok := c.numbers[code]; ok {
		return n, nil
	}
	if len(code) != 2 || len(c.numbers) == 256 {
		return 0, fmt.Errorf("unusable country code %q", code)
	}
	n := byte(len(c.numbers))
	c.numbers[code] = n
	c.text += code
	return n, nil
}

type entry struct {
	key     uint64
	country byte
}

// list gathers the networks of one family, which come in ascending order. Networks smaller than a key keep the first one's country.
type list struct {
	shift   int
	entries []entry
}

func (l *list) add(prefix netip.Prefix, country byte) {
	var key uint64
	if b := prefix.Addr().AsSlice(); len(b) == 4 {
		key = uint64(binary.BigEndian.Uint32(b)) >> l.shift
	} else {
		key = binary.BigEndian.Uint64(b[:8]) >> l.shift
	}
	if n := len(l.entries); n > 0 && (l.entries[n-1].key == key || l.entries[n-1].country == country) {
		return
	}
	l.entries = append(l.entries, entry{key, country})
}

func (l *list) appendTo(out []byte) []byte {
	var index, entries []byte
	var last uint64
	for i, e := range l.entries {
		if i%geo.BlockSize == 0 {
			index = binary.BigEndian.AppendUint64(index, e.key)
			index = binary.BigEndian.AppendUint32(index, uint32(len(entries)))
			last = e.key
		}
		entries = append(binary.AppendUvarint(entries, e.key-last), e.country)
		last = e.key
	}
	out = binary.BigEndian.AppendUint32(out, uint32(len(index)/12))
	out = binary.BigEndian.AppendUint32(out, uint32(len(entries)))
	return append(append(out, index...), entries...)
}

package geo

import (
	"net/netip"
	"testing"
)

func FuzzParseTable(f *testing.F) {
	f.Add(Magic)
	f.Add(Magic + "\x01BR")
	f.Add(countries[:4096])
	f.Add(Magic + "\x02\x00\x00BR" +
		"\x00\x00\x00\x01\x00\x00\x00\x04" + "\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00" + "\x00\x01\x02\x00" +
		"\x00\x00\x00\x00\x00\x00\x00\x00")
	f.Fuzz(func(t *testing.T, data string) {
		table, err := parseTable(data)
		if err != nil {
			return
		}
		for _, address := range []string{"0.0.5.1", "0.0.7.1", "255.255.255.255", "::", "2001:db8::1"} {
			if code := table.lookup(netip.MustParseAddr(address)); code != "" && len(code) != 2 {
				t.Errorf("%s: %q", address, code)
			}
		}
	})
}

func TestParseTable_RefusesCutOff(t *testing.T) {
	for _, length := range []int{0, 3, 6, 7, 100, 600, len(countries) / 2, len(countries) - 1} {
		if _, err := parseTable(countries[:length]); err == nil {
			t.Errorf("took %d bytes of %d", length, len(countries))
		}
	}
}

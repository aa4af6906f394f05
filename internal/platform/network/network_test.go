package network_test

import (
	"net/netip"
	"testing"

	"github.com/aceno-chat/aceno/internal/platform/network"
)

func TestOf(t *testing.T) {
	for _, row := range []struct{ address, of, counted, name string }{
		{"203.0.113.7", "203.0.113.7/32", "203.0.113.7/32", "203.0.113.7"},
		{"::ffff:203.0.113.7", "203.0.113.7/32", "203.0.113.7/32", "203.0.113.7"},
		{"2001:db8:1:2:ffff::7", "2001:db8:1:2::/64", "2001:db8:1:2::/64", "2001:db8:1:2::/64"},
		{"fe80::1%eth0", "fe80::/64", "fe80::/64", "fe80::/64"},
		{"127.0.0.1", "127.0.0.1/32", "invalid Prefix", "127.0.0.1"},
		{"::ffff:127.0.0.1", "127.0.0.1/32", "invalid Prefix", "127.0.0.1"},
		{"::1", "::/64", "invalid Prefix", "::/64"},
		{"", "invalid Prefix", "invalid Prefix", ""},
	} {
		address, _ := netip.ParseAddr(row.address)
		of, counted := network.Of(address), network.Counted(address)
		if of.String() != row.of || counted.String() != row.counted || network.Name(of) != row.name {
			t.Errorf("%q: %s, counted %s, called %q; want %+v", row.address, of, counted, network.Name(of), row)
		}
	}
}

package edge

import (
	"net/netip"
	"testing"
)

func TestKeyOf_CountsHouseholds(t *testing.T) {
	same := func(a, b string) bool { return keyOf(netip.MustParseAddr(a)) == keyOf(netip.MustParseAddr(b)) }
	if !same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9") || same("2001:db8:1:2::1", "2001:db8:1:3::1") {
		t.Error("IPv6 addresses count by their /64")
	}
	if same("203.0.113.1", "203.0.113.2") || !same("203.0.113.1", "::ffff:203.0.113.1") {
		t.Error("IPv4 addresses count each, however written")
	}
	for _, uncounted := range []netip.Addr{{}, netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1"), netip.MustParseAddr("::ffff:127.0.0.9")} {
		if keyOf(uncounted) != (addressKey{}) {
			t.Errorf("%v is counted", uncounted)
		}
	}
}

func TestRegistry_ForgetsWhoLeft(t *testing.T) {
	g := newRegistry()
	key := keyOf(netip.MustParseAddr("203.0.113.1"))
	conns := make([]*Conn, 3)
	for i := range conns {
		conns[i] = &Conn{address: key}
		if !g.reserve(key, 3, 3) || !g.add(conns[i]) {
			t.Fatal("refused")
		}
	}
	if g.reserve(key, 0, 3) || g.reserve(addressKey{}, 3, 3) {
		t.Fatal("let in over the bound")
	}
	for _, c := range conns {
		g.remove(c)
	}
	if g.held != 0 || g.count != 0 || len(g.addresses) != 0 || len(g.free) != len(g.slots) {
		t.Fatalf("%+v", &g)
	}
	if !g.add(&Conn{}) || len(g.slots) != 3 {
		t.Fatal("slots are not used again")
	}
}

func TestRegistry_BucketsMeetEachOnce(t *testing.T) {
	g := newRegistry()
	for range 100 {
		g.add(&Conn{})
	}
	met := map[*Conn]int{}
	for bucket := range 7 {
		list := g.bucket(bucket, 7)
		if len(list) < 14 || len(list) > 15 {
			t.Errorf("bucket of %d", len(list))
		}
		for _, c := range list {
			met[c]++
		}
	}
	for _, times := range met {
		if times != 1 {
			t.Fatalf("met %d times", times)
		}
	}
	if len(met) != 100 {
		t.Fatalf("met %d", len(met))
	}
}

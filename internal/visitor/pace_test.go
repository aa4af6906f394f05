package visitor

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// from lets a visitor in from an address.
func (w *world) from(address string, h Hello) (*Tab, error) {
	return w.live.Enter(Origin{Site: shop, IP: netip.MustParseAddr(address), UserAgent: chrome, Page: "https://shop.example"}, h, nil)
}

// The attack: hellos without end from one network. Another network does not notice.
func TestPace_RefusesAFloodOfNewVisits(t *testing.T) {
	w := newWorld(t, nil)
	refused := 0
	for i := range 2176 {
		tab, err := w.from("203.0.113.7", fullHello(i))
		if err != nil {
			if !fault.Is(err, fault.RateLimited) {
				t.Fatal(err)
			}
			refused++
			continue
		}
		tab.Close()
	}
	if got := w.live.Stats("account").Visits; got > 600 || refused != 2176-got {
		t.Errorf("%d visits of one network at once, %d refused", got, refused)
	}
	for i := range 340 {
		if _, err := w.from("198.51.100.1", page(fmt.Sprintf("/%d", i))); err != nil {
			t.Fatalf("visitor %d behind another address: %v", i, err)
		}
	}
}

// An office: 300 visitors who look at a page every ten seconds for an hour, without being known from one page to the next.
func TestPace_NeverRefusesAnOffice(t *testing.T) {
	w := newWorld(t, nil)
	for second := range 600 {
		for range 30 {
			tab, err := w.from("198.51.100.1", page("/"))
			if err != nil {
				t.Fatalf("second %d: %v", second, err)
			}
			tab.Close()
		}
		w.pass(time.Second)
	}
}

func TestPace_CountsByNetwork(t *testing.T) {
	few := func(o *Options) { o.NewPerNetwork = 2 }
	for name, c := range map[string]struct {
		addresses []string
		refused   int
	}{
		"one IPv4 address":        {[]string{"203.0.113.7", "::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7"}, 2},
		"neighbours":              {[]string{"203.0.113.7", "203.0.113.8", "203.0.113.7", "203.0.113.8"}, 0},
		"one /64":                 {[]string{"2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8::4"}, 2},
		"several /64":             {[]string{"2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"}, 0},
		"a proxy on this machine": {[]string{"127.0.0.1", "127.0.0.1", "127.0.0.1", "::1", "::1", "::1"}, 0},
	} {
		w, refused := newWorld(t, few), 0
		for _, address := range c.addresses {
			if _, err := w.from(address, page("/")); err != nil {
				refused++
			}
		}
		if refused != c.refused {
			t.Errorf("%s: %d refused, want %d", name, refused, c.refused)
		}
	}
	w := newWorld(t, func(o *Options) { o.NewPerNetwork = -1 })
	for range 1000 {
		if _, err := w.from("203.0.113.7", page("/")); err != nil {
			t.Fatalf("without a bound: %v", err)
		}
	}
}

// A visitor's own pages, tabs and returns are no new visits, and who talks is let in whatever the neighbours do.
func TestPace_KnowsWhoGoesOn(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.NewPerNetwork = 1 })
	w.talks.talking = map[string]bool{}
	tab, err := w.from("203.0.113.7", page("/"))
	if err != nil {
		t.Fatal(err)
	}
	h := page("/next")
	h.Token = tab.Token()
	if _, err := w.from("203.0.113.7", h); err != nil {
		t.Errorf("another page: %v", err)
	}
	w.live.end(tab.visit)
	h.Resumed = true
	resumed, err := w.from("203.0.113.7", h)
	if err != nil {
		t.Fatalf("the same page after a lost connection: %v", err)
	}
	w.live.end(resumed.visit)
	h.Resumed = false
	if _, err := w.from("203.0.113.7", h); !fault.Is(err, fault.RateLimited) {
		t.Errorf("a known visitor's next visit: %v", err)
	}
	w.talks.talking[resumed.Visit().VisitorID] = true
	if _, err := w.from("203.0.113.7", h); err != nil {
		t.Errorf("somebody who talks: %v", err)
	}
	w.restart(func(o *Options) { o.NewPerNetwork = 1 })
	w.pass(time.Second)
	for range 3 {
		if _, err := w.from("203.0.113.7", h); err != nil {
			t.Errorf("after our restart: %v", err)
		}
	}
}

// The page is told to come again, the operator once a minute.
func TestPace_SaysSo(t *testing.T) {
	var said bytes.Buffer
	w := newWorld(t, func(o *Options) { o.NewPerNetwork, o.Logger = 1, slog.New(slog.NewTextHandler(&said, nil)) })
	for i := range 100 {
		c := w.connect()
		c.say(helloFrame)
		if i == 0 {
			c.hear("welcome")
			continue
		}
		if code, _ := c.refused(); code != "rate_limited" || c.code != edge.CodeBusy {
			t.Fatalf("hello %d: %s, closed with %d", i, code, c.code)
		}
	}
	if got := w.live.Load().Paced; got != 99 {
		t.Errorf("%d counted", got)
	}
	if got := strings.Count(said.String(), "200.160.2.3/32"); got != 1 {
		t.Errorf("said %d times:\n%s", got, &said)
	}
}

// Networks that are gone are forgotten, and no flood of networks fills the memory.
func TestPace_ForgetsNetworks(t *testing.T) {
	p := pace{burst: 10, logger: slog.New(slog.DiscardHandler)}
	for i := range 3 * maxNetworks {
		if err := p.take(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 1000); err != nil {
			t.Fatal(err)
		}
		if len(p.networks) > maxNetworks {
			t.Fatalf("%d networks", len(p.networks))
		}
	}
	_ = p.take(netip.MustParseAddr("203.0.113.7"), 1000+2*saidEvery.Milliseconds())
	if len(p.networks) != 1 {
		t.Errorf("%d networks after two minutes", len(p.networks))
	}
}

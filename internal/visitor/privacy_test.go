package visitor

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/site"
)

// private is the shop with a mode of presence.
func private(p site.Privacy) site.Site {
	s := shop
	s.Settings.Privacy = p
	return s
}

var asks = site.Privacy{Presence: site.PresenceConsent, Notice: true, HonourGPC: true}

func (w *world) enterAt(s site.Site, h Hello, signals site.Signals) *Tab {
	w.t.Helper()
	tab, err := w.live.Enter(Origin{
		Site: s, IP: netip.MustParseAddr("200.160.2.77"), UserAgent: chrome, Page: "https://shop.example", Signals: signals,
	}, h, nil)
	if err != nil {
		w.t.Fatalf("enter: %v", err)
	}
	return tab
}

// telling is a page view full of things that may not be known without consent.
func telling() Hello {
	h := page("/cart?email=maria@example.com#maria")
	h.Title, h.Referrer = "Maria's cart", "https://www.google.com/search?q=maria+souza"
	name := "Maria"
	h.Name = &name
	h.Fields = map[string]json.RawMessage{"plan": json.RawMessage(`"gold"`)}
	return h
}

func TestPrivacy_BeforeConsentOnlyWhatIsAllowed(t *testing.T) {
	w := newWorld(t, nil)
	tab := w.enterAt(private(asks), telling(), site.Signals{})
	name := "Maria"
	if ok, err := tab.Identify(Told{Name: &name}); !ok || err != nil {
		t.Fatalf("identify: %v, %v", ok, err)
	}
	if ok, err := tab.Page("https://shop.example/order?number=4711", "Maria's order", ""); !ok || err != nil {
		t.Fatalf("page: %v, %v", ok, err)
	}
	v := tab.Visit()
	if !v.Limited || v.IP.String() != "200.160.2.0" || v.Identity != nil || v.PageURL.String() != "https://shop.example/order" ||
		v.EntryURL.String() != "https://shop.example/cart" || v.Referrer.String() != "https://www.google.com/" || v.ReferrerKind != ReferrerSearch {
		t.Errorf("known: %+v %v", v.Arrival, v.PageURL)
	}
	tab.Close()
	w.pass(time.Minute)
	everything, err := json.Marshal(w.written())
	if err != nil {
		t.Fatal(err)
	}
	for _, forbidden := range []string{"200.160.2.77", "aria", "4711", "gold", "1366x768", "Sao_Paulo"} {
		if strings.Contains(string(everything), forbidden) {
			t.Errorf("%q was written: %s", forbidden, everything)
		}
	}
	if len(w.written()) != 1 {
		t.Errorf("%d visits written", len(w.written()))
	}
}

func TestPrivacy_ConsentIsRememberedAndCanBeTakenBack(t *testing.T) {
	w := newWorld(t, nil)
	s := private(asks)
	tab := w.enterAt(s, telling(), site.Signals{})
	first := tab.Visit()

	h := telling()
	h.Token, h.Consent, h.Resumed = tab.Token(), new(true), true
	agreed := w.enterAt(s, h, site.Signals{})
	v := agreed.Visit()
	if v.ID != first.ID || v.Limited || !v.Consent || v.IP.String() != "200.160.2.77" || v.Name() != "Maria" || !strings.Contains(v.PageURL.String(), "email=") {
		t.Errorf("after consent %+v, before %+v", v.Arrival, first.Arrival)
	}
	if first.IP.String() != "200.160.2.0" {
		t.Error("an old state was changed")
	}
	agreed.Close()
	w.pass(time.Hour)

	again := page("/")
	again.Token = agreed.Token()
	back := w.enterAt(s, again, site.Signals{GPC: true}) // the visitor's own word counts more than the browser's
	if v := back.Visit(); v.VisitorID != first.VisitorID || v.Limited || v.Visits != 2 {
		t.Errorf("another day %+v", v.Arrival)
	}
	no := page("/")
	no.Token, no.Consent = back.Token(), new(false)
	if v := w.enterAt(s, no, site.Signals{}).Visit(); v.VisitorID == first.VisitorID || !v.Limited || v.IP.String() != "200.160.2.0" {
		t.Errorf("after taking it back %+v", v.Arrival)
	}
}

func TestPrivacy_ATokenOfThePastIsNoConsent(t *testing.T) {
	w := newWorld(t, nil)
	before := w.enterAt(shop, page("/"), site.Signals{})
	h := page("/")
	h.Token = before.Token()
	if v := w.enterAt(private(asks), h, site.Signals{}).Visit(); v.VisitorID == before.Visit().VisitorID || !v.Limited {
		t.Errorf("recognised without consent: %+v", v.Arrival)
	}
}

func TestPrivacy_Modes(t *testing.T) {
	for _, row := range []struct {
		name    string
		privacy site.Privacy
		signals site.Signals
		consent *bool
		limited bool
		shown   bool
	}{
		{"full", site.Privacy{Presence: site.PresenceFull}, site.Signals{DNT: true, GPC: true}, nil, false, true},
		{"full, honours GPC", site.Privacy{Presence: site.PresenceFull, HonourGPC: true}, site.Signals{GPC: true}, nil, true, true},
		{"full, honours DNT", site.Privacy{Presence: site.PresenceFull, HonourDNT: true}, site.Signals{DNT: true}, nil, true, true},
		{"full, honours DNT, GPC sent", site.Privacy{Presence: site.PresenceFull, HonourDNT: true}, site.Signals{GPC: true}, nil, false, true},
		{"full, GPC, but the visitor agreed", site.Privacy{Presence: site.PresenceFull, HonourGPC: true}, site.Signals{GPC: true}, new(true), false, true},
		{"full, refused", site.Privacy{Presence: site.PresenceFull}, site.Signals{}, new(false), true, true},
		{"consent", asks, site.Signals{}, nil, true, true},
		{"consent, refused", asks, site.Signals{}, new(false), true, true},
		{"consent, given", asks, site.Signals{}, new(true), false, true},
		{"off", site.Privacy{Presence: site.PresenceOff}, site.Signals{}, nil, true, false},
		{"off, given all the same", site.Privacy{Presence: site.PresenceOff}, site.Signals{}, new(true), true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, nil)
			h := telling()
			h.Consent = row.consent
			tab := w.enterAt(private(row.privacy), h, row.signals)
			if v := tab.Visit(); v.Limited != row.limited || v.IP.String() == "200.160.2.77" == row.limited {
				t.Errorf("limited %v, address %v", v.Limited, v.IP)
			}
			w.grid.mu.Lock()
			shown := len(w.grid.visits) == 1
			w.grid.mu.Unlock()
			if shown != row.shown {
				t.Errorf("shown %v, want %v", shown, row.shown)
			}
			tab.Close()
			w.pass(time.Minute)
			if written := len(w.written()) == 1; written != row.shown {
				t.Errorf("written %v, want %v", written, row.shown)
			}
		})
	}
}

func TestPrivacy_TheNoticeIsAskedForOnce(t *testing.T) {
	for _, row := range []struct {
		name    string
		privacy site.Privacy
		header  http.Header
		hello   string
		asked   bool
		keep    bool
	}{
		{"asks", asks, nil, "", true, false},
		{"the site asks itself", site.Privacy{Presence: site.PresenceConsent}, nil, "", false, false},
		{"the browser said no", asks, http.Header{"Sec-Gpc": {"1"}}, "", false, false},
		{"refused", asks, nil, `,"consent":false`, false, false},
		{"given", asks, nil, `,"consent":true`, false, true},
		{"full", site.Privacy{Presence: site.PresenceFull, Notice: true}, nil, "", false, true},
		{"off", site.Privacy{Presence: site.PresenceOff, Notice: true}, nil, "", false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, func(o *Options) { o.Sites = sites{private(row.privacy)} })
			r := httptest.NewRequest(http.MethodGet, "/v/socket?k=key", http.NoBody)
			r.Header = row.header.Clone()
			if r.Header == nil {
				r.Header = http.Header{}
			}
			r.Header.Set("Origin", "https://shop.example")
			r.Header.Set("User-Agent", chrome)
			admitted, err := w.live.Admit(r)
			if err != nil {
				t.Fatal(err)
			}
			tab, ok := admitted.(*Tab)
			if !ok {
				t.Fatalf("admitted %T", admitted)
			}
			c := &fakeConnection{t: t, live: w.live, tab: tab}
			c.say(`{"t":"hello","tab":"x","url":"https://shop.example/"` + row.hello + `}`)
			if keep := c.sent[0]["keep"]; keep != row.keep {
				t.Errorf("keep %v, want %v", keep, row.keep)
			}
			asked := len(c.sent) > 1 && c.sent[1]["t"] == "consent" && c.sent[1]["id"] == "notice"
			if asked != row.asked {
				t.Errorf("asked %v, want %v: %v", asked, row.asked, c.sent)
			}
		})
	}
}

func TestPrivacy_ABlockOfTheWholeAddressShows(t *testing.T) {
	var blocked atomic.Bool
	whole := netip.MustParseAddr("200.160.2.77")
	w := newWorld(t, func(o *Options) {
		o.Sites = sites{private(asks)}
		o.Blocked = func(_ string, address netip.Addr) bool { return blocked.Load() && address == whole }
	})
	enter := func(agreed *bool) *Tab {
		hello := page("/")
		hello.Consent = agreed
		tab, err := w.live.Enter(Origin{Site: private(asks), IP: whole, UserAgent: chrome}, hello, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(tab.Close)
		return tab
	}
	limited, known := enter(nil), enter(new(true))
	for _, want := range []bool{true, false} {
		blocked.Store(want)
		w.live.BlocksChanged("another account")
		if limited.Visit().Barred == want {
			t.Error("a block of another account counts")
		}
		w.live.BlocksChanged(limited.Visit().AccountID)
		if v := limited.Visit(); v.Barred != want || v.IP.String() != "200.160.2.0" {
			t.Errorf("barred %v, want %v; address %v", v.Barred, want, v.IP)
		}
		if known.Visit().Barred {
			t.Error("who agreed is compared by the address that is known")
		}
	}
}

func TestPrivacy_AGoodbyeWithoutConsentIsForGood(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Sites = sites{private(asks)} })
	tab := w.enterAt(private(asks), page("/"), site.Signals{})
	w.clock.Advance(5 * time.Second)
	body, err := json.Marshal(map[string]string{"token": tab.Token(), "tab": "tab"})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/v/leave", strings.NewReader(string(body)))
	r.Header.Set("Origin", "https://shop.example")
	answer := httptest.NewRecorder()
	w.live.ServeLeave(answer, r)
	if answer.Code != http.StatusNoContent {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	w.grid.mu.Lock()
	defer w.grid.mu.Unlock()
	if len(w.grid.visits) != 0 {
		t.Error("a visitor who can't come back is still shown")
	}
}

func TestCut(t *testing.T) {
	for in, want := range map[string]string{
		"200.160.2.77": "200.160.2.0", "::ffff:200.160.2.77": "200.160.2.0", "2804:14d:5c70:8a4f::1": "2804:14d:5c70::", "fe80::1%eth0": "fe80::",
	} {
		if got := cutIP(netip.MustParseAddr(in)); got.String() != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if got := cutIP(netip.Addr{}); got.IsValid() {
		t.Errorf("no address: %v", got)
	}
	for in, want := range map[string]string{
		"https://shop.example/a%20b?x=1#y": "https://shop.example/a%20b", "https://u:p@shop.example/?": "https://shop.example/", "": "", "javascript:alert(1)": "",
	} {
		if got := cutURL(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

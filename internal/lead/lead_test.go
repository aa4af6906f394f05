package lead_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/lead"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// world is a service whose live table is a map.
type world struct {
	*lead.Service
	t        *testing.T
	store    *store.Store
	log      *eventlog.Log
	recorder eventlogtest.Recorder
	clock    *clock.Fake

	mu    sync.Mutex
	shown map[string]int64 // when each visitor was marked, as the live table has it
}

// timed makes identifiers that tell the test's time.
type timed struct {
	clock *clock.Fake
	mu    sync.Mutex
	next  int
}

func (g *timed) New() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.next++
	at := g.clock.Now().UnixMilli()
	return fmt.Sprintf("%08x-%04x-7000-8000-%012x", at>>16, at&0xffff, g.next)
}

// First is the visit itself, but for those who were here before.
func (w *world) First(_ context.Context, v *visitor.Visit) (visitor.First, error) {
	if v.Visits > 1 {
		return visitor.First{At: 7, Kind: visitor.ReferrerSearch, Name: "Google", EntryURL: "https://shop.example/"}, nil
	}
	return visitor.First{At: v.StartedAt, Kind: v.ReferrerKind, Name: v.ReferrerName.String(), EntryURL: v.EntryURL.String()}, nil
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := &world{t: t, store: st, clock: clock.NewFake(time.UnixMilli(1000)), shown: map[string]int64{}}
		var heard func(eventlog.Record)
		w.log = eventlogtest.New(t, st, clock.System{}, func(r eventlog.Record) { heard(r) }, w.recorder.Take)
		w.Service = lead.NewService(lead.Config{
			Store: st, Log: w.log, Clock: w.clock, IDs: &timed{clock: w.clock}, Visits: w,
			Show: func(_ string, l lead.Lead) {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.shown[l.VisitorID] = l.MarkedAt
			},
			Work: func(do func(context.Context) error) {
				if err := do(t.Context()); err != nil {
					t.Error(err)
				}
			},
		})
		heard = w.Heard
		for _, account := range []string{"a", "b"} {
			eventlogtest.Account(t, st, account)
		}
		fn(t, w)
	})
}

func visit(account, id string, visits int32) *visitor.Visit {
	return &visitor.Visit{
		Arrival: &visitor.Arrival{
			Number: 42, ID: "visit-" + id, AccountID: account, SiteID: "site", VisitorID: id, StartedAt: 900, Visits: visits,
			EntryURL: visitor.Intern("https://shop.example/offer"), ReferrerKind: visitor.ReferrerDirect,
		},
		Identity: &visitor.Identity{Name: "Maria", Email: "maria@example.com"},
		PageURL:  visitor.Intern("https://shop.example/cart"),
	}
}

func (w *world) mark(v *visitor.Visit) {
	w.t.Helper()
	if err := w.Mark(w.t.Context(), v, "rule-1", "Carrinho"); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) list(account string, f lead.Filter) lead.Page {
	w.t.Helper()
	if f.Limit == 0 {
		f.Limit = 50
	}
	page, err := w.List(w.t.Context(), account, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return page
}

// at returns when the live table says a visitor was marked, after everything was told.
func (w *world) at(account, visitorID string) int64 {
	w.t.Helper()
	w.recorder.Kinds(w.t, w.log, account)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.shown[visitorID]
}

func TestMark_OnceAndWithTheCreditOfTheFirstVisit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.mark(visit("a", "v1", 3))
		w.clock.Advance(time.Second)
		w.mark(visit("a", "v1", 3))
		w.mark(visit("a", "v2", 1))
		page := w.list("a", lead.Filter{})
		if len(page.Leads) != 2 || page.Total != 2 || page.More {
			t.Fatalf("got %+v", page)
		}
		got := page.Leads[1]
		if got.VisitorID != "v1" || got.Number != 42 || got.Name != "Maria" || got.TriggerName != "Carrinho" || got.MarkedAt != 1000 ||
			got.PageURL != "https://shop.example/cart" ||
			got.First != (lead.Credit{At: 7, EntryURL: "https://shop.example/", ReferrerKind: "search", ReferrerName: "Google"}) {
			t.Errorf("got %+v", got)
		}
		if fmt.Sprint(page.Origins) != "[{direct  1} {search Google 1}]" {
			t.Errorf("origins %v", page.Origins)
		}
		if kinds := w.recorder.Kinds(t, w.log, "a"); fmt.Sprint(kinds) != "[lead.marked lead.marked]" {
			t.Errorf("events %v", kinds)
		}
		if w.at("a", "v1") != 1000 || w.at("a", "v2") != 2000 {
			t.Errorf("shown %v", w.shown)
		}
	})
}

func TestMark_OfWhoHasNotAgreedIsStoredAtTheConsent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		limited := visit("a", "v1", 1)
		limited.Limited = true
		w.mark(limited)
		w.mark(limited)
		if n := w.list("a", lead.Filter{}).Total; n != 0 || w.at("a", "v1") != 1000 {
			t.Errorf("%d stored, shown %v", n, w.shown)
		}
		gone := visit("a", "v2", 1)
		gone.Limited = true
		w.mark(gone)
		w.VisitLeft(gone)
		w.VisitChanged(limited)
		w.VisitChanged(visit("a", "v2", 1))
		if n := w.list("a", lead.Filter{}).Total; n != 0 {
			t.Errorf("%d stored of visitors who agreed to nothing", n)
		}
		w.VisitChanged(visit("a", "v1", 1))
		w.VisitChanged(visit("a", "v1", 1))
		if page := w.list("a", lead.Filter{}); page.Total != 1 || page.Leads[0].TriggerID != "rule-1" {
			t.Errorf("after the consent: %+v", page)
		}
	})
}

func TestRemove(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.mark(visit("a", "v1", 1))
		id := w.list("a", lead.Filter{}).Leads[0].ID
		if err := w.Remove(t.Context(), "b", id); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account: %v", err)
		}
		if err := w.Remove(t.Context(), "a", id); err != nil {
			t.Fatal(err)
		}
		if err := w.Remove(t.Context(), "a", id); !fault.Is(err, fault.NotFound) {
			t.Errorf("again: %v", err)
		}
		if page := w.list("a", lead.Filter{}); page.Total != 0 || len(page.Leads) != 0 || w.at("a", "v1") != 0 {
			t.Errorf("still there: %+v, shown %v", page, w.shown)
		}
	})
}

func TestReturned_ShowsTheMarkAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.mark(visit("a", "v1", 1))
		w.at("a", "v1")
		fresh := lead.NewService(w.Config) // after a restart
		clear(w.shown)
		for _, who := range [][2]string{{"a", "v1"}, {"a", "v2"}, {"b", "v1"}} {
			if err := fresh.Returned(t.Context(), who[0], who[1]); err != nil {
				t.Fatal(err)
			}
		}
		if fmt.Sprint(w.shown) != "map[v1:1000]" {
			t.Errorf("shown %v", w.shown)
		}
	})
}

func TestList_PagesAndNarrows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.mark(visit("a", fmt.Sprint("v", i), 1))
			w.clock.Advance(time.Second)
		}
		w.mark(visit("b", "theirs", 1))
		first := w.list("a", lead.Filter{Limit: 3})
		if len(first.Leads) != 3 || !first.More || first.Total != 5 || first.Leads[0].VisitorID != "v4" {
			t.Fatalf("first %+v", first)
		}
		rest := w.list("a", lead.Filter{Limit: 3, Before: first.Leads[2].ID})
		if len(rest.Leads) != 2 || rest.More || rest.Leads[1].VisitorID != "v0" {
			t.Errorf("rest %+v", rest)
		}
		if since := w.list("a", lead.Filter{Since: 4000}); since.Total != 2 || len(since.Leads) != 2 {
			t.Errorf("since %+v", since)
		}
		if other := w.list("a", lead.Filter{SiteID: "other"}); other.Total != 0 || len(other.Origins) != 0 {
			t.Errorf("another site %+v", other)
		}
	})
}

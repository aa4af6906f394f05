package blocklist_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/blocklist"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

type fixture struct {
	*blocklist.Service
	clock    *clock.Fake
	log      *eventlog.Log
	recorder eventlogtest.Recorder
	changed  chan string
}

func newFixture(t *testing.T, st *store.Store) *fixture {
	t.Helper()
	f := &fixture{clock: clock.NewFake(time.UnixMilli(1_000_000)), changed: make(chan string, 100)}
	var heard func(eventlog.Record)
	f.log = eventlogtest.New(t, st, clock.System{}, f.recorder.Take, func(r eventlog.Record) { heard(r) })
	f.Service = blocklist.NewService(st, f.log, f.clock, ident.V7{}, func(account string) { f.changed <- account })
	heard = f.Heard
	if err := f.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	for _, account := range []string{"a", "b"} {
		eventlogtest.Account(t, st, account)
		err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO agents (id, account_id, login, password_hash, name, email, role, active, status, method,
				conversation_limit, preferences, created_at) VALUES (?, ?, ?, '', '', '', 'agent', TRUE, 'online', 'both', 5, '{}', 0)`,
				"agent-of-"+account, account, account)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func (f *fixture) block(t *testing.T, account, address string, expires *int64) blocklist.Block {
	t.Helper()
	b, err := f.Create(t.Context(), account, "agent-of-"+account, blocklist.New{Address: address, Reason: "spam", ExpiresAt: expires})
	if err != nil {
		t.Fatalf("block %s: %v", address, err)
	}
	return b
}

func (f *fixture) blocked(account, address string) bool {
	return f.Blocked(account, netip.MustParseAddr(address))
}

func TestBlocked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		for _, address := range []string{"203.0.113.7", "198.51.100.0/24", "2001:db8:1:2::3", "2001:db8:ffff::/48"} {
			f.block(t, "a", address, nil)
		}
		for address, want := range map[string]bool{
			"203.0.113.7": true, "203.0.113.8": false, "::ffff:203.0.113.7": true,
			"198.51.100.255": true, "198.51.101.0": false,
			"2001:db8:1:2:9::9": true, "2001:db8:1:3::3": false, "2001:db8:ffff:9::1": true,
		} {
			if f.blocked("a", address) != want {
				t.Errorf("%s blocked: %v, want %v", address, !want, want)
			}
			if f.blocked("b", address) {
				t.Errorf("%s is blocked in another account", address)
			}
		}
		if f.Blocked("a", netip.Addr{}) {
			t.Error("no address at all is blocked")
		}
		again := blocklist.NewService(st, f.log, f.clock, ident.V7{}, func(string) {})
		t.Cleanup(again.Close)
		if err := again.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !again.Blocked("a", netip.MustParseAddr("203.0.113.7")) || len(again.List("a")) != 4 {
			t.Errorf("after a restart: %v", again.List("a"))
		}
	})
}

func TestRemove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		b := f.block(t, "a", "203.0.113.7", nil)
		f.block(t, "a", "203.0.113.8", nil)
		if err := f.Remove(t.Context(), "b", b.ID); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("from another account: %v", err)
		}
		if err := f.Remove(t.Context(), "a", b.ID); err != nil {
			t.Fatal(err)
		}
		if f.blocked("a", "203.0.113.7") || !f.blocked("a", "203.0.113.8") {
			t.Error("the wrong block was taken off")
		}
		if err := f.Remove(t.Context(), "a", b.ID); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("twice: %v", err)
		}
		want := []string{blocklist.SavedKind, blocklist.SavedKind, blocklist.RemovedKind}
		if kinds := f.recorder.Kinds(t, f.log, "a"); !slices.Equal(kinds, want) {
			t.Errorf("events %s", kinds)
		}
	})
}

func TestCreate_Refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		f.block(t, "a", "203.0.113.0/24", nil)
		past := clock.Millis(f.clock.Now())
		for name, row := range map[string]struct {
			new   blocklist.New
			field string
		}{
			"empty":             {blocklist.New{}, "address:invalid"},
			"a name":            {blocklist.New{Address: "shop.example"}, "address:invalid"},
			"a zone":            {blocklist.New{Address: "fe80::1%eth0"}, "address:invalid"},
			"a bad length":      {blocklist.New{Address: "203.0.113.0/33"}, "address:invalid"},
			"everybody":         {blocklist.New{Address: "0.0.0.0/0"}, "address:not_allowed"},
			"every IPv6":        {blocklist.New{Address: "2000::/3"}, "address:not_allowed"},
			"the same":          {blocklist.New{Address: "203.0.113.9/24"}, "address:taken"},
			"a long reason":     {blocklist.New{Address: "192.0.2.1", Reason: strings.Repeat("x", 201)}, "reason:too_long"},
			"controls":          {blocklist.New{Address: "192.0.2.1", Reason: "a\x00b"}, "reason:control_characters"},
			"ended before made": {blocklist.New{Address: "192.0.2.1", ExpiresAt: &past}, "expires_at:too_small"},
		} {
			_, err := f.Create(t.Context(), "a", "agent-of-a", row.new)
			wrong, ok := errors.AsType[*fault.Error](err)
			if !ok || len(wrong.Fields) != 1 || wrong.Fields[0].Name+":"+wrong.Fields[0].Code != row.field {
				t.Errorf("%s: %v, want %s", name, err, row.field)
			}
		}
		if list := f.List("a"); len(list) != 1 || list[0].Address != "203.0.113.0/24" {
			t.Errorf("kept: %v", list)
		}
		f.block(t, "b", "203.0.113.0/24", nil) // another account's list is its own
	})
}

func TestBlock_EndsByItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		f := newFixture(t, st)
		soon := clock.Millis(f.clock.Now()) + 1
		f.clock.Advance(-time.Millisecond) // so that the write is not later than the end
		first := f.block(t, "a", "203.0.113.7", &soon)
		f.clock.Advance(time.Minute)
		for range 2 { // the block, and its end
			<-f.changed
		}
		if f.blocked("a", "203.0.113.7") {
			t.Error("blocked for too long")
		}
		if list := f.List("a"); len(list) != 1 {
			t.Errorf("the ended block is gone from the list: %v", list)
		}
		second := f.block(t, "a", "203.0.113.7", nil)
		if list := f.List("a"); len(list) != 1 || list[0].ID != second.ID || second.ID == first.ID || !f.blocked("a", "203.0.113.7") {
			t.Errorf("not renewed: %v", list)
		}
	})
}

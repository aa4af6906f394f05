package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// glog-style flushers of the NATS server's dependencies and of database/sql live as long as the process.
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

type happened struct {
	N int `json:"n"`
}

func (happened) Kind() string                { return "test.happened" }
func (happened) Audience() eventlog.Audience { return eventlog.ToDepartment("sales") }
func (h happened) Subject() string           { return fmt.Sprint(h.N) }

var _ = eventlog.Register[happened]()

func appendOne(t *testing.T, log *eventlog.Log, st *store.Store, account string, n int) {
	t.Helper()
	err := st.Write(store.InLane(t.Context(), account), func(ctx context.Context, tx *store.Tx) error {
		return log.Append(ctx, tx, account, happened{N: n})
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTail_TellsEveryEventOnceInOrderUnderConcurrentWrites(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var recorder eventlogtest.Recorder
		log := eventlogtest.New(t, st, clock.System{}, recorder.Take)
		accounts := []string{eventlogtest.Account(t, st, "a"), eventlogtest.Account(t, st, "b")}
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() { appendOne(t, log, st, accounts[i%2], i) })
		}
		wg.Wait()
		for _, account := range accounts {
			if got := len(recorder.Kinds(t, log, account)); got != 50 {
				t.Fatalf("account %s: told %d events, want 50", account, got)
			}
		}
		next := map[string]int64{}
		for _, r := range recorder.Records() {
			next[r.AccountID]++
			if r.Position != next[r.AccountID] {
				t.Fatalf("account %s: position %d where %d was due", r.AccountID, r.Position, next[r.AccountID])
			}
		}
	})
}

func TestTail_FindsWhatTheBusDidNotBring(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		account := eventlogtest.Account(t, st, "a")
		var recorder eventlogtest.Recorder
		deaf := eventlogtest.New(t, st, clock.System{}, recorder.Take)
		// Another log on a bus of its own: its announcements never reach the first.
		other := eventlogtest.New(t, st, clock.System{})
		for i := range 1200 {
			appendOne(t, other, st, account, i)
		}
		if got := len(recorder.Kinds(t, deaf, account)); got != 1200 {
			t.Fatalf("told %d events, want 1200", got)
		}
		// A gap is noticed with the next announcement too.
		appendOne(t, other, st, account, 1200)
		appendOne(t, deaf, st, account, 1201)
		if got := len(recorder.Kinds(t, deaf, account)); got != 1202 {
			t.Fatalf("told %d events, want 1202", got)
		}
	})
}

func TestAppend_LeavesNothingWhenTheWriteFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		account := eventlogtest.Account(t, st, "a")
		var recorder eventlogtest.Recorder
		log := eventlogtest.New(t, st, clock.System{}, recorder.Take)
		refusal := errors.New("no")
		err := st.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if err := log.Append(ctx, tx, account, happened{N: 1}); err != nil {
				return err
			}
			return refusal
		})
		if !errors.Is(err, refusal) {
			t.Fatal(err)
		}
		appendOne(t, log, st, account, 2)
		if kinds := recorder.Kinds(t, log, account); len(kinds) != 1 || recorder.Records()[0].Subject != "2" {
			t.Fatalf("told %v, want the one event that was committed", recorder.Records())
		}
	})
}

func TestSince_SaysWhenTheLogDoesNotReachBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		account := eventlogtest.Account(t, st, "a")
		fake := clock.NewFake(time.UnixMilli(1000))
		log := eventlogtest.New(t, st, fake)
		for i := range 3 {
			appendOne(t, log, st, account, i)
			fake.Advance(time.Second)
		}
		if _, err := log.Prune(t.Context(), 2000); err != nil {
			t.Fatal(err)
		}
		if _, err := log.Since(t.Context(), account, 0, 10); !errors.Is(err, eventlog.ErrTooOld) {
			t.Fatalf("from 0: err = %v, want ErrTooOld", err)
		}
		records, err := log.Since(t.Context(), account, 1, 10)
		if err != nil || len(records) != 2 {
			t.Fatalf("from 1: %d records, %v; want 2", len(records), err)
		}
		if records, err := log.Since(t.Context(), account, 3, 10); err != nil || len(records) != 0 {
			t.Fatalf("from the end: %d records, %v; want none", len(records), err)
		}
		if _, err := log.Since(t.Context(), account, 9, 10); !errors.Is(err, eventlog.ErrTooOld) {
			t.Fatalf("from the future: err = %v, want ErrTooOld", err)
		}
		if event, err := eventlog.Decode(records[0]); err != nil || event != (happened{N: 1}) {
			t.Fatalf("Decode = %v, %v", event, err)
		}
	})
}

// TestSince_OfTheNewestIsNeverTooOld: whoever has everything and asks while more happens is not told to start afresh.
func TestSince_OfTheNewestIsNeverTooOld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		const events = 300
		account := eventlogtest.Account(t, st, "a")
		log := eventlogtest.New(t, st, clock.System{})
		var writing sync.WaitGroup
		writing.Go(func() {
			for i := range events {
				appendOne(t, log, st, account, i)
			}
		})
		defer writing.Wait()
		for at := int64(0); at < events; {
			records, err := log.Since(t.Context(), account, at, 10)
			if err != nil {
				t.Fatalf("since %d: %v", at, err)
			}
			at += int64(len(records))
		}
	})
}

func TestScope_Sees(t *testing.T) {
	ana := eventlog.Scope{AgentID: "ana", DepartmentIDs: map[string]bool{"sales": true}}
	boss := eventlog.Scope{AgentID: "boss", All: true}
	rows := []struct {
		audience  eventlog.Audience
		ana, boss bool
	}{
		{eventlog.ToAccount(), true, true},
		{eventlog.ToDepartment("sales"), true, true},
		{eventlog.ToDepartment("support"), false, true},
		{eventlog.ToAgent("ana"), true, false},
		{eventlog.ToAgent("bruno"), false, false},
		{eventlog.ToAgents("bruno", "ana"), true, false},
		{eventlog.ToAgents("bruno", "carla"), false, false},
		{eventlog.ToConversation("sales", "ana"), true, false},
		{eventlog.ToConversation("sales", "bruno"), false, false},
		{eventlog.ToConversation("sales", ""), true, true},
		{eventlog.ToConversation("support", ""), false, true},
		{eventlog.Audience{}, false, false},
	}
	for _, row := range rows {
		parsed, err := eventlog.ParseAudience(row.audience.String())
		if row.audience != (eventlog.Audience{}) && (err != nil || parsed != row.audience) {
			t.Errorf("%q does not survive being stored: %v", row.audience, err)
		}
		if got := ana.Sees(row.audience); got != row.ana {
			t.Errorf("ana sees %q: %v, want %v", row.audience, got, row.ana)
		}
		if got := boss.Sees(row.audience); got != row.boss {
			t.Errorf("boss sees %q: %v, want %v", row.audience, got, row.boss)
		}
	}
	if _, err := eventlog.ParseAudience("everybody"); err == nil {
		t.Error("an unknown audience was understood")
	}
}

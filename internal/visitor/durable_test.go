package visitor

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestStore_ReservesEveryNumberOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		records := NewStore(st)
		var mu sync.Mutex
		var group sync.WaitGroup
		given := map[int64]bool{}
		for range 8 {
			group.Go(func() {
				first, err := records.Reserve(t.Context(), "account", 3)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				for n := first; n < first+3; n++ {
					given[n] = true
				}
			})
		}
		group.Wait()
		if len(given) != 24 || !given[1] || !given[24] {
			t.Errorf("given: %v", given)
		}
		if first, err := records.Reserve(t.Context(), "another", 5); err != nil || first != 1 {
			t.Errorf("another account: %d, %v", first, err)
		}
	})
}

func TestStore_FirstIsHowAVisitorCameTheFirstTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		records := NewStore(st)
		w := newWorld(t, func(o *Options) { o.Records = records })
		hello := page("/?utm_campaign=spring")
		hello.Referrer = "https://www.google.com/"
		tab := w.enter(hello)
		now := tab.Visit()
		if first, err := records.First(t.Context(), now); err != nil || first.Name != "spring" || first.At != now.StartedAt {
			t.Errorf("in the first visit: %+v, %v", first, err)
		}
		again := page("/")
		again.Token, again.Referrer = tab.Token(), "https://www.facebook.com/"
		tab.Close()
		w.pass(time.Hour)
		if err := w.live.journal.write(t.Context()); err != nil {
			t.Fatal(err)
		}
		back := w.enter(again)
		defer back.Close()
		first, err := records.First(t.Context(), back.Visit())
		if err != nil || first.Kind != ReferrerCampaign || first.UTMCampaign != "spring" || first.At != now.StartedAt || first.Referrer != "https://www.google.com/" {
			t.Errorf("in the second visit: %+v, %v", first, err)
		}
	})
}

func TestStore_SavesVisitsAndAddsUpThoseThatGoOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, func(o *Options) { o.Records = NewStore(st) })
		tab := w.enter(page("/"))
		w.pass(time.Second)
		if _, err := tab.Page("https://shop.example/2", "Two", ""); err != nil {
			t.Fatal(err)
		}
		again := page("/2")
		again.Token, again.Resumed = tab.Token(), true
		tab.Close()
		w.pass(time.Minute)
		if err := w.live.journal.write(t.Context()); err != nil {
			t.Fatal(err)
		}
		back := w.enter(again)
		if _, err := back.Page("https://shop.example/3", "Three", ""); err != nil {
			t.Fatal(err)
		}
		back.Close()
		w.pass(time.Minute)
		if err := w.live.journal.write(t.Context()); err != nil {
			t.Fatal(err)
		}
		var count, pages, started, ended int64
		var entry, last, ip, trail string
		err := st.Read().QueryRow(t.Context(), `SELECT COUNT(*), SUM(pages), MIN(started_at), MAX(ended_at), MIN(entry_url), MIN(last_url), MIN(ip), MIN(trail) FROM visits`).
			Scan(&count, &pages, &started, &ended, &entry, &last, &ip, &trail)
		if err != nil {
			t.Fatal(err)
		}
		var list []struct {
			URL    string `json:"url"`
			LeftAt int64  `json:"left_at"`
		}
		if err := json.Unmarshal([]byte(trail), &list); err != nil {
			t.Fatal(err)
		}
		if count != 1 || pages != 3 || started != tab.Visit().StartedAt || ended <= started || entry != "https://shop.example/" ||
			last != "https://shop.example/3" || ip != "200.160.2.3" || len(list) != 2 || list[0].URL != last || list[0].LeftAt == 0 {
			t.Errorf("%d rows, %d pages, %d–%d, %s → %s, %s, %s", count, pages, started, ended, entry, last, ip, trail)
		}
	})
}

func TestNumbers_GoOnWhileTheDatabaseIsAway(t *testing.T) {
	w := newWorld(t, nil)
	seen := map[int64]bool{}
	next := func() {
		n := w.live.number(t.Context(), w.live.accounts.of("account"), "account")
		if seen[n] || n < 1 {
			t.Fatalf("%d given twice", n)
		}
		seen[n] = true
	}
	for range 10 {
		next()
	}
	w.records.away = true
	for range 200 {
		next()
	}
	w.records.away = false
	for range 10_000 {
		next()
	}
}

func TestJournal_KeepsWhatCouldNotBeWritten(t *testing.T) {
	w := newWorld(t, nil)
	w.records.away = true
	for range 3 {
		w.enter(page("/")).Close()
		w.pass(time.Minute)
		if err := w.live.journal.write(t.Context()); err == nil {
			t.Fatal("no error")
		}
	}
	w.records.away = false
	if len(w.written()) != 3 {
		t.Errorf("%d written", len(w.records.saved))
	}
	if w.written(); len(w.records.saved) != 3 {
		t.Error("written twice")
	}
}

func TestJournal_IsBounded(t *testing.T) {
	var j journal
	for i := range journalLimit + 1 {
		j.add(Finished{EndedAt: int64(i)})
	}
	if len(j.waiting) > journalLimit || j.lost != journalLimit/10 || j.waiting[len(j.waiting)-1].EndedAt != journalLimit {
		t.Errorf("%d wait, %d lost", len(j.waiting), j.lost)
	}
}

func TestLive_StartedLooksAtDeadlinesAndWritesByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.Clock = clock.System{} })
		w.live.Start(w.grid, w.talks)
		leaves, stays := w.enter(page("/")), w.enter(page("/"))
		<-time.After(time.Minute)
		leaves.Close()
		<-time.After(30 * time.Second)
		synctest.Wait()
		if v := w.one(); v.ID != stays.Visit().ID {
			t.Errorf("in the grid: %+v", v)
		}
		w.records.mu.Lock()
		saved := len(w.records.saved)
		w.records.mu.Unlock()
		if saved != 1 {
			t.Errorf("%d written", saved)
		}
		<-time.After(5 * time.Minute)
		synctest.Wait()
		if !w.one().Idle {
			t.Error("not idle")
		}
		stays.live.signals.put(signal{kind: signalSeen, accountID: "account", visitorID: stays.Visit().VisitorID, conversationID: "c", sequence: 1})
		if err := w.live.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(w.records.saved) != 2 || len(w.talks.heard) != 2 || w.talks.heard[1] != "seen account c 1" {
			t.Errorf("at the end: %d written, heard %v", len(w.records.saved), w.talks.heard)
		}
	})
}

// TestLive_ManyAtOnce lets the race detector and the grid's own checks look at everything happening together.
func TestLive_ManyAtOnce(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.MaxShown = 40 })
	w.live.Start(w.grid, w.talks)
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			tokens := []string{""}
			random := rand.New(rand.NewPCG(uint64(worker), 1))
			for i := range 300 {
				h := page(fmt.Sprintf("/%d", random.IntN(5)))
				h.Token, h.Resumed, h.Hidden = tokens[random.IntN(len(tokens))], random.IntN(3) == 0, random.IntN(3) == 0
				tab := w.enter(h)
				tokens = append(tokens, tab.Token())
				stop, ok := w.live.Follow("account", tab.Visit().ID, func(Detail, bool) {})
				tab.Hide(i%2 == 0)
				tab.Activity()
				if _, err := tab.Page("https://shop.example/x", "", ""); err != nil {
					t.Error(err)
				}
				w.live.Push(tab.Visit().VisitorID, nil)
				w.live.Visit("account", tab.Visit().ID)
				if err := w.live.SetIdentity(tab.Visit().VisitorID, "N", "", nil); err != nil {
					t.Error(err)
				}
				if i%50 == 0 {
					w.live.Snapshot("account")
					w.pass(20 * time.Second)
				}
				if ok && i%2 == 0 {
					stop()
				}
				tab.Close()
			}
		})
	}
	group.Wait()
	w.pass(time.Minute)
	if got := w.live.Stats("account"); got != (Stats{}) || len(w.grid.visits) != 0 {
		t.Errorf("left behind: %+v, %d in the grid", got, len(w.grid.visits))
	}
	if err := w.live.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

package demo

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// live runs a crowd in a world for a while of the bubble's time.
func live(t *testing.T, w *fakeWorld, c *crowd, during func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { c.run(ctx); close(done) }()
	during()
	cancel()
	<-done
	w.readers.Wait()
	if n := w.count(); n != 0 {
		t.Errorf("%d sockets are still open after the end", n)
	}
}

func TestVisitors_StayAboutAsManyAsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const visitors = 300
		w := newFakeWorld(t)
		c := crowdOf(t, w, visitors, 1)
		live(t, w, c, func() {
			time.Sleep(arrivalsWithin + time.Second)
			for range 30 {
				if n := w.count(); n < visitors*85/100 || n > visitors {
					t.Errorf("%d visitors, want about %d", n, visitors)
				}
				time.Sleep(time.Minute)
			}
		})
		for _, sign := range []string{`"t":"hello"`, `"t":"page"`, `"t":"activity"`, `"hidden":true,"t":"hidden"`, "leaves", `"token":"token`} {
			if !slices.ContainsFunc(w.trace, func(s string) bool { return strings.Contains(s, sign) }) {
				t.Errorf("in half an hour nobody did %s", sign)
			}
		}
		if w.next != 0 {
			t.Errorf("%d asked for contact though nobody attends", w.next)
		}
	})
}

func TestVisitors_KeepTheQueueAlive(t *testing.T) {
	for name, every := range map[string]time.Duration{"a quick agent": 20 * time.Second, "a slow agent": 5 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newFakeWorld(t)
				w.online = true
				c := crowdOf(t, w, 300, 7)
				sum, looks := 0, 0
				live(t, w, c, func() {
					time.Sleep(2 * time.Minute)
					for i := range int(50 * time.Minute / (10 * time.Second)) {
						time.Sleep(10 * time.Second)
						w.sweep()
						if time.Duration(i)*10*time.Second%every == 0 {
							w.attend()
						}
						w.mu.Lock()
						sum, looks = sum+w.waiting, looks+1
						w.mu.Unlock()
					}
				})
				if mean := float64(sum) / float64(looks); mean < 1 || mean > 4 {
					t.Errorf("on average %.1f wait, want 2 to 4", mean)
				}
				if w.mostWait > mostWaiting {
					t.Errorf("%d waited at the same time", w.mostWait)
				}
				t.Log(w.next, w.mostWait, float64(sum)/float64(looks), w.outcome)
				if w.outcome["ended by the visitor while active"] == 0 || w.outcome["ended by the visitor while waiting"] == 0 {
					t.Errorf("some end in every way, got %v", w.outcome)
				}
			})
		})
	}
}

func TestVisitors_RefusedAtTheDesk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newFakeWorld(t)
		w.online, w.refuse = true, true
		c := crowdOf(t, w, 100, 3)
		live(t, w, c, func() { time.Sleep(10 * time.Minute) })
		if c.desk.waiting < 0 || c.desk.waiting > 1 {
			t.Errorf("the desk counts %d who wait", c.desk.waiting)
		}
	})
}

func TestVisitors_ComeBackAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newFakeWorld(t)
		c := crowdOf(t, w, 50, 5)
		live(t, w, c, func() {
			time.Sleep(time.Minute)
			w.restart(20 * time.Second)
			time.Sleep(20 * time.Second)
			if n := w.count(); n < 40 {
				t.Errorf("%d of 50 are back", n)
			}
		})
		if !slices.ContainsFunc(w.trace, func(s string) bool { return strings.Contains(s, `"resumed":true`) }) {
			t.Error("nobody said that it was here before")
		}
	})
}

func TestVisitors_SameSeedSameLives(t *testing.T) {
	story := func(seed uint64) (told []string) {
		synctest.Test(t, func(t *testing.T) {
			w := newFakeWorld(t)
			c := crowdOf(t, w, 40, seed)
			live(t, w, c, func() { time.Sleep(20 * time.Minute) })
			told = w.story()
		})
		return told
	}
	first := story(11)
	if again := story(11); !slices.Equal(first, again) {
		t.Error("the same seed told another story")
	}
	if slices.Equal(first, story(12)) {
		t.Error("another seed told the same story")
	}
}

func TestNewVisitors_Limits(t *testing.T) {
	for _, n := range []int{-1, MaxVisitors + 1} {
		if _, err := NewVisitors(Options{Visitors: n}); err == nil {
			t.Errorf("%d visitors were taken", n)
		}
	}
	v, err := NewVisitors(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Run(t.Context(), "http://a.example", "no address", "key"); err == nil {
		t.Error("ran without a shop")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := v.Run(ended, "http://127.0.0.1:1", "http://127.0.0.1:1", "key"); err != nil {
		t.Errorf("the end of a run is no error: %v", err)
	}
}

func TestSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSchedule()
		start := time.Now()
		var ran []string
		note := func(name string) *task {
			return newTask(func(context.Context) { ran = append(ran, name+" "+time.Since(start).String()) })
		}
		late, early, moved, again := note("late"), note("early"), note("moved"), (*task)(nil)
		rounds := 0
		again = newTask(func(context.Context) {
			if rounds++; rounds < 3 {
				s.in(again, 10*time.Second)
			}
		})
		s.in(late, 5*time.Second)
		s.in(moved, time.Second)
		s.in(early, 2*time.Second)
		s.in(moved, 4*time.Second)
		s.in(again, 30*time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { s.run(ctx); close(done) }()
		time.Sleep(3 * time.Second)
		s.in(late, 0) // wakes the one who waits for 4 s
		time.Sleep(time.Minute)
		cancel()
		<-done
		want := []string{"early 2s", "late 3s", "moved 4s"}
		if !slices.Equal(ran, want) {
			t.Errorf("ran %v, want %v", ran, want)
		}
		if rounds != 3 {
			t.Errorf("%d rounds", rounds)
		}
	})
}

func TestVisitors_AnswerWhatIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newFakeWorld(t)
		w.online = true
		c := crowdOf(t, w, 80, 11)
		live(t, w, c, func() {
			time.Sleep(arrivalsWithin + 10*time.Second)
			for _, frame := range []map[string]any{
				{"t": "outreach", "id": "invite", "kind": "invite", "department": "1"},
				{"t": "outreach", "id": "promotion", "kind": "promotion", "link": origin + "/ajuda"},
				{"t": "outreach", "id": "elsewhere", "kind": "redirect", "url": "https://other.example/"},
				{"t": "outreach", "id": "redirect", "kind": "redirect", "url": origin + "/p/1?de=atendente"},
				{"t": "outreach", "id": "open", "kind": "open"},
			} {
				w.send(frame)
				time.Sleep(25 * time.Second)
				for range mostWaiting {
					w.attend()
				}
				time.Sleep(time.Second)
			}
			if w.mostWait > mostWaiting {
				t.Errorf("%d waited at the same time", w.mostWait)
			}
		})
		for _, what := range [][]string{
			{`"id":"invite"`, "delivered"},
			{`"id":"invite"`, "shown"},
			{`"id":"invite"`, "accepted"},
			{`"id":"invite"`, "refused"},
			{"accepts invite"},
			{`"id":"promotion"`, "clicked"},
			{`"id":"promotion"`, "refused"},
			{"GET " + origin + "/ajuda"},
			{`"id":"elsewhere"`, "accepted"},
			{`"id":"redirect"`, "accepted"},
			{"GET " + origin + "/p/1?de=atendente"},
			{"accepts open"},
		} {
			if !w.did(what...) {
				t.Errorf("nobody did %q", what)
			}
		}
		if w.did("GET https://other.example") {
			t.Error("somebody left the shop")
		}
	})
}

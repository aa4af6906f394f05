package trigger

import (
	"strconv"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/visitor"
)

func TestEngine_OncePerVisitor(t *testing.T) {
	w := newWorld(t)
	w.add("cart", when(is(PageURL, "/cart")))
	w.view("ana", "/")
	w.expect()
	w.view("ana", "/cart")
	w.expect("cart→ana")
	w.view("ana", "/cart?x=1")
	w.expect()
	w.leave("ana")
	w.view("ana", "/cart") // the next visit
	w.expect()
	w.view("rui", "/cart/") // same address, another person
	w.expect("cart→rui")
}

func TestEngine_OncePerAddress(t *testing.T) {
	w := newWorld(t)
	d := when(is(PageURL, "/cart"))
	d.Once = PerAddress
	w.add("cart", d)
	w.view("ana", "/cart")
	w.expect("cart→ana")
	w.view("rui", "/cart")
	w.expect()
}

func TestEngine_EveryTimeAsOftenAsAllowed(t *testing.T) {
	w := newWorld(t)
	d := when(cond(PageURL, StartsWith, "/p/"))
	d.Once, d.Repeats = EveryTime, 2
	w.add("p", d)
	for i, want := range []int{1, 1, 0} {
		w.view("ana", "/p/"+strconv.Itoa(i))
		if got := len(w.sent); got != want {
			t.Errorf("page %d: %d times, want %d", i, got, want)
		}
		w.sent = nil
	}
	w.leave("ana")
	w.view("ana", "/p/1")
	w.expect("p→ana")
}

func TestEngine_Priority(t *testing.T) {
	w := newWorld(t)
	low, high, tag := when(is(Country, "BR")), when(is(Country, "BR")), when(is(Country, "BR"))
	high.Priority = 10
	tag.Action = Action{Kind: Tag, Tag: "brasil"}
	w.add("low", low)
	w.add("high", high)
	w.add("tag", tag)
	w.view("ana", "/")
	w.expect("high→ana", "tag→ana") // what shows: one at a time
	w.view("ana", "/two")
	w.expect("low→ana")
}

func TestEngine_ImpossibleGivesWay(t *testing.T) {
	w := newWorld(t)
	low, high := when(is(Country, "BR")), when(is(Country, "BR"))
	high.Priority = 10
	w.add("low", low)
	w.add("high", high)
	w.answers["high"] = Impossible
	w.view("ana", "/")
	w.expect("low→ana")
	w.answers["high"] = Done
	w.view("ana", "/") // its run was not noted
	w.expect("high→ana")
}

func TestEngine_OccupiedWaitsForTheNextPage(t *testing.T) {
	w := newWorld(t)
	w.add("hi", when(is(Country, "BR")))
	w.busy["ana"] = true
	w.view("ana", "/")
	w.expect()
	w.busy["ana"] = false
	w.view("ana", "/")
	w.expect("hi→ana")
	w.answers["hi"] = Occupied
	w.view("rui", "/")
	w.answers["hi"] = Done
	w.view("rui", "/")
	w.expect("hi→rui")
}

func TestEngine_HiddenPagesWait(t *testing.T) {
	w := newWorld(t)
	w.add("hi", when(is(Country, "BR")))
	w.view("ana", "/", func(v *visitor.Visit) { v.Hidden = true })
	w.expect()
	shown := *w.visits["ana"]
	shown.Hidden = false
	w.change(&shown)
	w.expect("hi→ana")
}

func TestEngine_DelayBeginsWhenItHolds(t *testing.T) {
	w := newWorld(t)
	d := when(cond(PageURL, StartsWith, "/p"))
	d.Delay = 10
	w.add("p", d)
	w.view("ana", "/p/1")
	w.pass(6 * time.Second)
	w.view("ana", "/p/2") // it still holds
	w.pass(3 * time.Second)
	w.expect()
	w.pass(time.Second)
	w.expect("p→ana")
	w.view("rui", "/p/1")
	w.pass(6 * time.Second)
	w.view("rui", "/") // it does not any more
	w.pass(10 * time.Second)
	w.expect()
	w.view("rui", "/p/1")
	w.pass(9 * time.Second)
	w.leave("rui")
	w.pass(9 * time.Second)
	w.expect()
}

func TestEngine_TimeOnSite(t *testing.T) {
	w := newWorld(t)
	w.add("stay", when(cond(SecondsOnSite, AtLeast, "30"), is(Country, "BR")))
	w.view("ana", "/")
	w.pass(29 * time.Second)
	w.expect()
	w.pass(time.Second)
	w.expect("stay→ana")
}

func TestEngine_Hours(t *testing.T) {
	w := newWorld(t) // Wednesday, 10:00
	w.add("lunch", when(cond(Hour, Between, "10:01", "12:00"), is(Day, "3")))
	w.add("night", when(cond(Hour, Between, "22:00", "06:00")))
	w.add("utc", Draft{TimeZone: "UTC", Conditions: []Condition{cond(Hour, Between, "13:00", "13:01")}})
	w.view("ana", "/")
	w.expect("utc→ana")
	w.view("rui", "/")
	w.expect("utc→rui")
	w.pass(59 * time.Second)
	w.expect()
	w.pass(time.Second)
	w.expect()
	w.view("ana", "/") // one shown thing for each page
	w.expect("lunch→ana")
	w.clock.Set(begin.Add(13 * time.Hour)) // 23:00
	w.view("eva", "/")
	w.expect("night→eva")
}

func TestEngine_AgentsCome(t *testing.T) {
	w := newWorld(t)
	w.add("on", when(is(AgentsOnline, "yes")))
	w.view("ana", "/")
	w.expect()
	w.online = true
	w.engine.OnlineChanged("other")
	w.settle()
	w.expect()
	w.engine.OnlineChanged("account")
	w.settle()
	w.expect("on→ana")
}

func TestEngine_ThePast(t *testing.T) {
	w := newWorld(t)
	w.add("known", when(is(Attended, "yes")))
	w.add("new", Draft{Priority: 1, Conditions: []Condition{is(Attended, "no"), is(Invited, "no")}})
	w.pasts["ana"] = Past{Attended: true}
	again := func(v *visitor.Visit) { v.Visits = 2 }
	w.view("ana", "/", again)
	w.expect("known→ana")
	w.view("rui", "/") // the first visit: nothing to be read
	w.expect("new→rui")
	if w.asked != 1 {
		t.Errorf("the past of %d visitors was read, want 1", w.asked)
	}
	w.view("eva", "/", again, func(v *visitor.Visit) { v.Hidden = true })
	w.engine.Invited("eva")
	w.settle()
	w.view("eva", "/", func(v *visitor.Visit) { v.Hidden = false })
	w.expect()
	w.engine.Attended("eva")
	w.settle()
	w.expect("known→eva")
}

func TestEngine_Watches(t *testing.T) {
	w := newWorld(t)
	w.add("scroll", when(is(PageURL, "/p"), cond(Scroll, AtLeast, "50"), cond(SecondsOnPage, AtLeast, "20")))
	w.add("either", Draft{Match: Any, Conditions: []Condition{is(PageURL, "/never"), is(Leaving, "yes")}})
	w.view("ana", "/")
	if got := w.watches("ana"); got != `either any [{"leaving":true}]` {
		t.Errorf("on / the page watches %q", got)
	}
	w.view("ana", "/p")
	if got := w.watches("ana"); got != `scroll all [{"scroll":50},{"seconds":20}]; either any [{"leaving":true}]` {
		t.Errorf("on /p the page watches %q", got)
	}
	w.engine.Met("ana", "scroll", 1) // of the page before
	w.engine.Met("ana", "nothing", 2)
	w.engine.Met("nobody", "scroll", 2)
	w.settle()
	w.expect()
	w.engine.Met("ana", "scroll", 2)
	w.engine.Met("ana", "scroll", 2)
	w.settle()
	w.expect("scroll→ana")
	w.engine.Met("ana", "either", 2)
	w.settle()
	w.expect() // something was shown on this page
	w.view("ana", "/")
	w.engine.Met("ana", "either", 3)
	w.settle()
	w.expect("either→ana")
	w.view("ana", "/empty")
	if got := w.watches("ana"); got != "" {
		t.Errorf("in the end the page watches %q, want nothing", got)
	}
}

func TestEngine_ClicksCountEveryTime(t *testing.T) {
	w := newWorld(t)
	d := when(is(IconClick, "yes"))
	d.Once, d.Repeats = EveryTime, 2
	w.add("click", d)
	w.view("ana", "/")
	for _, want := range []int{1, 1, 0} {
		w.engine.Met("ana", "click", 1)
		w.settle()
		if len(w.sent) != want {
			t.Errorf("%d times, want %d", len(w.sent), want)
		}
		w.sent = nil
	}
}

func TestEngine_PreviousPageAndOwnFields(t *testing.T) {
	w := newWorld(t)
	w.add("back", when(is(PreviousURL, "/cart"), is(PageURL, "/")))
	w.add("gold", when(Condition{Field: Custom, Key: "plan", Operator: Is, Values: []string{"Gold"}}))
	w.view("ana", "/cart")
	w.expect()
	w.view("ana", "/")
	w.expect("back→ana")
	w.view("ana", "/x")
	told := *w.visits["ana"]
	told.Identity = &visitor.Identity{Fields: []visitor.Field{{Key: "plan", Value: "gold"}}}
	w.change(&told)
	w.expect("gold→ana")
}

func TestEngine_DepartmentFollowsTheVisitor(t *testing.T) {
	w := newWorld(t)
	d := when(is(PageURL, "/sales"))
	d.Action = Action{Kind: Department, DepartmentID: "sales"}
	w.add("sales", d)
	w.view("ana", "/sales")
	w.view("ana", "/other")
	want := `ana {"t":"department","id":"sales"}`
	if len(w.frames) != 2 || w.frames[0] != want || w.frames[1] != want {
		t.Errorf("frames %q, want %s at once and on the next page", w.frames, want)
	}
}

func TestEngine_Counts(t *testing.T) {
	w := newWorld(t)
	w.add("cart", when(is(PageURL, "/cart")))
	w.add("never", when(is(PageURL, "/never")))
	w.view("ana", "/")
	w.view("ana", "/cart")
	w.view("rui", "/cart")
	got := w.engine.Counted()
	if got["cart"] != (Counters{Evaluated: 3, Fired: 2}) || got["never"] != (Counters{Evaluated: 3}) {
		t.Errorf("counted %+v", got)
	}
	if left := w.engine.Counted(); len(left) != 0 {
		t.Errorf("counted twice: %+v", left)
	}
}

func TestEngine_WithoutRulesNothingIsKept(t *testing.T) {
	w := newWorld(t)
	w.view("ana", "/")
	w.add("cart", when(is(PageURL, "/cart")))
	w.engine.SetRules("account", nil)
	w.view("ana", "/cart")
	for _, l := range w.engine.lanes {
		if len(l.visits) > 0 {
			t.Error("a visit is remembered")
		}
	}
	w.expect()
}

func TestEngine_RunsByItself(t *testing.T) {
	w := newWorld(t)
	done := make(chan struct{})
	w.engine.options.Observe = func(time.Duration) { close(done) }
	w.rules = nil
	w.add("cart", when(is(PageURL, "/cart")))
	w.engine.Start()
	w.engine.VisitChanged(&visitor.Visit{Arrival: &visitor.Arrival{ID: "v", AccountID: "account", VisitorID: "ana"}, Pages: 1})
	<-done
	w.engine.Stop()
}

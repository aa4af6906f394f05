package visitor

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func (w *world) page(tab, token string, hidden bool) *fakeConnection {
	c := w.connect()
	hello := strings.Replace(helloFrame, `"tab":"t1"`, `"tab":"`+tab+`","token":"`+token+`"`, 1)
	if hidden {
		hello = strings.Replace(hello, `"hidden":false`, `"hidden":true`, 1)
	}
	c.say(hello)
	return c
}

func TestPushToOne_ChoosesThePageThatIsLookedAt(t *testing.T) {
	w := newWorld(t, nil)
	first := w.page("t1", "", false)
	token := first.hear("welcome")["token"].(string)
	w.clock.Advance(time.Minute)
	second := w.page("t2", token, false)
	w.clock.Advance(time.Minute)
	behind := w.page("t3", token, true)
	visitor := first.tab.Visit().VisitorID
	frame := []byte(`{"t":"outreach"}`)

	if !w.live.PushToOne(visitor, frame) {
		t.Fatal("nobody took it")
	}
	second.hear("outreach")
	first.hear("welcome")
	behind.hear("welcome")

	second.say(`{"t":"hidden","hidden":true}`)
	if !w.live.PushToOne(visitor, frame) {
		t.Fatal("nobody took it")
	}
	first.hear("outreach")

	first.Close(1000, "")
	if !w.live.PushToOne(visitor, frame) { // all are hidden: the one that was active last
		t.Fatal("nobody took it")
	}
	behind.hear("outreach")
	if w.live.PushToOne("nobody", frame) {
		t.Fatal("somebody took it")
	}
}

func TestOffer_APageGetsWhatHasNoAnswer(t *testing.T) {
	w := newWorld(t, nil)
	w.talks.sent = map[string]any{"t": "outreach", "id": "d1"}
	first := w.page("t1", "", false)
	first.hear("outreach")
	token := first.sent[0]["token"].(string)

	second := w.page("t2", token, false)
	second.hear("welcome") // the first page has it, and is open

	again := w.page("t1", token, false) // the next page in the same tab
	again.hear("outreach")

	again.Close(1000, "")
	second.say(`{"t":"hidden","hidden":true}`)
	second.hear("welcome")
	second.say(`{"t":"hidden","hidden":false}`)
	second.hear("outreach") // who had it is closed

	third := w.page("t3", token, true)
	third.hear("welcome") // nobody looks at it
}

func TestFrame_AcknowledgementsAreHeard(t *testing.T) {
	w := newWorld(t, nil)
	c := w.page("t1", "", false)
	const id = "01900000-0000-7000-8000-000000000001"
	c.say(`{"t":"outreach","id":"` + id + `","state":"shown"}`)
	for frame, field := range map[string]string{
		`{"t":"outreach","id":"x","state":"shown"}`:             "id:invalid",
		`{"t":"outreach","id":"` + id + `","state":"queued"}`:   "state:not_allowed",
		`{"t":"outreach","id":"` + id + `","state":"anything"}`: "state:not_allowed",
	} {
		c.say(frame)
		if code, fields := c.refused(); code != "validation" || !slices.Equal(fields, []string{field}) {
			t.Errorf("%s: %s %v, want %s", frame, code, fields, field)
		}
	}
	if heard := w.told(); !slices.Equal(heard, []string{"acknowledged account " + id + " shown"}) {
		t.Errorf("heard %v", heard)
	}
}

package demo

import (
	"context"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mileusna/useragent"

	"github.com/aceno-chat/aceno/internal/platform/geo"
)

func TestPlaces_LieWhereTheySay(t *testing.T) {
	db, err := geo.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if len(countries) != len(places) {
		t.Errorf("%d countries in order, %d places", len(countries), len(places))
	}
	for code, p := range places {
		if _, err := time.LoadLocation(p.zone); err != nil {
			t.Error(err)
		}
		for _, n := range p.networks {
			for third := range 256 {
				at := netip.AddrFrom4([4]byte{n[0], n[1], byte(third), 7})
				if got := db.Lookup(at).Country; got != code {
					t.Errorf("%s lies in %s, not in %s", at, got, code)
					break
				}
			}
		}
	}
}

func TestDevices_AreWhatTheySay(t *testing.T) {
	screen := regexp.MustCompile(`^\d+x\d+$`)
	for _, d := range append(slices.Clone(devices), robot) {
		parsed := useragent.Parse(d.agent)
		if parsed.Name == "" || parsed.OS == "" && !parsed.Bot {
			t.Errorf("nobody knows %q", d.agent)
		}
		if parsed.Bot != (d.agent == robot.agent) {
			t.Errorf("bot %t: %q", parsed.Bot, d.agent)
		}
		for _, s := range d.screens {
			if !screen.MatchString(s) {
				t.Errorf("no screen: %q", s)
			}
		}
	}
	for _, w := range ways {
		if _, err := url.ParseQuery(w.campaign); err != nil {
			t.Error(err)
		}
	}
}

func TestPersona_IsPlausible(t *testing.T) {
	d := newDice(1, 1)
	const people = 2000
	brazilians, known, robots, talkers := 0, 0, 0, 0
	for range people {
		p := newPersona(d)
		if p.name == "" || !regexp.MustCompile(`^[a-z]+\.[a-z]+@example\.com$`).MatchString(p.email) {
			t.Fatalf("%q %q", p.name, p.email)
		}
		if p.language == "pt-BR" {
			brazilians++
		}
		if p.known {
			known++
		}
		if p.robot {
			robots++
			if p.known || p.talks {
				t.Error("a robot with a name")
			}
		}
		if p.talks {
			talkers++
		}
	}
	for what, share := range map[string][3]int{
		"Brazilians": {brazilians, 70, 85}, "known": {known, 8, 16}, "robots": {robots * 10, 4, 25}, "talkers": {talkers, 75, 92},
	} {
		if percent := share[0] * 100 / people; percent < share[1] || percent > share[2] {
			t.Errorf("%s: %d %%", what, percent)
		}
	}
}

func TestDice_Around(t *testing.T) {
	d := newDice(2, 2)
	drawn := make([]time.Duration, 5001)
	for i := range drawn {
		drawn[i] = d.around(28 * time.Second)
	}
	slices.Sort(drawn)
	if median := drawn[len(drawn)/2]; median < 25*time.Second || median > 31*time.Second {
		t.Errorf("median %s", median)
	}
	if drawn[0] < time.Second || drawn[len(drawn)-1] > 15*time.Minute {
		t.Errorf("from %s to %s", drawn[0], drawn[len(drawn)-1])
	}
}

func TestExplore(t *testing.T) {
	w := newFakeWorld(t)
	s := crowdOf(t, w, 0, 1).shop
	if want := []string{"/", "/produtos", "/ajuda", "/p/1", "/p/2"}; !slices.Equal(s.paths, want) {
		t.Errorf("found %v, want %v", s.paths, want)
	}
	if title := s.pages["/"].title; title != "Trilha & Cia" {
		t.Errorf("title %q", title)
	}
	if links := s.pages["/p/1"].links; !slices.Equal(links, []string{"/", "/produtos"}) {
		t.Errorf("links %v", links)
	}
	d := newDice(1, 1)
	if next := s.onward(d, s.pages["/ajuda"], "/"); next.path != "/" {
		t.Errorf("from a dead end to %s", next.path)
	}
	_, err := explore(t.Context(), origin, func(context.Context, string) ([]byte, error) { return nil, context.DeadlineExceeded })
	if err == nil {
		t.Error("explored a shop that is not there")
	}
}

func TestTopics_FitTheDepartments(t *testing.T) {
	d := newDice(1, 1)
	for _, dep := range departments {
		if got := topicFor(d, dep.Name); got.department != dep.Name {
			t.Errorf("%s: %q", dep.Name, got.question)
		}
	}
	if topicFor(d, "Outro").question == "" {
		t.Error("no question for another department")
	}
	for _, topic := range topics {
		goodbye := false
		for said := range 8 {
			for _, to := range []string{"Qual é o número do pedido?", "Vou verificar."} {
				text, last := topic.answer(d, to, said)
				goodbye = goodbye || last
				if text == "" || len(text) > 500 || !strings.HasPrefix(text, beginning(text)) {
					t.Errorf("%q to %q", text, to)
				}
			}
		}
		if !goodbye {
			t.Errorf("%q never ends", topic.question)
		}
	}
}

package demo

import (
	"context"
	"strings"
	"time"
)

// approach is something an agent or a rule sent to the page the guest looks at.
type approach struct {
	ID         string  `json:"id"`
	Kind       string  `json:"kind"`
	Link       string  `json:"link"`
	URL        string  `json:"url"`
	Department *string `json:"department"`

	shown bool
}

// approached takes what was sent: the page says that it has it, and the guest looks at it in a moment.
func (g *guest) approached(a approach) {
	if g.approach != nil && g.approach.ID == a.ID {
		return // said once more
	}
	g.approach = &a
	if a.Kind == "redirect" {
		g.crowd.schedule.in(g.regard, g.dice.between(50*time.Millisecond, 300*time.Millisecond))
		return
	}
	g.answer("delivered")
	g.crowd.schedule.in(g.regard, g.dice.between(200*time.Millisecond, time.Second))
}

// answer says how far it has come.
func (g *guest) answer(state string) {
	g.say(map[string]any{"t": "outreach", "id": g.approach.ID, "state": state})
}

// look is the next thing the guest does with what was sent: sees it, answers it, or lets it be.
func (g *guest) look(ctx context.Context) {
	g.mu.Lock()
	defer g.mu.Unlock()
	a := g.approach
	if a == nil || g.line == nil {
		return
	}
	switch {
	case a.Kind == "redirect":
		g.answer("accepted")
		g.approach = nil
		g.follow(ctx, a.URL)
	case g.hidden: // whoever is away sees it later, or never
		g.crowd.schedule.in(g.regard, g.dice.between(5*time.Second, 15*time.Second))
	case !a.shown && a.Kind != "open":
		a.shown = true
		g.answer("shown")
		g.crowd.schedule.in(g.regard, g.dice.between(3*time.Second, 14*time.Second))
	default:
		g.decide(ctx, *a)
	}
}

// decide answers as people do: about a third say yes, some close it, the others leave it where it is.
func (g *guest) decide(ctx context.Context, a approach) {
	lot := g.dice.IntN(100)
	switch {
	case a.Kind == "promotion" && lot < 35:
		g.answer("clicked")
		g.approach = nil
		g.follow(ctx, a.Link)
	case a.Kind != "promotion" && (lot < 35 || a.Kind == "open") && g.talk == nil && g.persona.talks &&
		g.crowd.desk.room(time.Now()):
		g.answer("accepted")
		g.approach = nil
		g.talk = &talk{stage: filling, topic: topics[g.dice.IntN(len(topics))], invite: &a}
		g.plan(g.dice.between(4*time.Second, 10*time.Second), g.ask)
	case a.Kind != "open" && lot < 70:
		g.answer("refused")
		g.approach = nil
	}
}

// follow goes to an address, if it is one of the shop's.
func (g *guest) follow(ctx context.Context, address string) {
	path, ok := strings.CutPrefix(address, g.crowd.shop.origin)
	path, query, _ := strings.Cut(path, "?")
	next, known := g.crowd.shop.pages[path]
	if !ok || !known {
		return
	}
	g.previous, g.referrer = g.page.path, g.address
	g.hangUp()
	g.crowd.schedule.in(g.walk, g.show(ctx, next, query))
}

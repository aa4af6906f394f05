package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/edge/dial"
)

const (
	// acquaintances is how many of its earlier people a guest may become again.
	acquaintances = 6
	refusedPause  = 30 * time.Second
)

// guest is one place among the visitors: one person after another browses from it.
type guest struct {
	crowd  *crowd
	number uint64
	// walk moves the person through the shop, speech through a conversation, regard through what was sent to the page.
	walk, speech, regard *task

	mu   sync.Mutex
	dice *dice
	acquaintance
	// before are those who were here and may come back.
	before []acquaintance

	here bool
	visit
	talk     *talk
	approach *approach
}

// acquaintance is somebody the server may know.
type acquaintance struct {
	persona persona
	token   string
}

// visit is how far somebody has come in the shop.
type visit struct {
	tab string
	// line is nil when the socket is lost; answered says that the server has said welcome on it.
	line     line
	openings int // counts the sockets, so that news of an old one is not taken for the new one's
	resumed  bool

	page              page
	address, referrer string
	previous          string // path of the page before
	// pagesLeft are those still to see; turnAt is when the page has been seen.
	pagesLeft int
	turnAt    time.Time
	activity  time.Time
	hidden    bool
	showAt    time.Time
}

func newGuest(c *crowd, number int) *guest {
	g := &guest{crowd: c, number: uint64(number)}
	g.dice = newDice(c.seed, g.number)
	g.walk, g.speech, g.regard = newTask(g.move), newTask(g.speak), newTask(g.look)
	return g
}

// move makes the next move of the walk and sets the one after it.
func (g *guest) move(ctx context.Context) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	var pause time.Duration
	switch {
	case !g.here:
		pause = g.arrive(ctx)
	case g.line == nil:
		g.resumed = true
		pause = g.open(ctx)
	case now.Before(g.turnAt):
		pause = g.fidget(now)
	case g.talk != nil && (g.pagesLeft <= 0 || g.talk.stage == filling || g.dice.chance(85)):
		g.turnAt = now.Add(g.dice.between(20*time.Second, time.Minute))
		pause = time.Second
	case g.pagesLeft <= 0:
		pause = g.leave(ctx)
	default:
		pause = g.turn(ctx)
	}
	g.crowd.schedule.in(g.walk, pause)
}

// arrive makes somebody come to the shop: a new person, or one who was here before.
func (g *guest) arrive(ctx context.Context) time.Duration {
	if n := len(g.before); n > 1 && g.dice.chance(22) {
		i := g.dice.IntN(n - 1) // not the one who has just left
		g.acquaintance = g.before[i]
		g.before = append(g.before[:i], g.before[i+1:]...)
		g.persona.way = way{}
	} else {
		g.acquaintance = acquaintance{persona: newPersona(g.dice)}
	}
	g.visit = visit{tab: strconv.FormatUint(g.dice.Uint64(), 36), referrer: g.persona.way.referrer}
	g.pagesLeft = g.journey()
	g.here = true
	first := g.crowd.shop.entry(g.dice, g.persona.way.deep)
	return g.show(ctx, first, g.persona.way.campaign)
}

// journey draws how many pages somebody will see after the first: three in ten none.
func (g *guest) journey() int {
	if g.dice.chance(30) {
		return 0
	}
	pages := 1
	for pages < 25 && g.dice.chance(82) {
		pages++
	}
	return pages
}

// turn goes to another page; now and then only the address changes, as when a list is sorted.
func (g *guest) turn(ctx context.Context) time.Duration {
	g.pagesLeft--
	if g.dice.chance(15) {
		from := g.address
		g.address = g.crowd.shop.origin + g.page.path + "?ordem=" + []string{"preco", "novidades", "avaliacao"}[g.dice.IntN(3)]
		g.referrer = from
		g.stay()
		return g.say(map[string]any{"t": "page", "url": g.address, "title": g.page.title, "referrer": from})
	}
	next := g.crowd.shop.onward(g.dice, g.page, g.previous)
	g.previous, g.referrer = g.page.path, g.address
	g.hangUp()
	return g.show(ctx, next, "")
}

// show opens a page: its text, then the socket that its script opens.
func (g *guest) show(ctx context.Context, p page, query string) time.Duration {
	g.page, g.address = p, g.crowd.shop.origin+p.path
	g.approach = nil // it went with the page
	if query != "" {
		g.address += "?" + query
	}
	g.stay()
	g.hidden, g.resumed = false, false
	if _, err := g.crowd.world.Fetch(ctx, &g.persona, g.address, g.referrer); err != nil {
		g.crowd.log.Debug("a page of the shop", "error", err)
	}
	return g.open(ctx)
}

// stay draws how long the page is looked at. One in twenty leaves it open behind other windows.
func (g *guest) stay() {
	now := time.Now()
	g.activity = now
	length := g.dice.around(28 * time.Second)
	if g.dice.chance(5) {
		length = g.dice.between(5*time.Minute, 20*time.Minute)
		g.showAt = now.Add(length)
	}
	if g.persona.robot {
		length = g.dice.between(2*time.Second, 8*time.Second)
	}
	g.turnAt = now.Add(length)
}

// open opens the socket of the present page and says hello on it.
func (g *guest) open(ctx context.Context) time.Duration {
	g.openings++
	opening := g.openings
	opened, err := g.crowd.world.Open(ctx, &g.persona,
		func(frame []byte) { g.hear(opening, frame) }, func(err error) { g.lost(opening, err) })
	if err != nil {
		g.crowd.log.Debug("a visitor's socket", "error", err)
		return g.dice.between(2*time.Second, 6*time.Second)
	}
	g.line = opened
	return g.say(g.hello())
}

// hello is the first frame of a page.
func (g *guest) hello() map[string]any {
	p := &g.persona
	hello := map[string]any{
		"t": "hello", "tab": g.tab, "url": g.address, "title": g.page.title, "referrer": g.referrer, "language": p.language,
		"screen": p.screen, "time_zone": p.zone, "hidden": g.hidden, "monitoring": true, "resumed": g.resumed,
	}
	if g.token != "" {
		hello["token"] = g.token
	}
	if p.known {
		hello["name"], hello["email"] = p.name, p.email
		hello["fields"] = map[string]string{"pedidos": strconv.Itoa(p.orders)}
	}
	return hello
}

// say sends a frame and tells when to look again.
func (g *guest) say(frame any) time.Duration {
	if g.line != nil {
		if err := g.line.Say(frame); err != nil {
			g.crowd.log.Debug("a visitor's frame", "error", err) // the reader notices too
		}
	}
	return g.untilNext(time.Now())
}

// untilNext is a while after which somebody may have moved the mouse, or the end of the page.
func (g *guest) untilNext(now time.Time) time.Duration {
	return min(g.dice.between(31*time.Second, 55*time.Second), max(g.turnAt.Sub(now), 100*time.Millisecond))
}

// fidget is what happens on a page between its opening and its end.
func (g *guest) fidget(now time.Time) time.Duration {
	switch {
	case g.hidden && (now.After(g.showAt) || g.talk != nil):
		g.hidden = false
		return g.say(map[string]any{"t": "hidden", "hidden": false})
	case g.hidden || g.persona.robot:
		return g.untilNext(now)
	case g.talk == nil && (now.Before(g.showAt) || g.dice.chance(6)):
		g.hidden = true
		if now.After(g.showAt) {
			g.showAt = now.Add(g.dice.around(40 * time.Second))
		}
		return g.say(map[string]any{"t": "hidden", "hidden": true})
	case now.Sub(g.activity) >= 30*time.Second && g.dice.chance(65):
		g.activity = now
		return g.say(map[string]any{"t": "activity"})
	}
	return g.untilNext(now)
}

// leave closes the page. Most browsers still tell.
func (g *guest) leave(ctx context.Context) time.Duration {
	g.hangUp()
	if g.token != "" && g.dice.chance(70) {
		if err := g.crowd.world.Leave(ctx, &g.persona, g.token, g.tab); err != nil {
			g.crowd.log.Debug("a visitor's farewell", "error", err)
		}
	}
	g.drop()
	return g.dice.between(5*time.Second, 20*time.Second) // the server's own patience, so that the number stays
}

// drop makes room for somebody else.
func (g *guest) drop() {
	g.here = false
	if !g.persona.robot && g.token != "" {
		g.before = append(g.before, g.acquaintance)
		if len(g.before) > acquaintances {
			g.before = g.before[1:]
		}
	}
}

// hangUp closes the socket, if there is one.
func (g *guest) hangUp() {
	if g.line != nil {
		g.line.Close()
		g.line = nil
		g.openings++ // what the old one still says is not heard
	}
}

// lost is told by the socket's reader when it ended.
func (g *guest) lost(opening int, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.openings != opening || g.line == nil {
		return
	}
	g.line = nil
	pause := g.dice.between(time.Second, 4*time.Second)
	if closed, ok := errors.AsType[*dial.ClosedError](err); ok && closed.Code >= 4000 && closed.Code != 4008 {
		g.crowd.log.Warn("the server does not want a visitor of the demo", "code", closed.Code, "reason", closed.Reason)
		pause = refusedPause
	}
	g.crowd.schedule.in(g.walk, pause)
}

// heard is what is read of the server's frames.
type heard struct {
	T            string          `json:"t"`
	Token        string          `json:"token"`
	Online       *bool           `json:"online"`
	Conversation json.RawMessage `json:"conversation"`
	Message      *message        `json:"message"`
	Problem      *refusal        `json:"problem"`
	approach
}

// hear takes a frame of the server.
func (g *guest) hear(opening int, data []byte) {
	var frame heard
	if err := json.Unmarshal(data, &frame); err != nil {
		g.crowd.log.Warn("a frame that is none", "error", err)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.openings != opening {
		return
	}
	switch frame.T {
	case "welcome":
		g.token = frame.Token
		g.fallBehind()
	case "conversation":
		var state conversation
		if json.Unmarshal(frame.Conversation, &state) == nil {
			g.told(state)
		}
	case "message":
		if frame.Message != nil {
			g.read(*frame.Message)
		}
	case "outreach":
		g.approached(frame.approach)
	case "error":
		g.crowd.log.Debug("the server refused a frame", "problem", fmt.Sprint(frame.Problem))
	}
	if frame.Online != nil {
		g.crowd.desk.hear(*frame.Online)
	}
}

// command does a request in the person's name.
func (g *guest) command(ctx context.Context, method, path string, in, out any) error {
	err := g.crowd.world.Command(ctx, &g.persona, g.token, method, path, in, out)
	if err != nil {
		g.crowd.log.Debug("a visitor's request", "path", path, "error", err)
	}
	return err
}

// wontDo says whether asking again would be answered the same.
func wontDo(err error) bool {
	refused, ok := errors.AsType[*refusal](err)
	return ok && refused.Status >= http.StatusBadRequest && refused.Status < http.StatusInternalServerError &&
		refused.Status != http.StatusTooManyRequests
}

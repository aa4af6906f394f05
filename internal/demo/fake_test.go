package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/platform/edge/dial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const origin = "http://shop.example"

// fakePages are a shop of a few pages.
var fakePages = map[string]string{
	"/":         `<title>Trilha &amp; Cia</title><a href="/produtos">p</a> <a href="/ajuda">a</a> <a href="https://other.example/">o</a>`,
	"/produtos": `<title>Produtos</title><a class="x" href="/p/1">1</a><a href="/p/2?cor=azul#topo">2</a><a href="/assets/art.svg">no</a>`,
	"/p/1":      `<title>Barraca</title><a href="/">home</a><a href="/produtos">p</a><a href="/p/missing">gone</a>`,
	"/p/2":      `<title>Bota</title><a href="../">home</a>`,
	"/ajuda":    `<title>Ajuda</title>`,
}

// fakeWorld is a server as visitors see it, with an agent who may attend.
type fakeWorld struct {
	t *testing.T

	mu       sync.Mutex
	trace    []string // what was done, by whom, without when
	lines    map[*fakeLine]bool
	most     int // lines at the same time
	online   bool
	down     bool
	refuse   bool // conversations
	next     int
	open     map[string]*fakeTalk // by visitor's address
	waiting  int
	mostWait int
	outcome  map[string]int
	readers  sync.WaitGroup
}

type fakeTalk struct {
	id, state string
	sequence  int64
	line      *fakeLine
	since     time.Time
	gone      time.Time
	said      []string
}

func newFakeWorld(t *testing.T) *fakeWorld {
	return &fakeWorld{t: t, lines: map[*fakeLine]bool{}, open: map[string]*fakeTalk{}, outcome: map[string]int{}}
}

func (w *fakeWorld) notef(p *persona, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trace = append(w.trace, p.address.String()+" "+fmt.Sprintf(format, args...))
}

func (w *fakeWorld) Fetch(_ context.Context, p *persona, address, _ string) ([]byte, error) {
	w.notef(p, "GET %s", address)
	path, _, _ := strings.Cut(strings.TrimPrefix(address, origin), "?")
	text, ok := fakePages[path]
	if !ok {
		return nil, &refusal{Status: http.StatusNotFound}
	}
	return []byte(text), nil
}

// fakeLine is the server's end of a socket.
type fakeLine struct {
	world   *fakeWorld
	persona *persona
	frames  chan any
	once    sync.Once
	greeted bool
}

func (w *fakeWorld) Open(_ context.Context, p *persona, hear func([]byte), gone func(error)) (line, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		return nil, errors.New("connection refused")
	}
	l := &fakeLine{world: w, persona: p, frames: make(chan any, 16)}
	w.lines[l] = true
	w.most = max(w.most, len(w.lines))
	w.readers.Go(func() {
		for frame := range l.frames {
			if err, ok := frame.(error); ok {
				gone(err)
				return
			}
			data, _ := json.Marshal(frame)
			hear(data)
		}
		gone(errors.New("closed"))
	})
	return l, nil
}

func (l *fakeLine) Say(frame any) error {
	data, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	var f map[string]any
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	l.world.notef(l.persona, "says %s", data)
	if kind := f["t"]; kind == "hello" == l.greeted {
		l.world.t.Errorf("hello once and first, got %v", kind)
	}
	if f["t"] != "hello" {
		return nil
	}
	l.greeted = true
	l.world.mu.Lock()
	defer l.world.mu.Unlock()
	if talk := l.world.open[l.persona.address.String()]; talk != nil {
		talk.line = l
	}
	l.frames <- map[string]any{"t": "welcome", "token": "token of " + l.persona.address.String(), "online": l.world.online}
	return nil
}

func (l *fakeLine) Close() {
	l.world.mu.Lock()
	defer l.world.mu.Unlock()
	l.end(nil)
}

func (l *fakeLine) end(err error) {
	l.once.Do(func() {
		delete(l.world.lines, l)
		if err != nil {
			l.frames <- err
		}
		close(l.frames)
	})
}

func (w *fakeWorld) Leave(_ context.Context, p *persona, token, tab string) error {
	if token == "" || tab == "" {
		w.t.Errorf("left without a name: %q %q", token, tab)
	}
	w.notef(p, "leaves")
	return nil
}

func (w *fakeWorld) Command(_ context.Context, p *persona, token, method, path string, in, out any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if token != "token of "+p.address.String() {
		w.t.Errorf("%s came with token %q", p.address, token)
	}
	w.trace = append(w.trace, p.address.String()+" "+method+" "+path)
	answer := map[string]any{}
	talk := w.open[p.address.String()]
	switch {
	case strings.HasPrefix(path, "/v/site"):
		answer["departments"] = []map[string]any{{"id": "1", "name": "Vendas", "online": w.online}, {"id": "2", "name": "Suporte"}}
	case path == "/v/conversations" && w.refuse:
		return &refusal{Status: http.StatusConflict, Code: "department_unattended"}
	case path == "/v/conversations":
		w.next++
		if id := in.(map[string]any)["outreach_id"]; id != nil {
			w.trace = append(w.trace, fmt.Sprint(p.address, " accepts ", id))
		}
		talk = &fakeTalk{id: fmt.Sprint("c", w.next), state: "waiting", sequence: 2, since: time.Now(), line: w.lineOf(p)}
		w.open[p.address.String()] = talk
		w.waiting++
		w.mostWait = max(w.mostWait, w.waiting)
		answer = map[string]any{"id": talk.id, "state": talk.state}
	case talk == nil:
		return &refusal{Status: http.StatusNotFound}
	case strings.HasSuffix(path, "/end"):
		w.finish(p.address.String(), talk, "ended by the visitor while "+talk.state)
	case strings.HasSuffix(path, "/messages"):
		if talk.state != "active" {
			return &refusal{Status: http.StatusConflict, Code: "conversation_ended"}
		}
		talk.sequence++
		talk.said = append(talk.said, in.(map[string]string)["text"])
	default:
		answer = map[string]any{"conversation": map[string]any{"id": talk.id, "state": talk.state}, "messages": []any{}}
	}
	if out == nil {
		return nil
	}
	data, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, out)
}

func (w *fakeWorld) lineOf(p *persona) *fakeLine {
	for l := range w.lines {
		if l.persona == p {
			return l
		}
	}
	w.t.Errorf("%s asks without being there", p.address)
	return nil
}

func (w *fakeWorld) finish(who string, talk *fakeTalk, outcome string) {
	if talk.state == "waiting" {
		w.waiting--
	}
	talk.state = "ended"
	delete(w.open, who)
	w.outcome[outcome]++
	w.tell(talk, map[string]any{"t": "conversation", "conversation": map[string]any{"id": talk.id, "state": "ended"}})
}

func (w *fakeWorld) tell(talk *fakeTalk, frame any) {
	if w.lines[talk.line] {
		talk.line.frames <- frame
	}
}

// sweep ends the conversations of those who have been gone for the server's patience.
func (w *fakeWorld) sweep() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for who, talk := range w.open {
		switch {
		case w.lines[talk.line]:
			talk.gone = time.Time{}
		case talk.gone.IsZero():
			talk.gone = time.Now()
		case time.Since(talk.gone) > 90*time.Second:
			w.finish(who, talk, "abandoned while "+talk.state)
		}
	}
}

// attend is one round of the agent: take the one who waits longest, say something in every conversation, end those that said enough.
func (w *fakeWorld) attend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	var first *fakeTalk
	for who, talk := range w.open {
		switch {
		case talk.state == "waiting" && w.lines[talk.line] && (first == nil || talk.since.Before(first.since)):
			first = talk
		case talk.state == "active" && len(talk.said) > 3:
			w.finish(who, talk, "ended by the agent")
		case talk.state == "active":
			w.speak(talk, "Certo. Pode me dizer mais?")
		}
	}
	if first != nil {
		first.state = "active"
		w.waiting--
		w.tell(first, map[string]any{"t": "conversation", "conversation": map[string]any{"id": first.id, "state": "active"}})
		w.speak(first, "Olá! Em que posso ajudar?")
	}
}

func (w *fakeWorld) speak(talk *fakeTalk, text string) {
	talk.sequence++
	w.tell(talk, map[string]any{"t": "message", "conversation": talk.id, "message": map[string]any{
		"sequence": talk.sequence, "kind": "text", "author": map[string]string{"kind": "agent"}, "text": text,
	}})
}

func (w *fakeWorld) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.lines)
}

// restart drops everybody, refuses new ones for a while, and is there again.
func (w *fakeWorld) restart(down time.Duration) {
	w.mu.Lock()
	w.down = true
	for l := range w.lines {
		l.end(&dial.ClosedError{Code: 1012, Reason: "restart"})
	}
	w.mu.Unlock()
	time.Sleep(down)
	w.mu.Lock()
	w.down = false
	w.mu.Unlock()
}

// story is what each visitor did, in order; visitors by name.
func (w *fakeWorld) story() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.SortStableFunc(w.trace, func(a, b string) int {
		return strings.Compare(strings.Fields(a)[0], strings.Fields(b)[0])
	})
	return w.trace
}

// crowdOf returns a crowd in the fake world.
func crowdOf(t *testing.T, w *fakeWorld, visitors int, seed uint64) *crowd {
	t.Helper()
	c := newCrowd(Options{Visitors: visitors, Seed: seed, Logger: slog.New(slog.DiscardHandler)}, w, "key")
	var err error
	somebody := newPersona(c.dice)
	c.shop, err = explore(t.Context(), origin, func(ctx context.Context, address string) ([]byte, error) {
		return w.Fetch(ctx, &somebody, address, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// send sends something to everybody's page.
func (w *fakeWorld) send(frame map[string]any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for l := range w.lines {
		if l.greeted {
			l.frames <- frame
		}
	}
}

// did says whether anybody did something of which the note has all parts.
func (w *fakeWorld) did(parts ...string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.trace, func(s string) bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(s, part) })
	})
}

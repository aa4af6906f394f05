package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// received is what somebody has got, by writer, in the order it came.
type received struct {
	mu       sync.Mutex
	byWriter map[string][]int
	disorder int
	// confusion says what the first disorder was.
	confusion string
}

// take notes a message by its text, `#WRITER.NUMBER words`; other texts are ignored.
func (r *received) take(text string) {
	id, _, _ := strings.Cut(strings.TrimPrefix(text, "#"), " ")
	dot := strings.LastIndexByte(id, '.')
	if dot < 0 || !strings.HasPrefix(text, "#") {
		return
	}
	n, err := strconv.Atoi(id[dot+1:])
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byWriter == nil {
		r.byWriter = map[string][]int{}
	}
	r.byWriter[id[:dot]] = append(r.byWriter[id[:dot]], n)
}

func (r *received) confusedf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.disorder++; r.disorder == 1 {
		r.confusion = fmt.Sprintf(format, args...)
	}
}

// count says how many messages of a writer have come.
func (r *received) count(writer string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.byWriter[writer])
}

// writer writes one message after another in one direction of a conversation, each until it is acknowledged.
type writer struct {
	*chaos
	talk      *talk
	direction direction
	name      string
	luck      *rand.Rand
	acked     atomic.Int64
}

func (w *writer) acknowledged() int { return int(w.acked.Load()) }

// write begins messages until writing ends; the last one is still brought to its end, unless life ends.
func (w *writer) write(writing, life context.Context) {
	for n := 1; writing.Err() == nil; n++ {
		id := fmt.Sprintf("%s.%d", w.name, n)
		for w.send(life, w.talk, w.direction, id) != nil {
			w.again.Add(1)
			if wait(life, 10*time.Millisecond+upTo(w.luck, 100*time.Millisecond)) != nil {
				return
			}
		}
		w.acked.Store(int64(n))
		if wait(writing, upTo(w.luck, pauseMost)) != nil {
			return
		}
	}
}

// message is what is read of one.
type message struct {
	Sequence int64  `json:"sequence"`
	Text     string `json:"text"`
}

// chaosVisitor is a visitor whose socket is cut, and who comes back by itself.
type chaosVisitor struct {
	*chaos
	talk     *talk
	token    string
	received received
	luck     *rand.Rand
	// last is the sequence of the last message taken.
	last int64

	mu   sync.Mutex
	open *guest
}

func newChaosVisitor(c *chaos, t *talk, luck *rand.Rand) *chaosVisitor {
	return &chaosVisitor{chaos: c, talk: t, token: t.visitor.token, luck: luck}
}

func (v *chaosVisitor) cut() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.open != nil {
		_ = v.open.socket.Cut() // the reader notices
		v.cuts.Add(1)
	}
}

// live holds a socket, comes back when it is lost, and asks for what it missed.
func (v *chaosVisitor) live(ctx context.Context) {
	stop := context.AfterFunc(ctx, v.cut)
	defer stop()
	for ctx.Err() == nil {
		g, err := v.visit(ctx, v.talk.visitor.number, v.token, true, netip.Addr{})
		if err != nil {
			_ = wait(ctx, 20*time.Millisecond+upTo(v.luck, 200*time.Millisecond)) // the loop looks at ctx
			continue
		}
		v.token = g.token
		v.mu.Lock()
		v.open = g
		v.mu.Unlock()
		if ctx.Err() != nil {
			v.cut()
		}
		if v.catchUp(ctx) == nil {
			g.listen(func(kind string, frame []byte) { v.hear(ctx, g, kind, frame) })
		}
		_ = g.socket.Cut() // over in any case
		v.mu.Lock()
		v.open = nil
		v.mu.Unlock()
	}
}

func (v *chaosVisitor) hear(ctx context.Context, g *guest, kind string, frame []byte) {
	if kind != "message" {
		return
	}
	var f struct {
		Message message `json:"message"`
	}
	if err := json.Unmarshal(frame, &f); err != nil {
		v.received.confusedf("visitor: %v", err)
		return
	}
	switch m := f.Message; {
	case m.Sequence == v.last+1:
		v.take(m)
	case m.Sequence > v.last+1 && v.catchUp(ctx) != nil:
		_ = g.socket.Cut() // comes back and asks again
	}
}

func (v *chaosVisitor) take(m message) {
	v.last = m.Sequence
	v.received.take(m.Text)
}

// catchUp asks for everything after the last message.
func (v *chaosVisitor) catchUp(ctx context.Context) error {
	for {
		var page struct {
			Messages []message `json:"messages"`
			More     bool      `json:"more"`
		}
		path := fmt.Sprintf("/v/conversations/%s?after=%d", v.talk.id, v.last)
		if err := v.calls.call(ctx, v.talk.visitor.who, http.MethodGet, path, nil, &page); err != nil {
			return err
		}
		for _, m := range page.Messages {
			if m.Sequence != v.last+1 {
				v.received.confusedf("visitor: message %d after %d", m.Sequence, v.last)
			}
			v.take(m)
		}
		if !page.More || len(page.Messages) == 0 {
			return nil
		}
	}
}

// chaosAgent is an agent whose panel is cut, and comes back by itself.
type chaosAgent struct {
	*chaos
	who      identity
	position int64
	received received
	luck     *rand.Rand

	mu   sync.Mutex
	open *panel
}

func (a *chaosAgent) cut() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open != nil {
		_ = a.open.conn.CloseNow() // the reader notices
		a.cuts.Add(1)
	}
}

// live holds a panel and comes back with its last position when it is lost.
func (a *chaosAgent) live(ctx context.Context) {
	for ctx.Err() == nil {
		p, err := a.openPanel(ctx, a.who, a.position, a.hear)
		if err != nil {
			_ = wait(ctx, 20*time.Millisecond+upTo(a.luck, 200*time.Millisecond)) // the loop looks at ctx
			continue
		}
		a.mu.Lock()
		a.open = p
		a.mu.Unlock()
		select {
		case <-p.gone:
		case <-ctx.Done():
		}
		a.mu.Lock()
		a.open = nil
		a.mu.Unlock()
		p.close()
	}
}

func (a *chaosAgent) hear(kind string, data []byte) {
	switch kind {
	case "reload":
		a.received.confusedf("panel: told to reload at position %d", a.position) // nothing here is old enough for that
	case "event":
		var e struct {
			Position int64  `json:"position"`
			Kind     string `json:"kind"`
			Payload  struct {
				Message message `json:"message"`
			} `json:"payload"`
		}
		if err := json.Unmarshal(data, &e); err != nil || e.Position <= a.position {
			a.received.confusedf("panel: event %d (%s) after %d: %v", e.Position, e.Kind, a.position, err)
			return
		}
		a.position = e.Position
		if e.Kind == "conversation.message" {
			a.received.take(e.Payload.Message.Text)
		}
	}
}

// stored reads a conversation from the database, by the agent's API.
func (c *chaos) stored(ctx context.Context, t *talk) (*received, error) {
	r := &received{}
	for last := int64(0); ; {
		var page struct {
			Messages []message `json:"messages"`
			More     bool      `json:"more"`
		}
		path := fmt.Sprintf("/api/conversations/%s/messages?after=%d&limit=100", t.id, last)
		if err := c.calls.call(ctx, t.seat.who, http.MethodGet, path, nil, &page); err != nil {
			return nil, err
		}
		for _, m := range page.Messages {
			if m.Sequence != last+1 {
				r.confusedf("stored: message %d after %d", m.Sequence, last)
			}
			last = m.Sequence
			r.take(m.Text)
		}
		if !page.More {
			return r, nil
		}
		if len(page.Messages) == 0 {
			return nil, errors.New("bench: more messages were promised than given")
		}
	}
}

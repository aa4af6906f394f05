package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// seat is an agent at work.
type seat struct {
	who   identity
	panel *panel
	// position is that of the last event; disorder counts events that came out of their order.
	position atomic.Int64
	disorder atomic.Int64
}

// talk is a conversation of a visitor with a seat.
type talk struct {
	id      string
	seat    *seat
	visitor *guest
	// sequence is that of the last message the visitor was shown; disorder counts those that came out of their order.
	sequence atomic.Int64
	disorder atomic.Int64
}

// floor is where agents and visitors talk.
type floor struct {
	*installation
	seats []*seat
	talks []*talk
	// ledger keeps account of the messages now.
	ledger  atomic.Pointer[ledger]
	readers sync.WaitGroup
}

// open brings agents and visitors together in conversations, as many for each agent.
func (i *installation) open(ctx context.Context, agents, conversations int) (*floor, error) {
	f := &floor{installation: i}
	err := f.seat(ctx, agents)
	if err == nil {
		err = f.fill(ctx, conversations)
	}
	if err == nil {
		err = f.claim(ctx)
	}
	if err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (f *floor) seat(ctx context.Context, agents int) error {
	staff, err := f.staff(ctx, agents, byHand)
	if err != nil {
		return err
	}
	for _, who := range staff {
		s := &seat{who: who}
		if s.panel, err = f.openPanel(ctx, who, -1, func(kind string, data []byte) { f.hearAgent(s, kind, data) }); err != nil {
			return err
		}
		f.seats = append(f.seats, s)
	}
	return nil
}

// gather brings agents and visitors together without conversations. hear gets the frames of every agent's socket, each seat's from one
// goroutine.
func (f *floor) gather(ctx context.Context, agents int, method string, visitors int, hear func(s *seat, kind string, data []byte)) error {
	staff, err := f.staff(ctx, agents, method)
	if err != nil {
		return err
	}
	f.seats = make([]*seat, agents)
	err = several(ctx, agents, signInsAtOnce, func(ctx context.Context, k int) (err error) {
		s := &seat{who: staff[k]}
		f.seats[k] = s
		s.panel, err = f.openPanel(ctx, s.who, -1, func(kind string, data []byte) { hear(s, kind, data) })
		return err
	})
	if err != nil {
		return err
	}
	f.talks = make([]*talk, visitors)
	return several(ctx, visitors, 16, func(ctx context.Context, k int) error {
		v, err := f.visit(ctx, k, "", false, netip.Addr{})
		if err != nil {
			return err
		}
		f.talks[k] = &talk{visitor: v}
		f.readers.Go(func() { v.listen(func(string, []byte) {}) })
		return nil
	})
}

// queueUp lets a visitor into the queue under a name, and keeps the conversation's identifier.
func (f *floor) queueUp(ctx context.Context, t *talk, clientID, name string) error {
	var opened struct {
		ID string `json:"id"`
	}
	err := f.calls.call(ctx, t.visitor.who, http.MethodPost, "/v/conversations", map[string]any{
		"client_id": clientID, "department_id": f.departmentID, "name": name, "email": "fila@example.com",
		"fields": map[string]string{}, "text": "",
	}, &opened)
	if err == nil {
		t.id = opened.ID
	}
	return err
}

// leave ends a visitor's conversation, if there is one.
func (f *floor) leave(ctx context.Context, t *talk) error {
	if t.id == "" {
		return nil
	}
	id := t.id
	t.id = ""
	return f.calls.call(ctx, t.visitor.who, http.MethodPost, "/v/conversations/"+id+"/end", nil, nil)
}

func (f *floor) hearAgent(s *seat, kind string, data []byte) {
	if kind != "event" {
		return
	}
	if position := numberAfter(data, `"position":`); position > s.position.Load() {
		s.position.Store(position)
	} else {
		s.disorder.Add(1)
	}
	if l := f.ledger.Load(); l != nil {
		l.arrived(idIn(data), fromVisitor)
	}
}

func (f *floor) hearVisitor(t *talk, kind string, data []byte) {
	if kind != "message" {
		return
	}
	sequence := numberAfter(data, `"sequence":`)
	if last := t.sequence.Load(); last != 0 && sequence != last+1 {
		t.disorder.Add(1)
	}
	t.sequence.Store(sequence)
	if l := f.ledger.Load(); l != nil {
		l.arrived(idIn(data), fromAgent)
	}
}

// fill makes visitors ask for contact.
func (f *floor) fill(ctx context.Context, conversations int) error {
	f.talks = make([]*talk, conversations)
	return several(ctx, conversations, 16, func(ctx context.Context, k int) error {
		v, err := f.visit(ctx, k, "", false, netip.Addr{})
		if err != nil {
			return err
		}
		t := &talk{visitor: v}
		f.talks[k] = t
		if t.id, err = f.ask(ctx, v, "visitante@example.com"); err != nil {
			return err
		}
		f.readers.Go(func() { v.listen(func(kind string, data []byte) { f.hearVisitor(t, kind, data) }) })
		return nil
	})
}

// ask opens a conversation of a visitor with an e-mail address; while nobody seems to attend yet, it tries again for a while.
func (f *floor) ask(ctx context.Context, v *guest, email string) (string, error) {
	var opened struct {
		ID string `json:"id"`
	}
	deadline := time.Now().Add(5 * time.Second)
	for {
		err := f.calls.call(ctx, v.who, http.MethodPost, "/v/conversations", map[string]any{
			"client_id": fmt.Sprint(f.run, ".open"), "department_id": f.departmentID, "name": fmt.Sprint("Visitante ", v.number),
			"email": email, "fields": map[string]string{}, "text": "Olá, preciso de ajuda com o meu pedido.",
		}, &opened)
		if no, ok := errors.AsType[*refused](err); !ok || no.Status != http.StatusConflict || time.Now().After(deadline) {
			return opened.ID, err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// claim lets the agents take the queue, turn by turn.
func (f *floor) claim(ctx context.Context) error {
	byID := map[string]*talk{}
	for _, t := range f.talks {
		byID[t.id] = t
	}
	for k := range f.talks {
		s := f.seats[k%len(f.seats)]
		var taken struct {
			ID string `json:"id"`
		}
		who := s.who + newIdentity("Idempotency-Key", fmt.Sprint(f.run, ".next.", k))
		if err := f.calls.call(ctx, who, http.MethodPost, "/api/queue/next", nil, &taken); err != nil {
			return err
		}
		if byID[taken.ID] == nil {
			return fmt.Errorf("bench: the queue gave conversation %q, which is not of this run", taken.ID)
		}
		byID[taken.ID].seat = s
	}
	return nil
}

// idIn returns the identifier in the first text of a frame. It stands in the text because visitors do not see agents' client ids.
func idIn(data []byte) string {
	id, _, _ := strings.Cut(textAfter(data, `"text":"#`), " ")
	return id
}

const words = "Pode confirmar o número do pedido, por favor? Assim eu já verifico a entrega."

// send writes a message in a direction and notes its acknowledgement.
func (f *floor) send(ctx context.Context, t *talk, d direction, id string) error {
	who, path, audience := t.visitor.who, "/v/conversations/"+t.id+"/messages", ""
	if d == fromAgent {
		who, path, audience = t.seat.who, "/api/conversations/"+t.id+"/messages", `,"audience":"visitor"`
	}
	_, err := f.calls.send(ctx, who, http.MethodPost, path, fmt.Appendf(nil, `{"client_id":%q,"text":"#%s %s"%s}`, id, id, words, audience))
	return err
}

// disorder is how many events and messages came out of their order at the sockets.
func (f *floor) disorder() int64 {
	var n int64
	for _, s := range f.seats {
		n += s.disorder.Load()
	}
	for _, t := range f.talks {
		n += t.disorder.Load()
	}
	return n
}

// lost says which panels have lost their sockets, which is a fault unless they were cut on purpose.
func (f *floor) lost() error {
	for _, s := range f.seats {
		if s.panel.lost() {
			return errors.New("bench: an agent's socket was closed by the server")
		}
	}
	return nil
}

func (f *floor) close() {
	for _, s := range f.seats {
		if s != nil && s.panel != nil {
			s.panel.close()
		}
	}
	for _, t := range f.talks {
		if t != nil {
			_ = t.visitor.socket.Cut() // gone either way
		}
	}
	f.readers.Wait()
}

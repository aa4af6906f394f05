package live

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

const (
	resumePage = 500
	readLimit  = 16 << 10
	// compressFrom is the size from which a frame is compressed: whole windows of the grid are, messages are not. Under load,
	// compressing every message was a sixth of the server's time, for bytes that nobody misses.
	compressFrom = 4 << 10
)

// Options bound what a session may cost. Zero values mean the defaults.
type Options struct {
	// QueueBytes that may wait for a slow reader before it is cut; 4 MB.
	QueueBytes int
	// ResumeMost events are sent to a client that comes back; beyond that it starts afresh. 5,000.
	ResumeMost int
	// Silence after which a session that sent nothing is dropped; 45 s, three heartbeats.
	Silence time.Duration
	// Beat is how often the server tells its position; 15 s.
	Beat time.Duration
	// WriteTimeout for one frame; 10 s.
	WriteTimeout time.Duration
	// Watchers returns the agents who watch a conversation beside its audience. It is asked for every event of one, and nil when
	// nobody watches anything.
	Watchers func(conversationID string) []string
}

func (o Options) withDefaults() Options {
	if o.QueueBytes == 0 {
		o.QueueBytes = 4 << 20
	}
	if o.ResumeMost == 0 {
		o.ResumeMost = 5000
	}
	if o.Silence == 0 {
		o.Silence = 45 * time.Second
	}
	if o.Beat == 0 {
		o.Beat = 15 * time.Second
	}
	if o.WriteTimeout == 0 {
		o.WriteTimeout = 10 * time.Second
	}
	if o.Watchers == nil {
		o.Watchers = func(string) []string { return nil }
	}
	return o
}

// Handler is what the house does with agents' sessions. Calls for one session never overlap.
type Handler interface {
	// Ready is called once, when everything missed is queued and the session is live.
	Ready(s *Session)
	// Frame is called for every frame but start. data is the whole frame.
	Frame(s *Session, kind string, data []byte)
	// Closed is called exactly once for every session that was opened.
	Closed(s *Session)
}

// Hub knows all sessions of this node and tells them of events.
type Hub struct {
	events  *eventlog.Log
	clock   clock.Clock
	log     *slog.Logger
	options Options

	mu       sync.Mutex
	accounts map[string]*account
	closed   bool
	running  sync.WaitGroup

	gatherer gatherer

	cutSlow   atomic.Int64
	bytesSent atomic.Int64
}

type account struct {
	told     int64 // position of the last event told to the sessions
	sessions map[*Session]struct{}
}

// New returns a hub and registers it with the event log, which must not be started yet.
func New(events *eventlog.Log, c clock.Clock, logger *slog.Logger, o Options) *Hub {
	h := &Hub{events: events, clock: c, log: logger, options: o.withDefaults(), accounts: make(map[string]*account)}
	events.Tail(h.tell)
	return h
}

// Serve upgrades the request and runs the session until it ends. The caller has authenticated it and checked that it comes from
// our own origin.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, identity Identity, handler Handler) {
	answer := &hijacked{ResponseWriter: w}
	conn, err := websocket.Accept(answer, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // the origin was checked by the caller, by the same rule as for requests
		CompressionMode:    websocket.CompressionNoContextTakeover, CompressionThreshold: compressFrom,
	})
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(readLimit)
	s := &Session{Identity: identity, hub: h, conn: conn, wire: answer.wire, wake: make(chan struct{}, 1)}
	if !h.open(s) {
		_ = conn.Close(CodeRestart, "restart")
		return
	}
	defer h.running.Done()
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	written := make(chan struct{})
	go func() {
		defer close(written)
		s.write(ctx)
	}()
	s.read(ctx, handler)
	h.leave(s)
	handler.Closed(s)
	if s.ending() {
		<-written // the farewell is on its way
	}
	cancel()
	_ = conn.CloseNow() // ends a write that waits for a reader who is gone
	<-written
}

func (s *Session) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing != nil
}

func (h *Hub) open(s *Session) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.running.Add(1)
	a := h.accounts[s.AccountID]
	if a == nil {
		a = &account{sessions: make(map[*Session]struct{})}
		h.accounts[s.AccountID] = a
	}
	a.sessions[s] = struct{}{}
	return true
}

func (h *Hub) leave(s *Session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.accounts[s.AccountID].sessions, s)
}

// goLive queues what was missed and joins the session to the events told from now on. It reports false when events were told
// since the session's last look at the log: then it looks again.
func (h *Hub) goLive(s *Session, position int64, missed [][]byte) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.accounts[s.AccountID]
	if a.told > position {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, frame := range missed {
		s.send(frame)
	}
	s.position, s.live = position, true
	s.send(fmt.Appendf(nil, `{"t":"ready","position":%d,"now":%d}`, position, clock.Millis(h.clock.Now())))
	return true
}

// tell passes one event of the log to the sessions that may see it.
func (h *Hub) tell(r eventlog.Record) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.accounts[r.AccountID]
	if a == nil {
		// Sessions of this account that open later begin with a look at the log.
		a = &account{sessions: make(map[*Session]struct{})}
		h.accounts[r.AccountID] = a
	}
	a.told = r.Position
	if len(a.sessions) == 0 {
		return
	}
	audience, err := eventlog.ParseAudience(r.Audience)
	if err != nil {
		h.log.Error("an event nobody may see", "position", r.Position, "error", err)
		return
	}
	watchers := h.watchers(audience, r.Subject)
	wide := audience.Wide()
	var frame []byte
	for s := range a.sessions {
		s.mu.Lock()
		if s.live && r.Position > s.position {
			s.position = r.Position
			if s.Scope.Sees(audience) || slices.Contains(watchers, s.AgentID) {
				if frame == nil {
					frame = encode(r)
				}
				s.queueUp(frame, wide)
			}
		}
		s.mu.Unlock()
	}
}

// watchers returns who sees an event of a conversation without being in its audience.
func (h *Hub) watchers(audience eventlog.Audience, conversationID string) []string {
	if !audience.OfConversation() {
		return nil
	}
	return h.options.Watchers(conversationID)
}

// Each calls fn for every live session of an account.
func (h *Hub) Each(accountID string, fn func(*Session)) {
	for _, s := range h.sessions(accountID) {
		fn(s)
	}
}

// OfAgent calls fn for every session of one agent.
func (h *Hub) OfAgent(accountID, agentID string, fn func(*Session)) {
	for _, s := range h.sessions(accountID) {
		if s.AgentID == agentID {
			fn(s)
		}
	}
}

func (h *Hub) sessions(accountID string) []*Session {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.accounts[accountID]
	if a == nil {
		return nil
	}
	list := make([]*Session, 0, len(a.sessions))
	for s := range a.sessions {
		list = append(list, s)
	}
	return list
}

// Stats are counters since the start, and the number of open sessions.
type Stats struct {
	Open, CutSlow, BytesSent int64
}

// Stats returns the counters.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	var open int64
	for _, a := range h.accounts {
		open += int64(len(a.sessions))
	}
	return Stats{Open: open, CutSlow: h.cutSlow.Load(), BytesSent: h.bytesSent.Load()}
}

// Shutdown tells every session to come back after a moment, refuses new ones, and waits for the farewells as long as ctx allows.
func (h *Hub) Shutdown(ctx context.Context) {
	h.mu.Lock()
	h.closed = true
	var all []*Session
	for _, a := range h.accounts {
		for s := range a.sessions {
			all = append(all, s)
		}
	}
	h.mu.Unlock()
	for _, s := range all {
		s.Close(CodeRestart, "restart", time.Second)
	}
	gone := make(chan struct{})
	go func() { h.running.Wait(); close(gone) }()
	select {
	case <-gone:
		return
	case <-ctx.Done():
	}
	for _, s := range all {
		_ = s.conn.CloseNow()
	}
	<-gone
}

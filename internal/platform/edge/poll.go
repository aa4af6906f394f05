package edge

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// maxPollFrames bounds the client frames of one poll; their bytes together are bounded by four times Options.MaxFrame.
const maxPollFrames = 100

// poll carries a connection over successive requests. The fields are guarded by Conn.mu, but key and turn. The frames of Conn.out stay there
// until they are acknowledged.
type poll struct {
	key     string        // the connection's name: whoever knows it, owns it
	turn    sync.Mutex    // one request at a time delivers its frames
	base    int64         // number of the frame before Conn.out's first
	waiter  chan struct{} // closed to wake the request that waits; nil when none does
	request uint64        // counts requests: only the newest one gets frames
	active  int           // requests in work
	rested  time.Duration // when the last request ended
}

// pollTable finds connections by their key. Its lock is taken after Conn.mu, never before it.
type pollTable struct {
	mu    sync.Mutex
	byKey map[string]*Conn
}

type pollBody struct {
	Connection string            `json:"c"`
	Ack        int64             `json:"ack"`
	Frames     []json.RawMessage `json:"frames"`
	Wait       bool              `json:"wait"`
}

type pollAnswer struct {
	number int64 // of the last frame
	frames [][]byte
}

// ServePoll answers one request of long polling (docs/protocols.md, section 3). Faults: malformed_request, request_too_large, validation,
// unavailable, too_many_connections, connection_gone, and what Admit gives.
func (s *Server) ServePoll(w http.ResponseWriter, r *http.Request) {
	body, err := s.readPoll(w, r)
	if err != nil {
		s.options.Problem(w, r, err)
		return
	}
	// The HTTP server's timeouts are for slow clients; during the wait the one would cancel the request, the other its answer. How long a
	// client may take to send its frames and to accept the answer is the matter of who calls.
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
	if !s.beginRequest() {
		s.options.Problem(w, r, fault.Wrap(fault.Unavailable, errDraining))
		return
	}
	defer s.carriers.Done()

	c, p, err := s.findPoll(r, body.Connection)
	if err != nil {
		s.options.Problem(w, r, err)
		return
	}
	answer, ok := p.serve(c, r, body)
	if !ok {
		s.options.Problem(w, r, fault.New(fault.ConnectionGone))
	} else {
		p.write(w, answer)
	}
	p.rest(c)
}

func (s *Server) readPoll(w http.ResponseWriter, r *http.Request) (body pollBody, err error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(4*s.options.MaxFrame)))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return body, fault.Wrap(fault.RequestTooLarge, err)
	case err != nil:
		return body, fault.Wrap(fault.MalformedRequest, err)
	case !utf8.Valid(raw):
		return body, fault.Wrap(fault.MalformedRequest, errors.New("edge: poll is not UTF-8"))
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return body, fault.Wrap(fault.MalformedRequest, fmt.Errorf("edge: poll: %w", err))
	}
	if len(body.Frames) > maxPollFrames {
		return body, fault.Invalid(fault.Field{Name: "frames", Code: fault.FieldTooMany, Limit: maxPollFrames})
	}
	if body.Connection == "" && len(body.Frames) == 0 {
		return body, fault.Invalid(fault.Field{Name: "frames", Code: fault.FieldRequired})
	}
	return body, nil
}

// beginRequest counts a request that Shutdown must wait for; false when it no longer may begin.
func (s *Server) beginRequest() bool {
	s.registry.mu.Lock()
	defer s.registry.mu.Unlock()
	if s.registry.draining {
		return false
	}
	s.carriers.Add(1)
	return true
}

// findPoll returns the connection of that name, a new one when there is none.
func (s *Server) findPoll(r *http.Request, name string) (*Conn, *poll, error) {
	if name == "" {
		c, p, err := s.openPoll(r)
		if err != nil {
			s.stats.refused.Add(1)
		}
		return c, p, err
	}
	s.polls.mu.Lock()
	c := s.polls.byKey[name]
	s.polls.mu.Unlock()
	if c == nil {
		return nil, nil, fault.New(fault.ConnectionGone)
	}
	p, _ := c.carrier.(*poll) // the table holds nothing else
	return c, p, nil
}

func (s *Server) openPoll(r *http.Request) (*Conn, *poll, error) {
	value, key, err := s.admit(r)
	if err != nil {
		return nil, nil, err
	}
	c := s.newConn(value, key)
	p := &poll{key: rand.Text()}
	c.carrier, c.polled = p, true
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.register(c) {
		s.registry.unreserve(key)
		return nil, nil, fault.Wrap(fault.Unavailable, errDraining)
	}
	s.polls.mu.Lock()
	s.polls.byKey[p.key] = c
	s.polls.mu.Unlock()
	return c, p, nil
}

// serve does one request; false when the connection is gone. rest must follow.
func (p *poll) serve(c *Conn, r *http.Request, body pollBody) (pollAnswer, bool) {
	mine, ok := p.begin(c, body.Ack)
	if !ok {
		return pollAnswer{}, false
	}
	p.deliver(c, body.Frames)
	if waiter := p.await(c, mine, body.Wait); waiter != nil {
		limit := time.NewTimer(c.server.options.PollWait)
		defer limit.Stop()
		select {
		case <-waiter:
		case <-limit.C:
		case <-r.Context().Done():
		}
	}
	return p.answer(c, mine)
}

// begin takes the acknowledgement, and sends an older request that still waits home: its client has given it up.
func (p *poll) begin(c *Conn, ack int64) (mine uint64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.active++
	if c.phase == phaseGone {
		return 0, false
	}
	p.request++
	p.wake()
	held := 0
	if c.out != nil {
		held = len(c.out.frames)
	}
	if ack > p.base+int64(held) {
		c.server.stats.protocolErrors.Add(1)
		c.finishLocked(nil, CodeProtocol, "acknowledged what was not sent")
	} else if ack > p.base {
		if c.out.drop(int(ack - p.base)) {
			c.out = nil
		}
		p.base = ack
	}
	if c.phase == phaseFinishing && c.out == nil {
		c.severLocked() // the last words have been heard
	}
	return p.request, c.phase != phaseGone
}

func (p *poll) deliver(c *Conn, frames []json.RawMessage) {
	p.turn.Lock()
	defer p.turn.Unlock()
	for _, frame := range frames {
		if !c.enter() {
			return
		}
		if len(frame) > c.server.options.MaxFrame {
			c.violated(errTooLarge)
		} else {
			c.message(frame)
		}
		c.leave()
	}
}

// await returns the channel to wait on, nil when there is something to answer.
func (p *poll) await(c *Conn, mine uint64, wait bool) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !wait || c.out != nil || c.phase != phaseOpen || p.request != mine {
		return nil
	}
	p.waiter = make(chan struct{})
	if c.server.held != nil {
		c.server.held <- c
	}
	return p.waiter
}

func (p *poll) answer(c *Conn, mine uint64) (pollAnswer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase == phaseGone {
		return pollAnswer{}, false
	}
	answer := pollAnswer{number: p.base}
	if p.request == mine && c.out != nil {
		answer.frames = append(answer.frames, c.out.frames...)
		answer.number += int64(len(answer.frames))
	}
	return answer, true
}

// write sends the answer. Frames are JSON already.
func (p *poll) write(w http.ResponseWriter, answer pollAnswer) {
	out := fmt.Appendf(nil, `{"c":%q,"n":%d,"frames":[`, p.key, answer.number)
	for i, frame := range answer.frames {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, frame...)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(append(out, "]}"...)) //nolint:gosec // JSON that no browser renders; a lost answer is repeated, as its frames are not acknowledged
}

// rest ends a request: from now on the connection lives for Options.PollGone, or not at all when the server shuts down.
func (p *poll) rest(c *Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.active--
	if p.active > 0 || c.phase == phaseGone {
		return
	}
	if c.server.registry.isDraining() {
		c.severLocked()
		return
	}
	p.rested = c.server.now()
	c.server.resting.push(c, p.rested)
}

// expire drops the connection when nothing was asked since its rest began at the given time.
func (p *poll) expire(c *Conn, at time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.active == 0 && p.rested == at {
		c.severLocked()
	}
}

// abandonIdle drops the connection when no request is there to carry the last words.
func (p *poll) abandonIdle(c *Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.active == 0 {
		c.severLocked()
	}
}

func (p *poll) wake() {
	if p.waiter != nil {
		close(p.waiter)
		p.waiter = nil
	}
}

// transmit implements carrier.
func (p *poll) transmit(c *Conn, _ ws.OpCode, payload []byte) error {
	if c.out == nil {
		c.out = &outbox{}
	}
	c.out.add(append([]byte(nil), payload...))
	p.wake()
	return nil
}

// conclude implements carrier: the code travels in a bye, as there is no close frame.
func (p *poll) conclude(c *Conn, bye []byte, code int, _ string) {
	if code == CodeSlow && c.out != nil {
		p.base += int64(len(c.out.frames))
		c.out = nil
	}
	if bye == nil {
		bye = byeFrame(code)
	}
	_ = p.transmit(c, ws.OpText, bye) // only queues
}

// release implements carrier.
func (p *poll) release(c *Conn) {
	p.wake()
	c.server.polls.mu.Lock()
	delete(c.server.polls.byKey, p.key)
	c.server.polls.mu.Unlock()
}

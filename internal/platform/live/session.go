package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

// Close codes of the agents' socket. Each says whether to come back.
const (
	CodeRestart      = 1012 // the server restarts: come back
	CodeTooLarge     = 1009 // do not come back with that
	CodeProtocol     = 4000 // do not come back
	CodeSessionEnded = 4001 // sign in again
	CodeTooSlow      = 4008 // come back
)

// Identity is whose session it is and what it may see.
type Identity struct {
	AccountID, AgentID, SessionID string
	Scope                         eventlog.Scope
	Language                      text.Language
}

// Session is one agent's connection. Its methods are safe for concurrent use and never block.
type Session struct {
	Identity
	hub  *Hub
	conn *websocket.Conn
	wire *wire // what conn writes to

	mu       sync.Mutex
	queue    [][]byte
	queued   int  // bytes
	soon     bool // the gatherer will wake the writer
	wake     chan struct{}
	closing  *bye
	position int64
	live     bool
	values   map[any]any
}

// bye is the last frame of a session.
type bye struct {
	T      string `json:"t"`
	Code   int    `json:"code"`
	Reason string `json:"reason"`
	Retry  *int64 `json:"retry"`
}

// Send queues a frame. It reports false when the session is ending; a session whose reader is too slow is cut with CodeTooSlow.
func (s *Session) Send(frame []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.send(frame)
}

// SendSoon is Send for what is told to many at once and may wait a moment for more of it.
func (s *Session) SendSoon(frame []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queueUp(frame, true)
}

func (s *Session) send(frame []byte) bool { return s.queueUp(frame, false) }

// queueUp queues a frame; mayWait says that it may wait for others.
func (s *Session) queueUp(frame []byte, mayWait bool) bool {
	if s.closing != nil {
		return false
	}
	if s.queued+len(frame) > s.hub.options.QueueBytes {
		s.hub.cutSlow.Add(1)
		s.end(CodeTooSlow, "too_slow", 0)
		return false
	}
	s.queue = append(s.queue, frame)
	s.queued += len(frame)
	switch {
	case !mayWait:
		s.signal()
	case !s.soon:
		s.soon = true
		s.hub.gatherer.later(s)
	}
	return true
}

// SendJSON encodes and queues a frame.
func (s *Session) SendJSON(frame any) bool {
	data, err := json.Marshal(frame)
	if err != nil {
		s.hub.log.Error("a frame could not be encoded", "type", fmt.Sprintf("%T", frame), "error", err)
		return false
	}
	return s.Send(data)
}

// Close ends the session: a bye frame with the reason, then the code. retry says when to come back; negative means not at all.
func (s *Session) Close(code int, reason string, retry time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(code, reason, retry)
}

func (s *Session) end(code int, reason string, retry time.Duration) {
	if s.closing != nil {
		return
	}
	s.closing = &bye{T: "bye", Code: code, Reason: reason}
	if retry >= 0 {
		ms := retry.Milliseconds()
		s.closing.Retry = &ms
	}
	s.signal()
}

func (s *Session) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Value and SetValue keep what the handler knows of the session.
func (s *Session) Value(key any) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[key]
}

// SetValue keeps value under key for the life of the session.
func (s *Session) SetValue(key, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values == nil {
		s.values = make(map[any]any)
	}
	s.values[key] = value
}

// write is the session's writer: it sends what is queued until the end.
func (s *Session) write(ctx context.Context) {
	beat := time.NewTicker(s.hub.options.Beat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			s.beat()
		case <-s.wake:
		}
		for {
			frames, last := s.take()
			if err := s.writeAll(ctx, frames); err != nil {
				_ = s.conn.CloseNow() // the reader notices and ends the session
				return
			}
			if last != nil {
				s.farewell(ctx, last)
				return
			}
			if len(frames) == 0 {
				break
			}
		}
	}
}

func (s *Session) take() ([][]byte, *bye) {
	s.mu.Lock()
	defer s.mu.Unlock()
	frames := s.queue
	s.queue, s.queued, s.soon = nil, 0, false
	return frames, s.closing
}

// writeAll writes frames with as few system calls as they need. The wire knows how long that may take, so the frames need not.
func (s *Session) writeAll(ctx context.Context, frames [][]byte) error {
	if len(frames) == 0 {
		return nil
	}
	endless := context.WithoutCancel(ctx)
	s.wire.hold(s.hub.options.WriteTimeout)
	for _, f := range frames {
		if err := s.conn.Write(endless, websocket.MessageText, f); err != nil {
			_ = s.wire.release() // the connection is lost either way
			return fmt.Errorf("live: write: %w", err)
		}
		s.hub.bytesSent.Add(int64(len(f)))
	}
	return s.wire.release()
}

func (s *Session) writeFrame(ctx context.Context, frame []byte) error {
	ctx, cancel := context.WithTimeout(ctx, s.hub.options.WriteTimeout)
	defer cancel()
	if err := s.conn.Write(ctx, websocket.MessageText, frame); err != nil {
		return fmt.Errorf("live: write: %w", err)
	}
	s.hub.bytesSent.Add(int64(len(frame)))
	return nil
}

func (s *Session) farewell(ctx context.Context, last *bye) {
	data, err := json.Marshal(last)
	if err == nil {
		err = s.writeFrame(ctx, data)
	}
	if err != nil {
		_ = s.conn.CloseNow()
		return
	}
	_ = s.conn.Close(websocket.StatusCode(last.Code), last.Reason) // the peer may be gone already
}

// beat tells how far the session is, which also tells that the server lives.
func (s *Session) beat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live {
		s.send(fmt.Appendf(nil, `{"t":"position","position":%d}`, s.position))
	}
}

// read hands the frames to the handler until the connection ends.
func (s *Session) read(ctx context.Context, h Handler) {
	started := false
	for {
		readCtx, cancel := context.WithTimeout(ctx, s.hub.options.Silence)
		kind, data, err := s.conn.Read(readCtx)
		cancel()
		if err != nil {
			return
		}
		var head struct {
			T        string `json:"t"`
			Position *int64 `json:"position"`
		}
		if kind != websocket.MessageText || json.Unmarshal(data, &head) != nil || head.T == "" {
			s.Close(CodeProtocol, "malformed_frame", -1)
			return
		}
		switch {
		case head.T == "start" && !started:
			started = true
			if s.resume(ctx, head.Position) {
				h.Ready(s)
			} else {
				started = false
			}
		case !started || head.T == "start":
			s.Close(CodeProtocol, "start_expected_once_and_first", -1)
			return
		default:
			h.Frame(s, head.T, data)
		}
	}
}

// resume sends what the session missed since position and makes it live. It reports false when the client has to start afresh.
func (s *Session) resume(ctx context.Context, position *int64) bool {
	reload := func() bool {
		s.Send([]byte(`{"t":"reload"}`))
		return false
	}
	if position == nil || *position < 0 {
		return reload()
	}
	var missed [][]byte
	at := *position
	for {
		records, err := s.hub.events.Since(ctx, s.AccountID, at, resumePage)
		if errors.Is(err, eventlog.ErrTooOld) || len(missed) > s.hub.options.ResumeMost {
			return reload()
		}
		if err != nil {
			s.hub.log.Error("a session could not be resumed", "agent", s.AgentID, "error", err)
			s.Close(CodeRestart, "try_again", time.Second)
			return true
		}
		for _, r := range records {
			if frame := s.frameFor(r); frame != nil {
				missed = append(missed, frame)
			}
			at = r.Position
		}
		if len(records) == resumePage {
			continue
		}
		if s.hub.goLive(s, at, missed) {
			return true
		}
	}
}

func (s *Session) frameFor(r eventlog.Record) []byte {
	audience, err := eventlog.ParseAudience(r.Audience)
	if err != nil || !s.Sees(audience, r.Subject) {
		return nil
	}
	return encode(r)
}

// Sees says whether what happens to an audience is for this session: it is in its scope, or its agent watches the conversation.
func (s *Session) Sees(audience eventlog.Audience, conversationID string) bool {
	return s.Scope.Sees(audience) || slices.Contains(s.hub.watchers(audience, conversationID), s.AgentID)
}

// encode writes the event frame. The payload is JSON already.
func encode(r eventlog.Record) []byte {
	return fmt.Appendf(make([]byte, 0, len(r.Payload)+96), `{"t":"event","position":%d,"kind":%q,"at":%d,"payload":%s}`,
		r.Position, r.Kind, r.At, r.Payload)
}

package edge

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gobwas/ws"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

const (
	// handshakeWithin is how long a peer may take to accept the upgrade's answer.
	handshakeWithin = 5 * time.Second
	// maxCourtesies is how many refused sockets are upgraded at a time to be told why; over it they get the bare status.
	maxCourtesies = 1024
)

// ServeSocket upgrades a request to a WebSocket (docs/protocols.md, section 3). It returns as soon as the connection is taken over.
// Compression is not negotiated: frames are small, and a compressor would cost many times the connection.
func (s *Server) ServeSocket(w http.ResponseWriter, r *http.Request) {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		w.Header().Set("Upgrade", "websocket")
		s.refuse(w, r, fault.New(fault.MalformedRequest))
		return
	}
	value, key, err := s.admit(r)
	if code := courtesyCode(err); code != 0 && s.courtesies.Add(1) <= maxCourtesies {
		s.explain(w, r, code, string(fault.CodeOf(err)))
		return
	} else if code != 0 {
		s.courtesies.Add(-1)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	c := s.newConn(value, key)
	if err := s.upgrade(c, w, r); err != nil {
		s.registry.unreserve(key)
		s.stats.refused.Add(1)
		s.options.Logger.Debug("edge: no upgrade", "error", err)
	}
}

// admit reserves a place and asks the handler. Without an error, the place must be used or given back.
func (s *Server) admit(r *http.Request) (value any, key addressKey, err error) {
	if s.registry.isDraining() {
		return nil, key, fault.Wrap(fault.Unavailable, errDraining)
	}
	address := s.options.Address(r)
	key = keyOf(address)
	if !s.registry.reserve(key, s.options.MaxConnections, s.options.MaxPerAddress) {
		s.options.Crowded(address)
		return nil, key, fault.New(fault.TooManyConnections)
	}
	value, err = s.handler.Admit(r)
	if err != nil {
		s.registry.unreserve(key)
		return nil, key, fmt.Errorf("edge: not admitted: %w", err)
	}
	return value, key, nil
}

// courtesyCode is the close code for refusals that the page's script must understand, 0 for the others.
func courtesyCode(err error) int {
	switch fault.CodeOf(err) {
	case fault.SiteUnknown, fault.OriginRefused:
		return CodeRefused
	case fault.TooManyConnections:
		return CodeBusy
	}
	return 0
}

// explain upgrades only to close with a code, after a bye frame with the same.
func (s *Server) explain(w http.ResponseWriter, r *http.Request, code int, reason string) {
	s.stats.refused.Add(1)
	c := s.newConn(nil, addressKey{})
	c.courtesy, c.phase = true, phaseFinishing // never open: what it says concerns nobody
	if err := s.upgrade(c, w, r); err != nil {
		s.courtesies.Add(-1)
		s.options.Logger.Debug("edge: no upgrade", "error", err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.concludeLocked(byeFrame(code), code, reason)
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	s.stats.refused.Add(1)
	s.options.Problem(w, r, err)
}

func (s *Server) newConn(value any, key addressKey) *Conn {
	return &Conn{server: s, value: value, address: key, id: s.ids.Add(1), slot: -1, fd: -1}
}

// upgrade takes the connection out of the HTTP server and registers it. An error means that it is not registered, and closed.
func (s *Server) upgrade(c *Conn, w http.ResponseWriter, r *http.Request) error {
	conn, buffered, _, err := ws.HTTPUpgrader{Timeout: handshakeWithin}.Upgrade(r, w)
	if err != nil {
		if conn != nil {
			err = errors.Join(err, conn.Close())
		}
		return fmt.Errorf("edge: upgrade: %w", err)
	}
	// The HTTP server may have read frames together with the request.
	leftover, _ := buffered.Peek(buffered.Reader.Buffered())
	if s.poller != nil && s.poller.takes(conn) {
		return s.poller.adopt(c, conn, leftover)
	}
	return s.adoptPortable(c, conn, leftover)
}

// byeFrame is the bye of docs/protocols.md for a close that has none of its own: retry says when to come back, null never.
func byeFrame(code int) []byte {
	retry := "null"
	switch code {
	case CodeRestart, CodeSlow, CodeInternal:
		retry = "1000"
	case CodeBusy:
		retry = "30000"
	}
	return fmt.Appendf(nil, `{"t":"bye","code":%d,"retry":%s}`, code, retry)
}

// bareProblem is the default of Options.Problem.
func bareProblem(w http.ResponseWriter, _ *http.Request, err error) {
	code := fault.CodeOf(err)
	body, _ := json.Marshal(map[string]any{
		"type": "about:blank", "title": http.StatusText(code.Status()), "status": code.Status(), "code": code,
	})
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(code.Status())
	_, _ = w.Write(body)
}

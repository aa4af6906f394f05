package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/edge/dial"
)

const (
	requestWithin = 10 * time.Second
	// maxAnswer bounds what is read of an answer, in bytes.
	maxAnswer = 4 << 20
)

// world is what visitors do their errands in. network is the real one.
type world interface {
	// Fetch gets a page of the shop.
	Fetch(ctx context.Context, p *persona, address, referrer string) ([]byte, error)
	// Open opens the visitor's socket. hear gets each frame from one goroutine, valid during the call; then gone is called once.
	Open(ctx context.Context, p *persona, hear func(frame []byte), gone func(err error)) (line, error)
	// Command does a request of docs/protocols.md section 3 with the visitor's token; in and out are JSON, nil for none.
	Command(ctx context.Context, p *persona, token, method, path string, in, out any) error
	// Leave tells that a page was closed.
	Leave(ctx context.Context, p *persona, token, tab string) error
}

// line is an open socket.
type line interface {
	Say(frame any) error
	Close()
}

// refusal is an answer that is not the one wanted.
type refusal struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
}

func (r *refusal) Error() string { return fmt.Sprintf("refused with %d %s", r.Status, r.Code) }

// network is the world of HTTP and WebSocket.
type network struct {
	client    *http.Client
	transport *http.Transport
	server    string // addresses, without a slash at the end
	origin    string
	key       string
	readers   sync.WaitGroup
}

func newNetwork(server, origin, key string) *network {
	transport := &http.Transport{MaxIdleConnsPerHost: workers, IdleConnTimeout: time.Minute}
	return &network{
		client:    &http.Client{Transport: transport, Timeout: requestWithin},
		transport: transport, server: strings.TrimRight(server, "/"), origin: origin, key: key,
	}
}

// close ends the idle connections and waits for the readers of sockets, which must have been closed.
func (n *network) close() {
	n.readers.Wait()
	n.transport.CloseIdleConnections()
}

func (p *persona) header() http.Header {
	return http.Header{
		"User-Agent":      {p.agent},
		"Accept-Language": {p.language + "," + p.language[:2] + ";q=0.8"},
		"X-Forwarded-For": {p.address.String()},
	}
}

func (n *network) Fetch(ctx context.Context, p *persona, address, referrer string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	r.Header = p.header()
	if referrer != "" {
		r.Header.Set("Referer", referrer)
	}
	return n.do(r)
}

func (n *network) do(r *http.Request) ([]byte, error) {
	answer, err := n.client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		refused := &refusal{}
		_ = json.Unmarshal(body, refused) // a proxy's answer has no code
		refused.Status = answer.StatusCode
		return nil, refused
	}
	return body, nil
}

func (n *network) Command(ctx context.Context, p *persona, token, method, path string, in, out any) error {
	body := []byte(nil)
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, n.server+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	r.Header = p.header()
	r.Header.Set("Origin", n.origin)
	r.Header.Set("Authorization", "Bearer "+token)
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := n.do(r)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("demo: %s: %w", path, err)
	}
	return nil
}

func (n *network) Leave(ctx context.Context, p *persona, token, tab string) error {
	body, err := json.Marshal(map[string]string{"token": token, "tab": tab})
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.server+"/v/leave", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	r.Header = p.header()
	r.Header.Set("Origin", n.origin)
	r.Header.Set("Content-Type", "text/plain;charset=UTF-8") // what sendBeacon sends
	_, err = n.do(r)
	return err
}

func (n *network) Open(ctx context.Context, p *persona, hear func([]byte), gone func(error)) (line, error) {
	s, err := dial.Open(ctx, dial.Options{URL: n.server + "/v/socket?k=" + n.key, Origin: n.origin, Header: p.header()})
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	n.readers.Go(func() {
		for {
			frame, err := s.Read()
			if err != nil {
				_ = s.Cut() // it is over already
				gone(err)
				return
			}
			hear(frame)
		}
	})
	return socket{s}, nil
}

type socket struct{ *dial.Socket }

func (s socket) Say(frame any) error {
	data, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return s.Write(data)
}

func (s socket) Close() { _ = s.Socket.Close() } // gone either way

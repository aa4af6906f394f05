package bench

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// answerWithin bounds a request.
const answerWithin = 30 * time.Second

// caller sends requests over connections that are kept. It is a plain HTTP/1.1 client with nothing but what is measured: the one of
// net/http takes several times the processor time, which the server on the same machine would lack.
type caller struct {
	host   string
	secure bool

	// places bound the connections.
	places chan struct{}

	mu     sync.Mutex
	idle   []*wire
	closed bool
}

// maxWires is how many connections a caller has at most; further requests wait for one, which is part of their latency.
const maxWires = 2000

// wire is one connection.
type wire struct {
	conn   net.Conn
	reader *bufio.Reader
	used   bool
}

func newCaller(address string) (*caller, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.Join(fmt.Errorf("bench: %q is not an address as http://localhost:8080", address), err)
	}
	c := &caller{host: u.Host, secure: u.Scheme == "https", places: make(chan struct{}, maxWires)}
	if u.Port() == "" {
		c.host += map[bool]string{true: ":443", false: ":80"}[c.secure]
	}
	return c, nil
}

// identity is in whose name requests are made: header lines, each with its line end.
type identity string

// asOperator reads the metrics of a server that the bench has started: of others they are not read.
var asOperator = newIdentity("Authorization", "Bearer "+ownMetricsToken)

func newIdentity(lines ...string) identity {
	var b strings.Builder
	for i := 0; i+1 < len(lines); i += 2 {
		b.WriteString(lines[i] + ": " + lines[i+1] + "\r\n")
	}
	return identity(b.String())
}

// header returns the lines for a client of net/http.
func (i identity) header() http.Header {
	header := http.Header{}
	for line := range strings.SplitSeq(strings.TrimSpace(string(i)), "\r\n") {
		name, value, _ := strings.Cut(line, ": ")
		header.Set(name, value)
	}
	return header
}

// refused is an answer that is not the one wanted.
type refused struct {
	Status int
	Body   string
}

func (r *refused) Error() string { return fmt.Sprintf("refused with %d: %.300s", r.Status, r.Body) }

// send makes a request with a JSON body, nil for none, and returns the answer's body. Statuses from 300 are a *refused.
// A request on a kept connection that had been closed meanwhile is made again: all commands are safe to repeat.
func (c *caller) send(ctx context.Context, who identity, method, path string, body []byte) ([]byte, error) {
	c.places <- struct{}{}
	defer func() { <-c.places }()
	for {
		w, err := c.take(ctx)
		if err != nil {
			return nil, err
		}
		again := w.used
		status, answer, err := w.exchange(c.host, who, method, path, body)
		if err != nil {
			_ = w.conn.Close() // it is of no use any more
			if again && !errors.Is(err, errLate) && ctx.Err() == nil {
				continue
			}
			return nil, err
		}
		c.give(w)
		if status >= http.StatusMultipleChoices {
			return nil, &refused{Status: status, Body: string(answer)}
		}
		return answer, nil
	}
}

// call is send with values: in becomes JSON, and the answer is read into out; nil for none.
func (c *caller) call(ctx context.Context, who identity, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
	}
	answer, err := c.send(ctx, who, method, path, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("bench: %s %s: %w", method, path, err)
	}
	return nil
}

func (c *caller) take(ctx context.Context) (*wire, error) {
	c.mu.Lock()
	if n := len(c.idle); n > 0 {
		w := c.idle[n-1]
		c.idle = c.idle[:n-1]
		c.mu.Unlock()
		w.used = true
		return w, nil
	}
	c.mu.Unlock()
	conn, err := dialTCP(ctx, c.host, c.secure)
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	return &wire{conn: conn, reader: bufio.NewReaderSize(conn, 4096)}, nil
}

func dialTCP(ctx context.Context, host string, secure bool) (net.Conn, error) {
	plain := &net.Dialer{Timeout: answerWithin}
	if secure {
		return (&tls.Dialer{NetDialer: plain}).DialContext(ctx, "tcp", host)
	}
	return plain.DialContext(ctx, "tcp", host)
}

func (c *caller) give(w *wire) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		_ = w.conn.Close() // it was idle
		return
	}
	c.idle = append(c.idle, w)
}

// cutIdle resets the connections that wait for their next request, as a network does.
func (c *caller) cutIdle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.idle {
		_ = w.conn.Close() // nobody waits for it
	}
	c.idle = nil
}

func (c *caller) close() {
	c.cutIdle()
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
}

// errLate is a request that had no answer in time.
var errLate = errors.New("bench: no answer in time")

// exchange makes one request and reads its answer.
func (w *wire) exchange(host string, who identity, method, path string, body []byte) (int, []byte, error) {
	if err := w.conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return 0, nil, fmt.Errorf("bench: %w", err)
	}
	request := make([]byte, 0, 256+len(who)+len(body))
	request = fmt.Appendf(request, "%s %s HTTP/1.1\r\nHost: %s\r\n%s", method, path, host, who)
	if body != nil {
		request = fmt.Appendf(request, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	} else if method != http.MethodGet {
		request = append(request, "Content-Length: 0\r\n"...)
	}
	request = append(append(request, "\r\n"...), body...)
	if _, err := w.conn.Write(request); err != nil {
		return 0, nil, lateOr(err)
	}
	answer, err := http.ReadResponse(w.reader, &http.Request{Method: method})
	if err != nil {
		return 0, nil, lateOr(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was read; the connection stays
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, nil, lateOr(err)
	}
	return answer.StatusCode, text, nil
}

func lateOr(err error) error {
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return errors.Join(errLate, err)
	}
	return fmt.Errorf("bench: %w", err)
}

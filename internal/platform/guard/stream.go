package guard

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// body counts what the handler reads of a request's body.
type body struct {
	io.ReadCloser
	x *exchange
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	x := b.x
	x.mu.Lock()
	x.in.wait(x.gate.now())
	x.mu.Unlock()
	n, err := b.ReadCloser.Read(p)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.in.done(x.gate.now(), n)
	if err == io.EOF {
		x.unread = false
	}
	return n, err //nolint:wrapcheck // what the server's body says
}

// writer counts what the handler answers.
type writer struct {
	http.ResponseWriter
	x *exchange
}

// piece is how much is written at once where the kernel tells what was taken, in bytes; elsewhere it is Options.Least.
const piece = 16 << 10

// Write implements io.Writer. It writes in pieces, so that progress is seen.
func (w *writer) Write(p []byte) (written int, err error) {
	most := int(w.x.gate.options.Least)
	if w.x.single && tellsAcknowledged(w.x.conn.raw) {
		most = max(most, piece)
	}
	for first := true; first || len(p) > 0; first = false {
		n, err := w.write(p[:min(len(p), most)])
		written += n
		if err != nil {
			return written, err
		}
		p = p[n:]
	}
	return written, nil
}

func (w *writer) write(p []byte) (int, error) {
	defer w.waiting()()
	n, err := w.ResponseWriter.Write(p)
	w.x.mu.Lock()
	w.x.out.moved += int64(n)
	w.x.mu.Unlock()
	return n, err //nolint:wrapcheck // what the server's writer says
}

// waiting begins a wait for the peer and returns what ends it.
func (w *writer) waiting() (done func()) {
	x := w.x
	x.mu.Lock()
	x.out.wait(x.gate.now())
	x.mu.Unlock()
	return func() {
		x.mu.Lock()
		x.out.done(x.gate.now(), 0)
		x.mu.Unlock()
	}
}

// FlushError implements what http.ResponseController looks for: a flush may wait as long as a write.
func (w *writer) FlushError() error {
	defer w.waiting()()
	return http.NewResponseController(w.ResponseWriter).Flush() //nolint:wrapcheck // what the server's writer says
}

// Unwrap lets http.ResponseController reach the connection.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack hands the connection to a socket.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack() //nolint:wrapcheck // what the server says
}

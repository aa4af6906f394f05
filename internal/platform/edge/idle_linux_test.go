package edge

import (
	"net"
	"net/http"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// quiet is a Handler that costs nothing.
type quiet struct{ seen chan struct{} }

func (q quiet) Admit(*http.Request) (any, error) { return nil, nil }

func (q quiet) Frame(c *Conn, _ []byte) {
	c.Greeted()
	q.seen <- struct{}{}
}

func (q quiet) Closed(*Conn) {}

// BenchmarkIdle opens 2,000 sockets that said hello once, and reports what each costs this process. The clients are bare descriptors, so that
// what is measured is the server's side.
func BenchmarkIdle(b *testing.B) {
	for _, c := range []struct {
		name     string
		portable bool
	}{{"native", false}, {"portable", true}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				measureIdle(b, Options{Portable: c.portable, HelloWithin: time.Millisecond * 500})
			}
		})
	}
}

func measureIdle(b *testing.B, o Options) {
	b.Helper()
	const sockets = 2000
	handler := quiet{seen: make(chan struct{}, sockets)}
	s := New(handler, o)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(s.ServeSocket)}
	go func() { _ = server.Serve(listener) }()
	hello := append([]byte(upgradeRequest), masked(1, true, `{"t":"hello"}`)...)

	before := held()
	began := time.Now()
	var clients [sockets]int
	for i := range clients {
		if clients[i], err = dialBare(listener.Addr().(*net.TCPAddr).Port, hello); err != nil {
			b.Fatal(err)
		}
	}
	for range clients {
		<-handler.seen
	}
	b.ReportMetric(sockets/time.Since(began).Seconds(), "connects/s")
	for s.hellos.waiting() > 0 { // the deadlines of new connections are no part of an idle one
		runtime.Gosched()
	}
	b.ReportMetric(float64(held()-before)/sockets, "bytes/conn")

	for _, fd := range &clients {
		_ = unix.Close(fd)
	}
	if err := s.Shutdown(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	_ = server.Close()
}

// held is the memory in use by heap and stacks after a collection.
func held() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func dialBare(port int, first []byte) (int, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return 0, err
	}
	_, err = unix.Write(fd, first)
	return fd, err
}

// BenchmarkEcho is one frame to the handler and back.
func BenchmarkEcho(b *testing.B) {
	h := &echoing{}
	s := New(h, Options{FrameRate: -1})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(s.ServeSocket)}
	go func() { _ = server.Serve(listener) }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	_, _ = conn.Write([]byte(upgradeRequest))
	buf := make([]byte, 4096)
	_, _ = conn.Read(buf)
	frame := masked(1, true, `{"t":"activity"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conn.Write(frame); err != nil {
			b.Fatal(err)
		}
		if _, err := conn.Read(buf); err != nil {
			b.Fatal(err)
		}
	}
	_ = conn.Close()
	_ = s.Shutdown(b.Context(), nil)
	_ = server.Close()
}

type echoing struct{}

func (*echoing) Admit(*http.Request) (any, error) { return nil, nil }
func (*echoing) Frame(c *Conn, data []byte)       { c.Send(data) }
func (*echoing) Closed(*Conn)                     {}

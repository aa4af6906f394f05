// Package bus carries messages between the parts of a node and between nodes, over NATS.
//
// By default the NATS server runs inside the process and listens on nothing. Given the address of an outside NATS, the same code
// talks to that one. The bus may lose messages: whatever must not be lost is asked from the event log.
package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/aceno-chat/aceno/internal/platform/address"
)

// Config says which NATS to use.
type Config struct {
	// URL of an outside NATS, as CheckURL takes it; empty for one inside the process.
	URL string
	// Name is the node's name, for the server's logs.
	Name   string
	Logger *slog.Logger
}

// Bus is a connection to NATS. It is safe for concurrent use.
type Bus struct {
	conn     *nats.Conn
	embedded *server.Server
	log      *slog.Logger
}

const readyWithin = 10 * time.Second

// Start connects, after starting the embedded server where there is no outside one.
func Start(_ context.Context, c Config) (*Bus, error) {
	b := &Bus{log: c.Logger}
	if b.log == nil {
		b.log = slog.Default()
	}
	options := []nats.Option{
		nats.Name("aceno " + c.Name),
		nats.MaxReconnects(-1),
		nats.ReconnectBufSize(16 << 20),
		nats.ErrorHandler(func(_ *nats.Conn, s *nats.Subscription, err error) {
			subject := ""
			if s != nil {
				subject = s.Subject
			}
			b.log.Warn("bus", "subject", subject, "error", err)
		}),
	}
	if c.URL == "" {
		embedded, err := server.NewServer(&server.Options{
			ServerName: "aceno", DontListen: true, NoSigs: true, NoLog: true, MaxPayload: 8 << 20,
		})
		if err != nil {
			return nil, fmt.Errorf("bus: start the embedded server: %w", err)
		}
		go embedded.Start()
		if !embedded.ReadyForConnections(readyWithin) {
			embedded.Shutdown()
			return nil, errors.New("bus: the embedded server did not become ready")
		}
		b.embedded = embedded
		options = append(options, nats.InProcessServer(embedded))
	} else if err := CheckURL(c.URL); err != nil {
		return nil, err
	}
	conn, err := nats.Connect(c.URL, options...)
	if err != nil {
		b.stopServer()
		return nil, fmt.Errorf("bus: connect: %w", err)
	}
	b.conn = conn
	return b, nil
}

// CheckURL says what is wrong with the addresses of an outside NATS, without showing any of them: `nats://user:password@host:4222`, `tls://`,
// `ws://` or `wss://`, several of one cluster separated by commas.
func CheckURL(text string) error {
	for one := range strings.SplitSeq(text, ",") {
		u, err := address.Parse(strings.TrimSpace(one), "nats", "tls", "ws", "wss")
		switch {
		case err != nil:
		case u.Hostname() == "":
			err = errors.New("names no host")
		case strings.Trim(u.Path, "/") != "" || u.RawQuery != "":
			err = errors.New("has a path or a parameter")
		}
		if err != nil {
			return fmt.Errorf("bus: the address %w; it is written as nats://user:password@host:4222, a comma in a password as %%2C", err)
		}
	}
	return nil
}

// Publish sends data to whoever listens on subject, this node included. It does not wait for them.
func (b *Bus) Publish(subject string, data []byte) error {
	if err := b.conn.Publish(subject, data); err != nil {
		return fmt.Errorf("bus: publish on %s: %w", subject, err)
	}
	return nil
}

// Subscribe calls fn, one message after another, for what comes on subject (`*` stands for one word, `>` for the rest).
// The data belongs to fn. stop ends it.
func (b *Bus) Subscribe(subject string, fn func(subject string, data []byte)) (stop func(), err error) {
	s, err := b.conn.Subscribe(subject, func(m *nats.Msg) { fn(m.Subject, m.Data) })
	if err != nil {
		return nil, fmt.Errorf("bus: subscribe to %s: %w", subject, err)
	}
	if err := s.SetPendingLimits(1<<20, 256<<20); err != nil {
		return nil, fmt.Errorf("bus: limits of %s: %w", subject, err)
	}
	// The server knows of the interest before anybody publishes.
	if err := b.conn.Flush(); err != nil {
		return nil, fmt.Errorf("bus: subscribe to %s: %w", subject, err)
	}
	return func() {
		if err := s.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
			b.log.Warn("bus: unsubscribe", "subject", subject, "error", err)
		}
	}, nil
}

// Shared says whether other nodes may listen: what concerns this node alone need not be published where they cannot.
func (b *Bus) Shared() bool { return b.embedded == nil }

// Healthy says whether the connection stands.
func (b *Bus) Healthy() bool { return b.conn.IsConnected() }

// Close ends the connection and the embedded server.
func (b *Bus) Close() {
	b.conn.Close()
	b.stopServer()
}

func (b *Bus) stopServer() {
	if b.embedded != nil {
		b.embedded.Shutdown()
		b.embedded.WaitForShutdown()
	}
}

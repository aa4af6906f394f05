package api

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/network"
	"github.com/aceno-chat/aceno/internal/platform/text"
)

// request is what is known of a request from its beginning.
type request struct {
	id       string
	language text.Language
	addr     netip.Addr
	account  string
	actor    string
	tooLarge bool
}

// Handler returns the surface with what every request gets: an id, the caller's language and address, a log line, and a net under panics.
func (a *API) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		info := &request{id: ident.V7{}.New(), language: text.Match(r.Header.Get("Accept-Language")), addr: a.config.ClientAddr(r)}
		ctx := context.WithValue(r.Context(), requestKey, info)
		w.Header().Set("X-Request-Id", info.id)
		recorder := &statusRecorder{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				WriteProblem(recorder, r, a.toProblem(ctx, panicError(p, debug.Stack())))
			}
			if a.config.Logger.Enabled(ctx, slog.LevelDebug) {
				a.config.Logger.LogAttrs(ctx, slog.LevelDebug, "request",
					slog.String("request", info.id), slog.String("method", r.Method), slog.String("path", r.URL.Path),
					slog.Int("status", recorder.status), slog.Duration("took", time.Since(started)),
					slog.String("account", info.account), slog.String("actor", info.actor))
			}
		}()
		next.ServeHTTP(recorder, r.WithContext(ctx))
	})
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *statusRecorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Hijack hands the connection to a socket.
func (s *statusRecorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(s.ResponseWriter).Hijack()
}

// RequestID returns the request's identifier, empty outside of one.
func RequestID(ctx context.Context) string {
	if r, ok := ctx.Value(requestKey).(*request); ok {
		return r.id
	}
	return ""
}

// LanguageOf returns the caller's language; English outside of a request.
func LanguageOf(ctx context.Context) text.Language {
	if r, ok := ctx.Value(requestKey).(*request); ok {
		return r.language
	}
	return text.English
}

// ClientAddr returns where the request comes from, the zero address outside of one.
func ClientAddr(ctx context.Context) netip.Addr {
	if r, ok := ctx.Value(requestKey).(*request); ok {
		return r.addr
	}
	return netip.Addr{}
}

// ClientNetwork returns the network that a caller without a name is counted by, the zero prefix outside of a request.
func ClientNetwork(ctx context.Context) netip.Prefix { return network.Of(ClientAddr(ctx)) }

func noteActor(ctx context.Context, account, actor string) {
	if r, ok := ctx.Value(requestKey).(*request); ok {
		r.account, r.actor = account, actor
	}
}

// PeerAddr returns the address of the connection's peer.
func PeerAddr(r *http.Request) netip.Addr {
	if ap, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return ap.Addr().Unmap()
	}
	return netip.Addr{}
}

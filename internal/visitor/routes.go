package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/site"
)

// Visitor returns whose token it is, for the visitors' routes. A request without an origin is not from another site: browsers always
// name it then; nor is one of the chat's own page, whose origin the caller leaves out. Errors: visitor_unknown, origin_refused.
func (l *Live) Visitor(_ context.Context, token, origin string) (api.VisitorInfo, error) {
	claims, ok := verify(l.options.Box, token, l.now())
	if !ok {
		return api.VisitorInfo{}, fault.New(fault.VisitorUnknown)
	}
	s, ok := l.options.Sites.ByID(claims.SiteID)
	if !ok || !s.Active {
		return api.VisitorInfo{}, fault.New(fault.VisitorUnknown)
	}
	if origin != "" && !site.AllowsOrigin(s, origin) {
		return api.VisitorInfo{}, fault.New(fault.OriginRefused)
	}
	return api.VisitorInfo{AccountID: s.AccountID, SiteID: s.ID, VisitorID: claims.VisitorID, VisitID: claims.VisitID}, nil
}

// maxGoodbye bounds the body of POST /v/leave, in bytes.
const maxGoodbye = 4096

// ServeLeave takes the goodbye of a page, POST /v/leave by sendBeacon: body `{"token","tab"}` of any content type, answer 204.
// Errors: request_too_large, malformed_request, visitor_unknown, origin_refused.
func (l *Live) ServeLeave(w http.ResponseWriter, r *http.Request) {
	if err := l.goodbye(r); err != nil {
		f, ok := errors.AsType[*fault.Error](err)
		if !ok {
			f = fault.Wrap(fault.Internal, err)
		}
		api.WriteProblem(w, r, api.NewProblem(api.LanguageOf(r.Context()), api.RequestID(r.Context()), f))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (l *Live) goodbye(r *http.Request) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxGoodbye+1))
	if err != nil {
		return fault.Wrap(fault.MalformedRequest, err)
	}
	if len(body) > maxGoodbye {
		return fault.New(fault.RequestTooLarge)
	}
	var in struct {
		Token string `json:"token"`
		Tab   string `json:"tab"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return fault.Wrap(fault.MalformedRequest, err)
	}
	origin := r.Header.Get("Origin")
	if site.IsOwnOrigin(origin, r.Host) {
		origin = ""
	}
	s, err := l.Visitor(r.Context(), in.Token, origin)
	if err != nil {
		return err
	}
	claims, _ := verify(l.options.Box, in.Token, l.now())
	l.leave(claims, in.Tab)
	if claims.Limited {
		if _, talking := l.conversations.Open(r.Context(), s.AccountID, claims.VisitorID, claims.SiteID); !talking {
			l.forget(claims.VisitorID)
		}
	}
	return nil
}

package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// operation turns a route into huma's form: document and middleware.
func (a *API) operation(r Route) huma.Operation {
	codes := append([]fault.Code{fault.Internal, fault.MalformedRequest, fault.Validation}, r.Errors...)
	op := huma.Operation{
		OperationID:   operationID(r),
		Method:        r.Method,
		Path:          r.Path,
		Summary:       r.Summary,
		Tags:          []string{r.Tag},
		DefaultStatus: r.Status,
		MaxBodyBytes:  r.MaxBody, BodyReadTimeout: -1, // the gate's deadline moves with progress; this one would not

		Errors: []int{},
	}
	op.Middlewares = append(op.Middlewares, a.limitBody(r), a.readable)
	switch {
	case r.Public:
	case r.Visitor:
		codes = append(codes, fault.VisitorUnknown, fault.OriginRefused)
		op.Security = []map[string][]string{{"visitor": {}}}
		op.Middlewares = append(op.Middlewares, a.authenticateVisitor)
	default:
		codes = append(codes, fault.NotAuthenticated, fault.SessionEnded)
		op.Security = []map[string][]string{{"session": {}}}
		op.Middlewares = append(op.Middlewares, a.authenticate(r.Permission))
		if r.Permission != "" {
			codes = append(codes, fault.Forbidden)
			op.Extensions = map[string]any{"x-permission": string(r.Permission)}
		}
	}
	// After the authentication, which tells who counts.
	for _, rate := range r.rates() {
		op.Middlewares = append(op.Middlewares, a.limitRate(r, rate))
		codes = append(codes, fault.RateLimited)
	}
	op.Description = describe(r)
	op.Responses = problemResponses(codes)
	return op
}

func describe(r Route) string {
	parts := []string{}
	if r.Description != "" {
		parts = append(parts, r.Description)
	}
	if r.Permission != "" {
		parts = append(parts, fmt.Sprintf("Needs the permission `%s`.", r.Permission))
	}
	for _, rate := range r.rates() {
		by := string(rate.By)
		if rate.By == ByAddress {
			by += " (IPv6: per /64)"
		}
		parts = append(parts, fmt.Sprintf("At most %d requests at once, refilled over %s, per %s.", rate.Burst, rate.Per, by))
	}
	if r.Method != http.MethodGet && r.Method != http.MethodDelete {
		parts = append(parts, fmt.Sprintf("The body has at most %d bytes.", r.MaxBody))
	}
	return strings.Join(parts, "\n\n")
}

// operationID makes `post-api-queue-next` of POST /api/queue/next.
func operationID(r Route) string {
	path := strings.NewReplacer("/", "-", "{", "", "}", "", ".", "-").Replace(r.Path)
	return strings.ToLower(r.Method) + path
}

// problemResponses lists the codes by their status in the document.
func problemResponses(codes []fault.Code) map[string]*huma.Response {
	byStatus := map[int][]string{}
	for _, c := range codes {
		if name := "`" + string(c) + "`"; !slices.Contains(byStatus[c.Status()], name) {
			byStatus[c.Status()] = append(byStatus[c.Status()], name)
		}
	}
	responses := map[string]*huma.Response{}
	for status, names := range byStatus {
		slices.Sort(names)
		responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status) + ": " + strings.Join(names, ", "),
			Content:     map[string]*huma.MediaType{problemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
		}
	}
	return responses
}

// refuse ends the request with a fault.
func (a *API) refuse(ctx huma.Context, err error) {
	r, w := humago.Unwrap(ctx)
	WriteProblem(w, r, a.toProblem(r.Context(), err))
}

// readable refuses what is no text in the address: a zero byte, or bytes that are not UTF-8. PostgreSQL takes neither.
func (a *API) readable(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	if !isText(r.URL.Path) {
		a.refuse(ctx, fault.New(fault.NotFound))
		return
	}
	for name, values := range r.URL.Query() {
		for _, value := range values {
			if !isText(value) {
				a.refuse(ctx, fault.Invalid(fault.Field{Name: name, Code: fault.FieldInvalid}))
				return
			}
		}
	}
	next(ctx)
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func (a *API) limitBody(r Route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		request, w := humago.Unwrap(ctx)
		// Holds for multipart too, which huma does not bound.
		request.Body = &boundedBody{ReadCloser: http.MaxBytesReader(w, request.Body, r.MaxBody), ctx: request.Context()}
		next(ctx)
	}
}

// boundedBody remembers that the bound was passed: huma's multipart error keeps only the text of the cause.
type boundedBody struct {
	io.ReadCloser
	ctx context.Context //nolint:containedctx // the body is part of its request
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		if info, ok := b.ctx.Value(requestKey).(*request); ok {
			info.tooLarge = true
		}
	}
	return n, err
}

func (a *API) authenticate(permission Permission) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		request, _ := humago.Unwrap(ctx)
		actor, err := a.Authenticate(request)
		if err != nil {
			a.refuse(ctx, err)
			return
		}
		if permission != "" && !actor.Can(permission) {
			a.refuse(ctx, fault.New(fault.Forbidden))
			return
		}
		noteActor(request.Context(), actor.AccountID, actor.AgentID)
		next(huma.WithValue(ctx, actorKey, actor))
	}
}

// Authenticate returns the agent of a request by its cookie: for what is not a huma route, as the live socket.
func (a *API) Authenticate(r *http.Request) (ActorInfo, error) {
	cookie, err := r.Cookie(SessionCookie)
	if err != nil || cookie.Value == "" {
		return ActorInfo{}, fault.New(fault.NotAuthenticated)
	}
	return a.config.Sessions.Actor(r.Context(), cookie.Value)
}

func (a *API) authenticateVisitor(ctx huma.Context, next func(huma.Context)) {
	token, ok := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
	if !ok {
		a.refuse(ctx, fault.New(fault.VisitorUnknown))
		return
	}
	origin := ctx.Header("Origin")
	if host := ctx.Host(); origin == "http://"+host || origin == "https://"+host {
		origin = "" // the chat's own page: it is ours
	}
	visitor, err := a.config.Visitors.Visitor(ctx.Context(), token, origin)
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	noteActor(ctx.Context(), visitor.AccountID, visitor.VisitorID)
	next(huma.WithValue(ctx, visitorKey, visitor))
}

func (a *API) limitRate(r Route, rate Rate) func(huma.Context, func(huma.Context)) {
	name := r.Method + " " + r.Path + " " + string(rate.By)
	return func(ctx huma.Context, next func(huma.Context)) {
		if wait := a.limits.Take(name+" "+rateSubject(ctx.Context(), rate.By), rate); wait > 0 {
			a.config.Limited(ClientAddr(ctx.Context()))
			seconds := int(wait/time.Second) + 1
			a.refuse(ctx, fault.New(fault.RateLimited).With("seconds", seconds))
			return
		}
		next(ctx)
	}
}

func rateSubject(ctx context.Context, by RateBy) string {
	switch by {
	case ByAgent:
		return Actor(ctx).AgentID
	case ByVisitor:
		return Visitor(ctx).VisitorID
	case ByAddress:
	}
	return ClientNetwork(ctx).String()
}

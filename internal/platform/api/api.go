package api

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// Permission names what a role allows. The closed list stands in the package access.
type Permission string

// ActorInfo is the agent on whose behalf a request runs.
type ActorInfo struct {
	AccountID, AgentID, SessionID string
	Name, Role                    string
	Permissions                   map[Permission]bool
	// DepartmentIDs are those the agent serves.
	DepartmentIDs map[string]bool
	// SupervisedDepartmentIDs and SupervisedAgentIDs are what the agent supervises, unless it is everything.
	SupervisedDepartmentIDs, SupervisedAgentIDs map[string]bool
	// All is set for those who supervise the whole account.
	All bool
}

// Can says whether the actor has the permission.
func (a ActorInfo) Can(p Permission) bool { return a.Permissions[p] }

// Scope returns what the actor may see.
func (a ActorInfo) Scope() eventlog.Scope {
	s := eventlog.Scope{
		AgentID: a.AgentID, DepartmentIDs: a.DepartmentIDs, All: a.All,
		SupervisedDepartmentIDs: a.SupervisedDepartmentIDs, SupervisedAgentIDs: a.SupervisedAgentIDs,
	}
	if len(a.SupervisedDepartmentIDs) > 0 {
		s.DepartmentIDs = make(map[string]bool, len(a.DepartmentIDs)+len(a.SupervisedDepartmentIDs))
		maps.Copy(s.DepartmentIDs, a.DepartmentIDs)
		maps.Copy(s.DepartmentIDs, a.SupervisedDepartmentIDs)
	}
	return s
}

// VisitorInfo is the visitor on whose behalf a request runs, as the signed token says.
type VisitorInfo struct {
	AccountID, SiteID, VisitorID, VisitID string
}

// Sessions turns the cookie's token into the agent, or refuses with NotAuthenticated or SessionEnded.
type Sessions interface {
	Actor(ctx context.Context, token string) (ActorInfo, error)
}

// Visitors turns a visitor's token into the visitor, or refuses with VisitorUnknown or OriginRefused.
type Visitors interface {
	Visitor(ctx context.Context, token, origin string) (VisitorInfo, error)
}

// Config is what the surface stands on.
type Config struct {
	Title, Version string
	Logger         *slog.Logger
	Clock          clock.Clock
	Sessions       Sessions
	Visitors       Visitors
	// ClientAddr tells where a request comes from, trusted proxies considered. Nil means the connection's peer.
	ClientAddr func(*http.Request) netip.Addr
	// Limited is told of each request that a route's rate refuses. Nil means nobody is.
	Limited func(netip.Addr)
}

// SessionCookie is the name of the agents' cookie.
const SessionCookie = "aceno_session"

// API collects the routes.
type API struct {
	Huma huma.API
	Mux  *http.ServeMux

	config Config
	limits *Limiter
	names  *names
	mu     sync.Mutex
	routes []Route
}

// description states what holds for every route.
const description = "Bounds of every route, besides its own. " +
	"A body, and the taking of an answer, may be as slow as 4 KiB in each 10 s; what moves less is cut. " +
	"One network (an IPv4 address, or the /64 of an IPv6 one) has as many connections, and as many requests at a time, " +
	"as `--max-per-address` says (1,000), of them at most 64 with a body over 64 KiB; beyond that the answer is 429 `too_many_connections`. " +
	"Rates per address count an IPv6 address by its /64 too. " +
	"When the process is short of descriptors, visitors' requests on new connections are answered 503 `overloaded`, and agents' go on. " +
	"Both name the time to wait in `Retry-After` and end the connection."

// New returns an empty surface on a mux of its own.
func New(c Config) *API {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.ClientAddr == nil {
		c.ClientAddr = PeerAddr
	}
	if c.Limited == nil {
		c.Limited = func(netip.Addr) {}
	}
	installErrors()
	mux := http.NewServeMux()
	hc := huma.DefaultConfig(c.Title, c.Version)
	hc.DocsPath, hc.OpenAPIPath, hc.SchemasPath = "", "", ""
	hc.Info.Description = description
	hc.CreateHooks = nil // no $schema member in answers
	names := newNames()
	hc.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", names.name)
	hc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: SessionCookie, Description: "An agent's session."},
		"visitor": {Type: "http", Scheme: "bearer", Description: "A visitor's signed token, from the socket's welcome."},
	}
	a := &API{Huma: humago.New(mux, hc), Mux: mux, config: c, limits: NewLimiter(c.Clock), names: names}
	a.describeProblem()
	return a
}

// Rate bounds how often one caller may call a route: Burst at once, refilled evenly over Per.
type Rate struct {
	Burst int
	Per   time.Duration
	By    RateBy
}

// RateBy says what counts as one caller.
type RateBy string

// What a rate counts by. An address is an IPv4 one or the /64 of an IPv6 one: see ClientNetwork.
const (
	ByAddress RateBy = "address" // of IPv6, its /64
	ByAgent   RateBy = "agent"
	ByVisitor RateBy = "visitor"
)

// Route declares one operation.
type Route struct {
	Method, Path string
	// Permission the actor must have; empty when a session is enough.
	Permission Permission
	// Public routes need no session; Visitor routes need a visitor's token.
	Public, Visitor bool
	Summary, Tag    string
	// Description may say what the summary can't; limits of the route are added to it.
	Description string
	// Status of success; 200 when 0.
	Status int
	// Errors the handler may return, besides those every route may.
	Errors []fault.Code
	Rate   *Rate
	// AlsoRate is a second bound, by something else than Rate's.
	AlsoRate *Rate
	// MaxBody in bytes; 64 KB when 0.
	MaxBody int64
}

// rates returns the bounds there are.
func (r Route) rates() []Rate {
	var all []Rate
	for _, rate := range []*Rate{r.Rate, r.AlsoRate} {
		if rate != nil {
			all = append(all, *rate)
		}
	}
	return all
}

// Routes returns what was registered, for the test that walks them all.
func (a *API) Routes() []Route {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]Route(nil), a.routes...)
}

const defaultMaxBody = 64 << 10

// Register adds a route. The handler's input and output are huma's: tags on the input carry the limits, which the server enforces
// and the document states. Errors are faults.
func Register[In, Out any](a *API, r Route, handler func(ctx context.Context, in *In) (*Out, error)) {
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	if r.MaxBody == 0 {
		r.MaxBody = defaultMaxBody
	}
	a.mu.Lock()
	a.routes = append(a.routes, r)
	a.mu.Unlock()
	a.names.registering(r)
	op := a.operation(r)
	huma.Register(a.Huma, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.Problem(ctx, err)
		}
		return out, nil
	})
}

type contextKey int

const (
	actorKey contextKey = iota
	visitorKey
	requestKey
)

// Actor returns the agent of the request. Only routes with a session have one.
func Actor(ctx context.Context) ActorInfo {
	a, _ := ctx.Value(actorKey).(ActorInfo)
	return a
}

// Visitor returns the visitor of the request. Only visitors' routes have one.
func Visitor(ctx context.Context) VisitorInfo {
	v, _ := ctx.Value(visitorKey).(VisitorInfo)
	return v
}

// WithActor returns a context that carries the agent: for work outside a request.
func WithActor(ctx context.Context, a ActorInfo) context.Context {
	return context.WithValue(ctx, actorKey, a)
}

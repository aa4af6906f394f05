package agent

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// cookieLife is how long a browser keeps the cookie; the server decides how long the session in it lives.
const cookieLife = 7 * 24 * time.Hour

// Transport tells how a request came. Embed it in the input of a route that sets the session's cookie.
type Transport struct {
	// Secure says that the browser speaks TLS, to this process or to a proxy before it.
	Secure bool
}

// Resolve looks at the request. Believing any X-Forwarded-Proto is harmless: it only makes the cookie stricter for who sent it.
func (t *Transport) Resolve(ctx huma.Context) []error {
	t.Secure = ctx.TLS() != nil || ctx.Header("X-Forwarded-Proto") == "https"
	return nil
}

// Cookie returns the cookie that carries a session's token; an empty token takes it away from the browser.
func Cookie(token string, secure bool) http.Cookie {
	life := int(cookieLife / time.Second)
	if token == "" {
		life = -1
	}
	return http.Cookie{ //nolint:gosec // Secure follows the transport: a first try without TLS has to work
		Name: api.SessionCookie, Value: token, Path: "/", MaxAge: life, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
}

// MeOutput answers with the signed-in agent.
type MeOutput struct {
	Body Me
}

// SignedIn answers with the agent who has just signed in, and the cookies of the session and of the device.
type SignedIn struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      Me
}

type signInInput struct {
	Transport
	Device string `cookie:"aceno_device" doc:"What a browser was given where somebody signed in before."`
	Body   struct {
		Login    string `json:"login" minLength:"1" maxLength:"64" doc:"Case does not matter."`
		Password string `json:"password" minLength:"1" maxLength:"128"`
	}
}

type signOutInput struct {
	Transport
	Conversations Conversations `query:"conversations" enum:"return,keep" default:"return" doc:"Puts open conversations back at the head of their queue, or leaves them to the grace time."`
}

type signedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

type statusInput struct {
	Body struct {
		Status Status `json:"status" enum:"online,busy,offline"`
	}
}

type preferencesInput struct {
	Body Preferences
}

type listOutput struct {
	Body struct {
		Agents []Agent `json:"agents" nullable:"false"`
	}
}

type createInput struct {
	Body struct {
		Login             string      `json:"login" minLength:"2" maxLength:"64" doc:"Letters, digits and . _ @ + -, beginning with a letter or digit. Case does not matter."`
		Name              string      `json:"name" minLength:"1" maxLength:"80"`
		Email             string      `json:"email" minLength:"3" maxLength:"254"`
		Password          string      `json:"password" minLength:"8" maxLength:"128"`
		Role              access.Role `json:"role" enum:"administrator,supervisor,agent"`
		DepartmentIDs     []string    `json:"department_ids,omitempty" maxItems:"200" nullable:"false"`
		Method            Method      `json:"method,omitempty" enum:"manual,roulette,both" doc:"both if absent."`
		ConversationLimit int         `json:"conversation_limit,omitempty" minimum:"1" maximum:"50" doc:"5 if absent."`
		Phone             string      `json:"phone,omitempty" maxLength:"40"`
		Languages         []string    `json:"languages,omitempty" maxItems:"20" nullable:"false" doc:"Language tags; their region is dropped."`
		Skills            []string    `json:"skills,omitempty" maxItems:"30" nullable:"false" doc:"At most 40 characters each."`
	}
}

type updateInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Login             *string      `json:"login,omitempty" minLength:"2" maxLength:"64" nullable:"false"`
		Name              *string      `json:"name,omitempty" minLength:"1" maxLength:"80" nullable:"false"`
		Email             *string      `json:"email,omitempty" minLength:"3" maxLength:"254" nullable:"false"`
		Password          *string      `json:"password,omitempty" minLength:"8" maxLength:"128" nullable:"false" doc:"Ends the agent's session, unless it is the caller's own."`
		Role              *access.Role `json:"role,omitempty" enum:"administrator,supervisor,agent" nullable:"false"`
		Active            *bool        `json:"active,omitempty" nullable:"false" doc:"Agents are never deleted, only inactivated: that ends their session."`
		DepartmentIDs     []string     `json:"department_ids,omitempty" maxItems:"200" nullable:"false" doc:"Replaces the links; an empty list removes them."`
		Method            *Method      `json:"method,omitempty" enum:"manual,roulette,both" nullable:"false"`
		ConversationLimit *int         `json:"conversation_limit,omitempty" minimum:"1" maximum:"50" nullable:"false"`
		Phone             *string      `json:"phone,omitempty" maxLength:"40" nullable:"false"`
		Languages         []string     `json:"languages,omitempty" maxItems:"20" nullable:"false" doc:"Replaces the languages; the region of a tag is dropped."`
		Skills            []string     `json:"skills,omitempty" maxItems:"30" nullable:"false" doc:"Replaces the skills; at most 40 characters each."`
	}
}

type agentOutput struct {
	Body Agent
}

// Routes declares the routes of sessions and agents.
func (s *Service) Routes(a *api.API) {
	s.sessionRoutes(a)
	s.ownRoutes(a)
	s.manageRoutes(a)
	s.photoRoutes(a)
}

func (s *Service) sessionRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/session", Public: true, Tag: "session", Summary: "Sign in",
		Description: "Opens a session and ends the agent's other one.\n\nWrong passwords make one wait, from a second to a minute, doubling " +
			"(`rate_limited` with `Retry-After`): after 10 on a device that signed in as the login before (cookie `aceno_device`), after 10 for a " +
			"login from one network (an IPv4 address, the /64 of an IPv6 one); from networks the login is not known from also after 50 for the " +
			"login and after 100 for the network. One wrong password is forgotten per minute. Waiting elsewhere never makes a known device or " +
			"network wait. When more than 128 strangers wait for their password to be computed, those of the network that has most there are " +
			"told to come again (`rate_limited`); who is known comes before them.",
		Errors: []fault.Code{
			fault.InvalidCredentials, fault.AgentInactive, fault.AccountInactive, fault.RateLimited, fault.Unavailable,
		},
	}, s.postSession)
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/session", Tag: "session", Summary: "The signed-in agent",
	}, func(ctx context.Context, _ *struct{}) (*MeOutput, error) { return s.meOutput(ctx) })
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/session", Tag: "session", Summary: "Sign out", Status: http.StatusNoContent,
	}, s.deleteSession)
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/session/status", Tag: "session", Summary: "Set the own status",
	}, func(ctx context.Context, in *statusInput) (*MeOutput, error) {
		if err := s.SetStatus(ctx, api.Actor(ctx), in.Body.Status); err != nil {
			return nil, err
		}
		return s.meOutput(ctx)
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/session/preferences", Tag: "session", Summary: "Replace the own preferences",
		Description: "Any JSON object of at most 16 KB, nested at most 12 deep.", MaxBody: PreferencesMax,
	}, func(ctx context.Context, in *preferencesInput) (*MeOutput, error) {
		if err := s.SetPreferences(ctx, api.Actor(ctx), in.Body); err != nil {
			return nil, err
		}
		return s.meOutput(ctx)
	})
}

func (s *Service) meOutput(ctx context.Context) (*MeOutput, error) {
	actor := api.Actor(ctx)
	me, err := s.Me(ctx, actor.AccountID, actor.AgentID)
	if err != nil {
		return nil, err
	}
	return &MeOutput{Body: me}, nil
}

func (s *Service) postSession(ctx context.Context, in *signInInput) (*SignedIn, error) {
	session, err := s.SignInOn(ctx, in.Device, in.Body.Login, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return s.SignedIn(ctx, session, in.Secure)
}

// SignedIn returns the answer to a request that opened a session.
func (s *Service) SignedIn(ctx context.Context, session Session, secure bool) (*SignedIn, error) {
	me, err := s.Me(ctx, session.AccountID, session.AgentID)
	if err != nil {
		return nil, err
	}
	token, err := s.devices.meet(session.from, me.Agent.Login, s.config.Clock.Now())
	if err != nil {
		return nil, fmt.Errorf("agent: name the device: %w", err)
	}
	own, kept := Cookie(session.Token, secure), deviceCookieOf(token, secure)
	return &SignedIn{SetCookie: []string{own.String(), kept.String()}, Body: me}, nil
}

func (s *Service) deleteSession(ctx context.Context, in *signOutInput) (*signedOut, error) {
	if err := s.SignOut(ctx, api.Actor(ctx), in.Conversations); err != nil {
		return nil, err
	}
	return &signedOut{SetCookie: Cookie("", in.Secure)}, nil
}

func (s *Service) manageRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/agents", Tag: "agents", Summary: "All agents of the account",
	}, func(ctx context.Context, _ *struct{}) (*listOutput, error) {
		list, err := s.List(ctx, api.Actor(ctx).AccountID)
		if err != nil {
			return nil, err
		}
		out := &listOutput{}
		out.Body.Agents = list
		return out, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/agents", Permission: access.AgentManage, Tag: "agents", Summary: "Create an agent",
		Status: http.StatusCreated, Errors: []fault.Code{fault.Unavailable},
	}, func(ctx context.Context, in *createInput) (*agentOutput, error) {
		b := in.Body
		made, err := s.Create(ctx, api.Actor(ctx).AccountID, New{
			Login: b.Login, Name: b.Name, Email: b.Email, Password: b.Password, Role: b.Role, DepartmentIDs: b.DepartmentIDs,
			Method: b.Method, ConversationLimit: b.ConversationLimit, Phone: b.Phone, Languages: b.Languages, Skills: b.Skills,
		})
		if err != nil {
			return nil, err
		}
		return &agentOutput{Body: made}, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPatch, Path: "/api/agents/{id}", Permission: access.AgentManage, Tag: "agents", Summary: "Change an agent",
		Errors: []fault.Code{fault.NotFound, fault.LastAdministrator, fault.Unavailable},
	}, func(ctx context.Context, in *updateInput) (*agentOutput, error) {
		actor, b := api.Actor(ctx), in.Body
		changed, err := s.Update(ctx, actor.AccountID, actor.AgentID, in.ID, Changes{
			Login: b.Login, Name: b.Name, Email: b.Email, Password: b.Password, Role: b.Role, Active: b.Active,
			DepartmentIDs: b.DepartmentIDs, Method: b.Method, ConversationLimit: b.ConversationLimit, Phone: b.Phone, Languages: b.Languages, Skills: b.Skills,
		})
		if err != nil {
			return nil, err
		}
		return &agentOutput{Body: changed}, nil
	})
}

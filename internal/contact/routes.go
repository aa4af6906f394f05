package contact

import (
	"context"
	"net/http"
	"time"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// Paces of visitors: people seldom leave two messages, programs try many.
var (
	leaveRate        = api.Rate{Burst: 3, Per: time.Minute, By: api.ByVisitor}
	leaveAddressRate = api.Rate{Burst: 10, Per: time.Minute, By: api.ByAddress}
)

type leaveIn struct {
	Body struct {
		ClientID     string         `json:"client_id" maxLength:"64" pattern:"^[!-~]+$" doc:"Made by the client. The same id again changes nothing."`
		DepartmentID string         `json:"department_id" maxLength:"36"`
		Name         string         `json:"name" maxLength:"100"`
		Email        string         `json:"email" maxLength:"254"`
		Phone        string         `json:"phone,omitempty" maxLength:"40"`
		Subject      string         `json:"subject,omitempty" maxLength:"150"`
		Message      string         `json:"message" maxLength:"5000"`
		Answers      map[string]any `json:"answers,omitempty" maxProperties:"30" doc:"To the contact form's own fields: texts, numbers, booleans, lists of values chosen. What it does not ask is left out."`
	}
}

// Receipt tells a visitor that the request is stored.
type Receipt struct {
	ID string `json:"id"`
}

type leaveOut struct {
	Status int
	Body   Receipt
}

type listIn struct {
	State        State  `query:"state" enum:"open,in_progress,answered" doc:"Every state if absent."`
	DepartmentID string `query:"department_id" maxLength:"36" doc:"Every department the agent serves if absent."`
	Before       string `query:"before" format:"uuid" pattern:"^[0-9a-f-]{36}$" doc:"The last id of the page before; the newest if absent."`
	Limit        int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type pageOut struct{ Body Page }

type byIDIn struct {
	ID string `path:"id" maxLength:"36"`
}

type answersOut struct {
	Body struct {
		Answers []form.Given `json:"answers" nullable:"false"`
	}
}

type moveIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		State   State `json:"state" enum:"open,in_progress,answered"`
		Version int64 `json:"version" minimum:"1" doc:"The version that was looked at."`
	}
}

type requestOut struct{ Body Request }

// Routes declares the visitors' and the agents' routes of contact requests.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/contacts", Tag: "visitor", Summary: "Leave a contact request", Visitor: true,
		Description: "Answers 201 when it was stored, 200 when it had been already.",
		Status:      http.StatusCreated, Errors: []fault.Code{fault.VisitorBlocked}, Rate: &leaveRate, AlsoRate: &leaveAddressRate,
	}, func(ctx context.Context, in *leaveIn) (*leaveOut, error) {
		v, b := api.Visitor(ctx), in.Body
		r, created, err := s.Leave(ctx, Visitor{
			AccountID: v.AccountID, SiteID: v.SiteID, VisitorID: v.VisitorID, VisitID: v.VisitID, Addr: api.ClientAddr(ctx),
			Language: string(api.LanguageOf(ctx)),
		}, New{
			ClientID: b.ClientID, DepartmentID: b.DepartmentID, Name: b.Name, Email: b.Email, Phone: b.Phone, Subject: b.Subject, Message: b.Message,
			Answers: b.Answers,
		})
		out := &leaveOut{Status: http.StatusOK, Body: Receipt{ID: r.ID}}
		if created {
			out.Status = http.StatusCreated
		}
		return out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/contacts", Tag: "contacts", Summary: "Contact requests of the agent's departments, the newest first",
		Permission: access.ContactManage,
	}, func(ctx context.Context, in *listIn) (*pageOut, error) {
		p, err := s.List(ctx, api.Actor(ctx).AccountID, scopeOf(ctx), Filter{
			State: in.State, DepartmentID: in.DepartmentID, Before: in.Before, Limit: in.Limit,
		})
		return &pageOut{Body: p}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/contacts/{id}", Tag: "contacts", Summary: "A contact request", Permission: access.ContactManage,
		Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*requestOut, error) {
		r, err := s.Get(ctx, api.Actor(ctx).AccountID, scopeOf(ctx), in.ID)
		return &requestOut{Body: r}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/contacts/{id}/answers", Tag: "contacts", Summary: "What was answered to the contact form's own fields",
		Permission: access.ContactManage, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *byIDIn) (*answersOut, error) {
		var out answersOut
		var err error
		out.Body.Answers, err = s.Answers(ctx, api.Actor(ctx).AccountID, scopeOf(ctx), in.ID)
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPatch, Path: "/api/contacts/{id}", Tag: "contacts", Summary: "Set the state of a contact request",
		Permission: access.ContactManage, Errors: []fault.Code{fault.NotFound, fault.StaleWrite},
	}, func(ctx context.Context, in *moveIn) (*requestOut, error) {
		r, err := s.Move(ctx, api.Actor(ctx).AccountID, scopeOf(ctx), in.ID, in.Body.State, in.Body.Version)
		return &requestOut{Body: r}, err
	})
}

func scopeOf(ctx context.Context) eventlog.Scope {
	a := api.Actor(ctx)
	return a.Scope()
}

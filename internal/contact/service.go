package contact

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/aceno-chat/aceno/internal/form"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/mail"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Department is what a request needs to know of the department it is for.
type Department struct {
	Name   string
	Email  string
	Active bool
}

// Surroundings are what contact asks of other features. All of it answers from memory.
type Surroundings interface {
	// ContactDepartment returns a department of the account.
	ContactDepartment(accountID, departmentID string) (Department, bool)
	// ContactAccount returns the account's name and language.
	ContactAccount(ctx context.Context, accountID string) (name, language string, err error)
	// PageOf returns the address of the page a visit is on, or "".
	PageOf(accountID, visitID string) string
	// Blocked says whether visitors at the address may not write.
	Blocked(accountID string, addr netip.Addr) bool
}

// Mail queues a message inside a write; mail.Queue is it.
type Mail interface {
	Add(ctx context.Context, tx *store.Tx, accountID string, m mail.Message) error
}

// Forms knows what is asked beside what every request has, and keeps what is said; form.Service is it.
type Forms interface {
	For(accountID string, kind form.Kind, departmentID string) (form.Form, bool)
	PutIn(ctx context.Context, tx *store.Tx, accountID string, f form.Form, g form.Given, version int64) (form.Given, error)
	Of(ctx context.Context, accountID, subjectID string) ([]form.Given, error)
}

// Config is what the service needs.
type Config struct {
	Store  *store.Store
	Log    *eventlog.Log
	Clock  clock.Clock
	IDs    ident.Generator
	Mail   Mail
	Around Surroundings
	// Forms may be nil: then nothing is asked beside what every request has.
	Forms Forms
}

// Service takes, lists and moves contact requests. It is safe for concurrent use.
type Service struct{ Config }

// NewService returns a service.
func NewService(c Config) *Service { return &Service{c} }

// Visitor is who leaves a request, as the visitor's token says.
type Visitor struct {
	AccountID, SiteID, VisitorID, VisitID string
	Addr                                  netip.Addr
	Language                              string
}

// Leave stores a visitor's request and has it mailed to the department. The same client id again returns the request of the first
// time, created is false. Errors: Validation, VisitorBlocked.
func (s *Service) Leave(ctx context.Context, v Visitor, n New) (_ Request, created bool, err error) {
	if n, err = n.check(); err != nil {
		return Request{}, false, err
	}
	if before, err := byClient(ctx, s.Store.Read(), v, n.ClientID); err == nil {
		return before, false, nil
	} else if !errors.Is(err, store.ErrNoRows) {
		return Request{}, false, err
	}
	if s.Around.Blocked(v.AccountID, v.Addr) {
		return Request{}, false, fault.New(fault.VisitorBlocked)
	}
	d, ok := s.Around.ContactDepartment(v.AccountID, n.DepartmentID)
	if !ok || !d.Active {
		return Request{}, false, fault.Invalid(fault.Field{Name: "department_id", Code: fault.FieldUnknown})
	}
	asked, answers, err := s.answers(v.AccountID, n)
	if err != nil {
		return Request{}, false, err
	}
	accountName, language, err := s.Around.ContactAccount(ctx, v.AccountID)
	if err != nil {
		return Request{}, false, err
	}
	now := clock.Millis(s.Clock.Now())
	r := Request{
		ID: s.IDs.New(), SiteID: v.SiteID, DepartmentID: n.DepartmentID, VisitorID: v.VisitorID, Name: n.Name, Email: n.Email, Phone: n.Phone,
		Subject: n.Subject, Message: n.Message, PageURL: s.Around.PageOf(v.AccountID, v.VisitID), Language: v.Language, State: Open,
		CreatedAt: now, ChangedAt: now, Version: 1,
	}
	err = s.Store.Write(store.InLane(ctx, v.AccountID), func(ctx context.Context, tx *store.Tx) error {
		created, err = insert(ctx, tx, v.AccountID, n.ClientID, r)
		if err != nil || !created {
			return err
		}
		if len(answers) > 0 {
			given := form.Given{SubjectID: r.ID, DepartmentID: r.DepartmentID, Answers: answers}
			if _, err := s.Forms.PutIn(ctx, tx, v.AccountID, asked, given, 0); err != nil {
				return fmt.Errorf("contact: its answers: %w", err)
			}
		}
		if d.Email != "" {
			if err := s.Mail.Add(ctx, tx, v.AccountID, notice(language, accountName, d, r, answers)); err != nil {
				return err
			}
		}
		return s.Log.Append(ctx, tx, v.AccountID, Saved{Contact: r})
	})
	if err != nil {
		return Request{}, false, err
	}
	if !created { // somebody was quicker with the same client id
		r, err = byClient(ctx, s.Store.Read(), v, n.ClientID)
	}
	return r, created, err
}

// answers checks those to the contact form's own fields.
func (s *Service) answers(accountID string, n New) (form.Form, []form.Answer, error) {
	if s.Forms == nil {
		return form.Form{}, nil, nil
	}
	f, ok := s.Forms.For(accountID, form.Contact, n.DepartmentID)
	if !ok {
		return f, nil, nil
	}
	answers, err := f.Check(n.DepartmentID, "answers", n.Answers)
	return f, answers, err
}

// Answers returns what was answered to the contact form's own fields. Error: NotFound.
func (s *Service) Answers(ctx context.Context, accountID string, scope eventlog.Scope, id string) ([]form.Given, error) {
	if _, err := s.Get(ctx, accountID, scope, id); err != nil || s.Forms == nil {
		return []form.Given{}, err
	}
	given, err := s.Forms.Of(ctx, accountID, id)
	if err != nil {
		return nil, fmt.Errorf("contact: answers: %w", err)
	}
	return given, nil
}

// Filter says which requests to list.
type Filter struct {
	// State empty means every state; DepartmentID empty every department the agent serves.
	State        State
	DepartmentID string
	// Before is the last identifier of the page before; empty for the newest.
	Before string
	// Limit is 1 to 100.
	Limit int
}

// CountMax is where counting stops: that many means that many or more.
const CountMax = 1000

// Counts says how many requests are in each state, in everything the agent may see, each up to CountMax.
type Counts struct {
	Open       int `json:"open" maximum:"1000"`
	InProgress int `json:"in_progress" maximum:"1000"`
	Answered   int `json:"answered" maximum:"1000"`
}

// Page is one page of requests, the newest first.
type Page struct {
	Contacts []Request `json:"contacts" nullable:"false"`
	More     bool      `json:"more" doc:"There are older ones: ask with the last id as before."`
	Counts   Counts    `json:"counts" doc:"Whatever the filter. Counting stops at 1000, which then means 1000 or more."`
}

// List returns the requests of the agent's departments.
func (s *Service) List(ctx context.Context, accountID string, scope eventlog.Scope, f Filter) (Page, error) {
	p := Page{Contacts: []Request{}}
	var err error
	if p.Contacts, err = selectPage(ctx, s.Store.Read(), accountID, scope, f); err != nil {
		return Page{}, err
	}
	if p.More = len(p.Contacts) > f.Limit; p.More {
		p.Contacts = p.Contacts[:f.Limit]
	}
	p.Counts, err = countStates(ctx, s.Store.Read(), accountID, scope)
	return p, err
}

// Get returns a request of the agent's departments. Error: NotFound.
func (s *Service) Get(ctx context.Context, accountID string, scope eventlog.Scope, id string) (Request, error) {
	r, err := byID(ctx, s.Store.Read(), accountID, id)
	if errors.Is(err, store.ErrNoRows) || err == nil && !scope.Sees(eventlog.ToDepartment(r.DepartmentID)) {
		return Request{}, fault.New(fault.NotFound)
	}
	return r, err
}

// Move sets the state of a request, if it still has the version the agent has seen.
// Errors: NotFound, StaleWrite (somebody else changed it), Validation.
func (s *Service) Move(ctx context.Context, accountID string, scope eventlog.Scope, id string, to State, version int64) (Request, error) {
	if _, err := s.Get(ctx, accountID, scope, id); err != nil {
		return Request{}, err
	}
	var r Request
	err := s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		var err error
		r, err = move(ctx, tx, accountID, id, to, scope.AgentID, version, clock.Millis(s.Clock.Now()))
		if errors.Is(err, store.ErrNoRows) {
			return fault.New(fault.StaleWrite)
		}
		if err != nil {
			return err
		}
		return s.Log.Append(ctx, tx, accountID, Saved{Contact: r})
	})
	if err != nil {
		return Request{}, err
	}
	return r, nil
}

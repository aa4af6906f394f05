package integration

import (
	"context"
	"net/url"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Conversations knows the conversations; conversation.Service is it.
type Conversations interface {
	Get(ctx context.Context, a conversation.AgentActor, id string) (conversation.Conversation, error)
}

// Names tells what identifiers are called.
type Names interface {
	AgentName(ctx context.Context, accountID, agentID string) string
	DepartmentName(ctx context.Context, accountID, departmentID string) string
}

// Config is what the service needs.
type Config struct {
	Store         *store.Store
	Log           *eventlog.Log
	Clock         clock.Clock
	IDs           ident.Generator
	Box           *secret.Box
	Conversations Conversations
	Names         Names
	// PublicURL is where the installation is reached; empty when it is not configured.
	PublicURL string
}

// Service keeps integrations. It is safe for concurrent use.
type Service struct {
	Config
}

// NewService returns a service.
func NewService(c Config) *Service { return &Service{Config: c} }

// List returns the account's integrations by name, the inactive ones too.
func (s *Service) List(ctx context.Context, accountID string) ([]Integration, error) {
	return list(ctx, s.Store.Read(), accountID)
}

// hosts are those under which this installation is reached: base is the address of the request.
func (s *Service) hosts(base string) []string {
	var hosts []string
	for _, text := range []string{base, s.PublicURL} {
		if u, err := url.Parse(text); err == nil {
			hosts = append(hosts, u.Host)
		}
	}
	return hosts
}

// Create adds an integration; base is the address under which the administrator reached this installation.
// Error: Validation (name is `taken`, or `too_many` at the limit).
func (s *Service) Create(ctx context.Context, accountID string, d Draft, base string) (Integration, error) {
	d, err := d.check(s.hosts(base)...)
	if err != nil {
		return Integration{}, err
	}
	made := Integration{ID: s.IDs.New(), Name: d.Name, URL: d.URL, Active: d.Active, Version: 1, UpdatedAt: clock.Millis(s.Clock.Now())}
	return made, s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		n, err := count(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if n >= Max {
			return fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTooMany, Limit: Max})
		}
		if err := unlessTaken(ctx, tx, accountID, made); err != nil {
			return err
		}
		if err := insert(ctx, tx, accountID, made); err != nil {
			return err
		}
		return s.Log.Append(ctx, tx, accountID, Saved{Integration: made})
	})
}

func unlessTaken(ctx context.Context, tx *store.Tx, accountID string, i Integration) error {
	other, err := idOf(ctx, tx, accountID, i.Name)
	if err == nil && other != "" && other != i.ID {
		err = fault.Invalid(fault.Field{Name: "name", Code: fault.FieldTaken})
	}
	return err
}

// Save changes an integration over the version that was seen. Errors: Validation, NotFound, StaleWrite.
func (s *Service) Save(ctx context.Context, accountID, id string, version int64, d Draft, base string) (Integration, error) {
	d, err := d.check(s.hosts(base)...)
	if err != nil {
		return Integration{}, err
	}
	wanted := Integration{ID: id, Name: d.Name, URL: d.URL, Active: d.Active, Version: version, UpdatedAt: clock.Millis(s.Clock.Now())}
	var now Integration
	err = s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		if err := unlessTaken(ctx, tx, accountID, wanted); err != nil {
			return err
		}
		saved, ok, err := update(ctx, tx, accountID, wanted)
		if err != nil {
			return err
		}
		if !ok {
			return refused(ctx, tx, accountID, id)
		}
		now = saved
		return s.Log.Append(ctx, tx, accountID, Saved{Integration: saved})
	})
	return now, err
}

// refused tells why nothing was changed: somebody else was quicker, or there is no such integration.
func refused(ctx context.Context, tx *store.Tx, accountID, id string) error {
	_, ok, err := one(ctx, tx, accountID, id)
	switch {
	case err != nil:
		return err
	case !ok:
		return fault.New(fault.NotFound)
	}
	return fault.New(fault.StaleWrite)
}

// Remove takes an integration away, and its secret with it. Error: NotFound.
func (s *Service) Remove(ctx context.Context, accountID, id string) error {
	return s.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		ok, err := remove(ctx, tx, accountID, id)
		if err == nil && !ok {
			err = fault.New(fault.NotFound)
		}
		if err != nil {
			return err
		}
		return s.Log.Append(ctx, tx, accountID, Removed{ID: id})
	})
}

// SecretOf returns what the contexts of the account's integration are signed with. Error: NotFound.
func (s *Service) SecretOf(ctx context.Context, accountID, id string) (string, error) {
	i, ok, err := one(ctx, s.Store.Read(), accountID, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound)
	}
	if err != nil {
		return "", err
	}
	return Secret(s.Box, i.ID), nil
}

// FramedPage is a page as it is shown beside one conversation.
type FramedPage struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url" doc:"With the signed context, for one loading: ask again for the next."`
}

// Frames returns the active pages with their addresses for a conversation that the agent may see. Error: NotFound.
func (s *Service) Frames(ctx context.Context, a conversation.AgentActor, conversationID string) ([]FramedPage, error) {
	c, err := s.Conversations.Get(ctx, a, conversationID)
	if err != nil {
		return nil, err
	}
	all, err := s.List(ctx, a.AccountID)
	if err != nil {
		return nil, err
	}
	v, err := visitorContext(c)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	told := Context{
		Issuer: "aceno", IssuedAt: now.Unix(), Expires: now.Add(Lifetime).Unix(), AccountID: a.AccountID,
		Agent: Person{ID: a.ID, Name: s.Names.AgentName(ctx, a.AccountID, a.ID)},
		Conversation: ConversationContext{
			ID: c.ID, Number: c.Number, State: string(c.State), SiteID: c.SiteID, DepartmentID: c.DepartmentID,
			Department: s.Names.DepartmentName(ctx, a.AccountID, c.DepartmentID),
		},
		Visitor: v,
	}
	frames := []FramedPage{}
	for _, i := range all {
		if !i.Active {
			continue
		}
		at, err := address(i.URL, told, Secret(s.Box, i.ID))
		if err != nil {
			return nil, err
		}
		frames = append(frames, FramedPage{ID: i.ID, Name: i.Name, URL: at})
	}
	return frames, nil
}

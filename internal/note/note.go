package note

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Limits of notes: their length in characters, and how many are shown of a person, the newest.
const (
	TextMax  = 2000
	ShownMax = 200
)

// Note is something an agent noted. Times are milliseconds UTC.
type Note struct {
	ID             string `json:"id" format:"uuid"`
	ConversationID string `json:"conversation_id" doc:"In which it was written."`
	DepartmentID   string `json:"department_id"`
	AgentID        string `json:"agent_id" doc:"Who wrote it."`
	Text           string `json:"text"`
	CreatedAt      int64  `json:"created_at"`
	ChangedAt      int64  `json:"changed_at" doc:"Later than created_at when its author changed it."`
	Version        int64  `json:"version" doc:"Grows with every change."`
}

// Conversations knows whom a conversation is with; conversation.Service is it.
type Conversations interface {
	// Get returns a conversation that the agent may see.
	Get(ctx context.Context, a conversation.AgentActor, id string) (conversation.Conversation, error)
}

// Config is what the service needs.
type Config struct {
	Store         *store.Store
	Log           *eventlog.Log
	Clock         clock.Clock
	IDs           ident.Generator
	Conversations Conversations
}

// Service keeps the notes. It is safe for concurrent use.
type Service struct{ Config }

// NewService returns a service.
func NewService(c Config) *Service { return &Service{c} }

// List returns the notes about a conversation's visitor, the newest first. Error: NotFound.
func (s *Service) List(ctx context.Context, a conversation.AgentActor, conversationID string) ([]Note, error) {
	c, err := s.Conversations.Get(ctx, a, conversationID)
	if err != nil {
		return nil, err
	}
	who, err := c.IdentityOf()
	if err != nil {
		return nil, err
	}
	all, err := selectOf(ctx, s.Store.Read(), a.AccountID, who)
	if err != nil {
		return nil, err
	}
	seen := []Note{}
	for _, n := range all {
		if n.AgentID == a.ID || a.Scope.Sees(eventlog.ToDepartment(n.DepartmentID)) || n.ConversationID == conversationID {
			seen = append(seen, n)
		}
	}
	return seen, nil
}

// Write notes something in a conversation. The same client id again returns the note of the first time. Errors: Validation, NotFound.
func (s *Service) Write(ctx context.Context, a conversation.AgentActor, conversationID, clientID, text string) (Note, error) {
	text, err := check(clientID, text)
	if err != nil {
		return Note{}, err
	}
	c, err := s.Conversations.Get(ctx, a, conversationID)
	if err != nil {
		return Note{}, err
	}
	who, err := c.IdentityOf()
	if err != nil {
		return Note{}, err
	}
	now := clock.Millis(s.Clock.Now())
	n := Note{
		ID: s.IDs.New(), ConversationID: conversationID, DepartmentID: c.DepartmentID, AgentID: a.ID, Text: text,
		CreatedAt: now, ChangedAt: now, Version: 1,
	}
	err = s.Store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		ok, err := insert(ctx, tx, a.AccountID, clientID, n, who)
		if err != nil {
			return err
		}
		if !ok {
			n, err = byClient(ctx, tx, a.ID, clientID)
			return err
		}
		return s.Log.Append(ctx, tx, a.AccountID, Changed{NoteID: n.ID, VisitorID: c.VisitorID})
	})
	return n, err
}

func check(clientID, text string) (string, error) {
	var c field.Check
	if len(clientID) < 1 || len(clientID) > 64 || strings.ContainsFunc(clientID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		c.Refuse("client_id", fault.FieldInvalid, nil)
	}
	text = c.Text("text", text, 1, TextMax)
	return text, c.Err()
}

// Change rewrites the agent's own note, if it still has the version that was looked at.
// Errors: Validation, NotFound (also of somebody else's note), StaleWrite.
func (s *Service) Change(ctx context.Context, a conversation.AgentActor, id, text string, version int64) (Note, error) {
	text, err := check("-", text)
	if err != nil {
		return Note{}, err
	}
	var n Note
	err = s.Store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		visitorID, err := visitorOf(ctx, tx, a.AccountID, id, a.ID, false)
		if err != nil {
			return absent(err)
		}
		n, err = change(ctx, tx, a.AccountID, id, text, version, clock.Millis(s.Clock.Now()))
		if errors.Is(err, store.ErrNoRows) {
			return fault.New(fault.StaleWrite)
		} else if err != nil {
			return err
		}
		return s.Log.Append(ctx, tx, a.AccountID, Changed{NoteID: id, VisitorID: visitorID})
	})
	return n, err
}

// Remove deletes the agent's own note, or anybody's for those who supervise everything. Error: NotFound.
func (s *Service) Remove(ctx context.Context, a conversation.AgentActor, id string) error {
	return s.Store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		visitorID, err := visitorOf(ctx, tx, a.AccountID, id, a.ID, a.Supervises)
		if err != nil {
			return absent(err)
		}
		if err := remove(ctx, tx, a.AccountID, id); err != nil {
			return err
		}
		return s.Log.Append(ctx, tx, a.AccountID, Changed{NoteID: id, VisitorID: visitorID})
	})
}

func absent(err error) error {
	if errors.Is(err, store.ErrNoRows) {
		return fault.New(fault.NotFound)
	}
	return fmt.Errorf("note: look: %w", err)
}

// Changed says that a note was written, changed or removed. It says nothing of what stands in it: who may read that is asked again.
type Changed struct {
	NoteID    string `json:"note_id"`
	VisitorID string `json:"visitor_id"`
}

// ChangedKind is the kind of Changed.
const ChangedKind = "note.changed"

// Kind returns ChangedKind.
func (Changed) Kind() string { return ChangedKind }

// Audience is everybody of the account.
func (Changed) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the note's identifier.
func (e Changed) Subject() string { return e.NoteID }

var _ = eventlog.Register[Changed]()

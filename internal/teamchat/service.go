package teamchat

import (
	"context"
	"errors"
	"slices"

	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// errAlready undoes a write that found the agent's client id in use: the message of the first time is the answer.
var errAlready = errors.New("teamchat: sent before")

// Files keeps the files of rooms; file.Service is it.
type Files interface {
	SaveForTeam(ctx context.Context, accountID, roomID string, u file.Upload) (file.File, error)
	Insert(ctx context.Context, tx *store.Tx, f file.File) error
	Discard(ctx context.Context, f file.File)
	Get(ctx context.Context, accountID, id string) (file.File, error)
}

// Config is what the service needs.
type Config struct {
	Store  *store.Store
	Log    *eventlog.Log
	Clock  clock.Clock
	IDs    ident.Generator
	Files  Files
	Around Around
}

// Service takes and gives out what agents say to each other. It is safe for concurrent use.
type Service struct{ Config }

// NewService returns a service.
func NewService(c Config) *Service { return &Service{c} }

// Rooms returns the agent's rooms in which something was said, the liveliest first. Rooms of departments that are not active, or no
// longer the agent's, are left out.
func (s *Service) Rooms(ctx context.Context, a Actor) ([]Room, error) {
	all, err := selectRooms(ctx, s.Store.Read(), a)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(r Room) bool {
		_, err := s.find(a, r.ID)
		return err != nil
	}), nil
}

// Page says which messages to list.
type Page struct {
	// After or Before is a sequence; with neither, the newest messages are meant.
	After, Before *int64
	// Limit is 1 to 200.
	Limit int
}

// Messages returns messages of a room in order; more says whether there are others in the direction asked. Error: NotFound.
func (s *Service) Messages(ctx context.Context, a Actor, room string, p Page) (_ []Message, more bool, err error) {
	at, err := s.find(a, room)
	if err != nil {
		return nil, false, err
	}
	return selectMessages(ctx, s.Store.Read(), at.id, p)
}

// Post sends a message to the room and counts it as read by its author.
// Errors: Validation, NotFound, TeamMemberInactive.
func (s *Service) Post(ctx context.Context, a Actor, room string, n New) (Message, error) {
	at, n, err := s.prepare(a, room, n)
	if err != nil {
		return Message{}, err
	}
	return s.post(ctx, a, at, n)
}

// PostFile sends a file. Repeating it is as safe as Post. Errors: those of Post, and those of file.Service.Save.
func (s *Service) PostFile(ctx context.Context, a Actor, room, clientID string, u file.Upload) (Message, error) {
	at, n, err := s.prepare(a, room, New{ClientID: clientID, file: &file.File{}})
	if err != nil {
		return Message{}, err
	}
	if m, known, err := messageByClient(ctx, s.Store.Read(), at.id, a.AgentID, clientID); err != nil || known {
		return m, err
	}
	f, err := s.Files.SaveForTeam(ctx, a.AccountID, at.id, u)
	if err != nil {
		return Message{}, err
	}
	n.file = &f
	m, err := s.post(ctx, a, at, n)
	if err == nil && m.File != nil && m.File.ID == f.ID {
		return m, nil
	}
	// A commit whose answer was lost may have happened all the same: bytes with a row stay, and so do those nobody is sure of.
	if _, unknown := s.Files.Get(context.WithoutCancel(ctx), a.AccountID, f.ID); fault.Is(unknown, fault.NotFound) {
		s.Files.Discard(ctx, f)
	}
	return m, err
}

// prepare finds the room and checks what is to be said in it.
func (s *Service) prepare(a Actor, room string, n New) (place, New, error) {
	at, err := s.find(a, room)
	if err != nil {
		return at, n, err
	}
	if n, err = n.check(); err != nil {
		return at, n, err
	}
	if at.other != "" {
		if _, active, _ := s.Around.TeamAgent(a.AccountID, at.other); !active {
			return at, n, fault.New(fault.TeamMemberInactive)
		}
	}
	n.Mentions, err = s.mentioned(a, at, n.Mentions)
	return at, n, err
}

// mentioned returns each mentioned member once, the author apart. Who is not in the room can't be called into it.
func (s *Service) mentioned(a Actor, at place, ids []string) ([]string, error) {
	once := []string{}
	for _, id := range ids {
		in := id == at.other
		if at.department != "" {
			_, active, _ := s.Around.TeamAgent(a.AccountID, id)
			in = active && s.Around.InDepartment(a.AccountID, id, at.department)
		}
		switch {
		case id == a.AgentID || slices.Contains(once, id):
		case !in:
			return nil, fault.Invalid(fault.Field{Name: "mentions", Code: fault.FieldUnknown})
		default:
			once = append(once, id)
		}
	}
	return once, nil
}

// post stores the message, moves its author's mark, and tells the members, in one write.
func (s *Service) post(ctx context.Context, a Actor, at place, n New) (Message, error) {
	name, _, _ := s.Around.TeamAgent(a.AccountID, a.AgentID)
	var m Message
	err := s.Store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) (err error) {
		m = Message{
			ID: s.IDs.New(), ClientID: n.ClientID, AuthorID: a.AgentID, AuthorName: name, Text: n.Text, Mentions: n.Mentions,
			At: clock.Millis(s.Clock.Now()),
		}
		if n.file != nil {
			m.File = attach(*n.file)
		}
		if m.Sequence, err = advance(ctx, tx, a.AccountID, at, m.preview()); err != nil {
			return err
		}
		fresh, err := insertMessage(ctx, tx, a.AccountID, at.id, m)
		if err != nil {
			return err
		}
		if !fresh {
			return errAlready
		}
		if n.file != nil {
			if err := s.Files.Insert(ctx, tx, *n.file); err != nil {
				return err
			}
		}
		if _, _, err := mark(ctx, tx, at.id, a.AgentID, m.Sequence); err != nil {
			return err
		}
		return s.Log.Append(ctx, tx, a.AccountID, Said{Parties: at.parties(), Message: m})
	})
	if errors.Is(err, errAlready) {
		m, known, err := messageByClient(ctx, s.Store.Read(), at.id, a.AgentID, n.ClientID)
		if err == nil && !known {
			err = fault.Wrap(fault.Unavailable, errors.New("teamchat: a repeated message was lost with its batch"))
		}
		return m, err
	}
	if err != nil {
		return Message{}, err
	}
	return m, nil
}

// Mark notes that the agent has read the room up to a message. It only moves forward, and not beyond the newest message; what moves
// nothing tells nothing. Error: NotFound.
func (s *Service) Mark(ctx context.Context, a Actor, room string, sequence int64) error {
	at, err := s.find(a, room)
	if err != nil {
		return err
	}
	return s.Store.Write(store.InLane(ctx, a.AccountID), func(ctx context.Context, tx *store.Tx) error {
		now, moved, err := mark(ctx, tx, at.id, a.AgentID, sequence)
		if err != nil || !moved {
			return err
		}
		return s.Log.Append(ctx, tx, a.AccountID, Read{Parties: at.parties(), AgentID: a.AgentID, Sequence: now})
	})
}

// File returns a file of one of the agent's rooms. Error: NotFound.
func (s *Service) File(ctx context.Context, a Actor, id string) (file.File, error) {
	f, err := s.Files.Get(ctx, a.AccountID, id)
	if err != nil {
		return file.File{}, err
	}
	at, ok := placeOf(f.RoomID, a.AgentID)
	if !ok {
		return file.File{}, fault.New(fault.NotFound)
	}
	if _, err := s.find(a, at.address()); err != nil {
		return file.File{}, err
	}
	return f, nil
}

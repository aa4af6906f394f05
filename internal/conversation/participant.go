package conversation

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// MaxParticipants is how many agents may take part beside the one in charge.
const MaxParticipants = 8

// Role is what somebody who takes part is.
type Role string

// The roles: a colleague was invited, a supervisor came (T137).
const (
	Colleague  Role = "colleague"
	Supervisor Role = "supervisor"
)

// Participant is an agent who takes part beside the one in charge: reads along, and writes to the visitor too.
type Participant struct {
	AgentID  string `json:"agent_id"`
	Role     Role   `json:"role" enum:"colleague,supervisor"`
	JoinedAt int64  `json:"joined_at"`
}

// participants decodes who takes part; mostly there is nobody, and nothing is decoded.
func (c Conversation) participants() []Participant {
	if c.Participants.text == none || c.Participants.text == "" {
		return nil
	}
	list, err := c.Participants.Value()
	if err != nil {
		return nil // written by this package alone
	}
	return list
}

func (c Conversation) participantIDs() []string {
	var ids []string
	for _, p := range c.participants() {
		ids = append(ids, p.AgentID)
	}
	return ids
}

func (c *OpenConversation) participantIDs() []string {
	var ids []string
	for _, p := range c.Participants {
		ids = append(ids, p.AgentID)
	}
	return ids
}

func (c Conversation) takesPart(agentID string) bool {
	return slices.Contains(c.participantIDs(), agentID)
}

// Join lets an agent take part in an active conversation beside the one in charge; the visitor is told. Who is in the conversation
// may bring in a colleague who is here; who supervises may come in person. Joining again changes nothing.
// Errors: NotFound, ConversationEnded, ConversationNotYours, TransferTargetInactive, TransferTargetAbsent, ParticipantsFull,
// Validation of agent_id.
func (s *Service) Join(ctx context.Context, a AgentActor, id, agentID string) (Conversation, error) {
	if _, err := s.Get(ctx, a, id); err != nil {
		return Conversation{}, err
	}
	role := Colleague
	if agentID == a.ID {
		role = Supervisor
	} else if err := s.mayTakePart(a.AccountID, agentID); err != nil {
		return Conversation{}, err
	}
	var result Conversation
	err := s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		c, ok, err := found(tx.QueryRow(ctx, selectByID, id, a.AccountID))
		switch {
		case err != nil:
			return err
		case !ok || !a.sees(c):
			return fault.New(fault.NotFound)
		case !c.State.Open():
			return fault.New(fault.ConversationEnded)
		case c.State != Active || !s.mayBring(a, c, role):
			return fault.New(fault.ConversationNotYours)
		case agentID == c.Agent() || c.takesPart(agentID):
			result = c
			return nil
		case len(c.participants()) >= MaxParticipants:
			return fault.New(fault.ParticipantsFull).With("limit", MaxParticipants)
		}
		if _, err := tx.Exec(ctx, putParticipant, c.ID, agentID, a.AccountID, string(role), s.now()); err != nil {
			return fmt.Errorf("conversation: join: %w", err)
		}
		if role == Supervisor {
			if err := s.witnessed(ctx, tx, a, c.Agent(), Joined, c); err != nil {
				return err
			}
		}
		result, err = s.tellOfParticipant(ctx, tx, c, agentID, SystemEntered)
		return err
	})
	return result, err
}

// mayBring says whether the actor may bring somebody into a conversation: a supervisor comes in person.
func (s *Service) mayBring(a AgentActor, c Conversation, role Role) bool {
	return a.supervises(c.DepartmentID, c.Agent()) || c.takesPart(a.ID) || (role == Colleague && c.Agent() == a.ID)
}

func (s *Service) mayTakePart(accountID, agentID string) error {
	peer, ok := s.peers.Peer(accountID, agentID)
	switch {
	case !ok:
		return fault.Invalid(fault.Field{Name: "agent_id", Code: fault.FieldUnknown})
	case !peer.Active:
		return fault.New(fault.TransferTargetInactive)
	case !peer.Present:
		return fault.New(fault.TransferTargetAbsent)
	}
	return nil
}

// Leave ends an agent's part in a conversation, in one that is over too. Leaving again changes nothing. Who is in charge can't leave.
// Errors: NotFound, ConversationNotYours.
func (s *Service) Leave(ctx context.Context, a AgentActor, id string) (Conversation, error) {
	var result Conversation
	err := s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		c, ok, err := found(tx.QueryRow(ctx, selectByID, id, a.AccountID))
		switch {
		case err != nil:
			return err
		case !ok || !a.sees(c):
			return fault.New(fault.NotFound)
		case c.State == Active && c.Agent() == a.ID:
			return fault.New(fault.ConversationNotYours)
		case !c.takesPart(a.ID):
			result = c
			return nil
		case c.State.Open():
			if _, err := tx.Exec(ctx, endParticipant, s.now(), c.ID, a.ID); err != nil {
				return fmt.Errorf("conversation: leave: %w", err)
			}
			result, err = s.tellOfParticipant(ctx, tx, c, a.ID, SystemLeft)
			return err
		}
		if result, err = s.dropParticipant(ctx, tx, c, a.ID); err != nil {
			return err
		}
		return s.log.Append(ctx, tx, a.AccountID, ParticipantsEvent{Change: Change{Conversation: result, Names: s.names(ctx, result)}, AgentID: a.ID})
	})
	return result, err
}

// dropParticipant takes an agent out without telling anybody.
func (s *Service) dropParticipant(ctx context.Context, tx *store.Tx, c Conversation, agentID string) (Conversation, error) {
	if _, err := tx.Exec(ctx, endParticipant, s.now(), c.ID, agentID); err != nil {
		return Conversation{}, fmt.Errorf("conversation: participants: %w", err)
	}
	list, err := s.presentIn(ctx, tx, c.ID)
	if err != nil {
		return Conversation{}, err
	}
	after, ok, err := found(tx.QueryRow(ctx, setParticipants, list, c.ID, c.accountID))
	if err != nil || !ok {
		return Conversation{}, orElse(err, fault.ConversationStale)
	}
	return after, nil
}

// presentIn returns the list as the conversation carries it, nil for nobody.
func (s *Service) presentIn(ctx context.Context, tx *store.Tx, id string) (*string, error) {
	list, err := collect(ctx, tx, func(row scanner) (Participant, error) {
		var p Participant
		if err := row.Scan(&p.AgentID, &p.Role, &p.JoinedAt); err != nil {
			return p, fmt.Errorf("conversation: participants: %w", err)
		}
		return p, nil
	}, presentIn, id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	text := Embed(list).text
	return &text, nil
}

// tellOfParticipant brings the conversation's list up to date and tells both sides who came or went.
func (s *Service) tellOfParticipant(ctx context.Context, tx *store.Tx, c Conversation, agentID, key string) (Conversation, error) {
	list, err := s.presentIn(ctx, tx, c.ID)
	if err != nil {
		return Conversation{}, err
	}
	after, ok, err := found(tx.QueryRow(ctx, tellParticipants, list, c.ID, c.accountID))
	if err != nil || !ok {
		return Conversation{}, orElse(err, fault.ConversationStale)
	}
	m := s.systemMessage(c.ID, key, map[string]string{"agent": s.agents.AgentName(ctx, c.accountID, agentID), "agent_id": agentID}, s.now())
	return after, s.tell(ctx, tx, after, m, ParticipantsEvent{
		Change: Change{Conversation: after, Names: s.names(ctx, after)}, AgentID: agentID, Joined: key == SystemEntered,
	})
}

// ParticipantsEvent says that an agent came to take part in a conversation, or left it.
type ParticipantsEvent struct {
	Change
	AgentID string `json:"agent_id"`
	Joined  bool   `json:"joined"`
}

// Kind returns KindParticipants.
func (ParticipantsEvent) Kind() string { return KindParticipants }

// Audience is the department, who takes part, and who left.
func (e ParticipantsEvent) Audience() eventlog.Audience {
	return e.Change.Audience().And(e.AgentID, e.Conversation.Agent())
}

var _ = eventlog.Register[ParticipantsEvent]()

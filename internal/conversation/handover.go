package conversation

import (
	"context"
	"fmt"
	"slices"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// handOver moves an active conversation from one agent to another and tells the visitor; ok is false when it moved meanwhile.
func (s *Service) handOver(
	ctx context.Context, tx *store.Tx, accountID, id, fromAgentID, toAgentID, byAgentID string,
) (c Conversation, ok bool, err error) {
	c, ok, err = found(tx.QueryRow(ctx, handOver, toAgentID, id, accountID, fromAgentID))
	if err != nil || !ok {
		return Conversation{}, false, err
	}
	if c.takesPart(toAgentID) {
		// Who is in charge is no participant. This version is the one that is told.
		if c, err = s.dropParticipant(ctx, tx, c, toAgentID); err != nil {
			return Conversation{}, false, err
		}
	}
	names := s.names(ctx, c)
	m := s.systemMessage(c.ID, SystemTransferred, map[string]string{
		"agent": names.Agent, "agent_id": toAgentID, "former": s.agents.AgentName(ctx, accountID, fromAgentID), "by_id": byAgentID,
	}, s.now())
	return c, true, s.tell(ctx, tx, c, m, TransferredEvent{
		Change: Change{Conversation: c, Names: names}, FormerAgentID: fromAgentID, FormerDepartmentID: c.DepartmentID, ByAgentID: byAgentID,
	})
}

// TakeOver gives an active conversation to a supervisor, from the agent who had it as the supervisor saw it: of two supervisors who
// take it over at once, one gets it. One who has it already keeps it.
// Errors: NotFound, ConversationEnded, ConversationNotYours (not a supervisor, or nobody attends it yet), ConversationStale.
func (s *Service) TakeOver(ctx context.Context, a AgentActor, id, fromAgentID string) (Conversation, error) {
	var result Conversation
	err := s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.transferable(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if result = c; c.Agent() == a.ID {
			return nil
		}
		if c.Agent() != fromAgentID {
			return fault.New(fault.ConversationStale)
		}
		if err := s.withdrawPending(ctx, tx, c); err != nil {
			return err
		}
		after, ok, err := s.handOver(ctx, tx, a.AccountID, id, fromAgentID, a.ID, a.ID)
		if err != nil || !ok {
			return orElse(err, fault.ConversationStale)
		}
		result = after
		return s.witnessed(ctx, tx, a, fromAgentID, TakenOver, c)
	})
	return result, err
}

// TransferToDepartment sends an active conversation into the queue of a department at once. It keeps its number and its first
// entry into a queue, so that it stands where its waiting began (T112).
// Errors: Validation, NotFound, ConversationEnded, ConversationNotYours, DepartmentUnattended.
func (s *Service) TransferToDepartment(ctx context.Context, a AgentActor, id, departmentID, note string) (Conversation, error) {
	note, err := cleanNote(note)
	if err != nil {
		return Conversation{}, err
	}
	if _, err := s.Get(ctx, a, id); err != nil {
		return Conversation{}, err
	}
	attending, err := s.departments.Attending(ctx, a.AccountID)
	if err != nil {
		return Conversation{}, fmt.Errorf("conversation: departments: %w", err)
	}
	at := slices.IndexFunc(attending, func(d Department) bool { return d.ID == departmentID })
	if at < 0 {
		return Conversation{}, fault.Invalid(fault.Field{Name: "department_id", Code: fault.FieldUnknown})
	}
	if !attending[at].Online {
		return Conversation{}, fault.New(fault.DepartmentUnattended)
	}
	var result Conversation
	err = s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		before, err := s.transferable(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if err := s.leaveNote(ctx, tx, a, before, s.idents.New(), note); err != nil {
			return err
		}
		if err := s.withdrawPending(ctx, tx, before); err != nil {
			return err
		}
		c, ok, err := found(tx.QueryRow(ctx, requeue, departmentID, id, a.AccountID, before.Agent()))
		if err != nil || !ok {
			return orElse(err, fault.ConversationStale)
		}
		result = c
		if err := s.witnessed(ctx, tx, a, before.Agent(), HandedOn, before); err != nil {
			return err
		}
		return s.tellRequeued(ctx, tx, c, before, a.ID)
	})
	return result, err
}

func (s *Service) tellRequeued(ctx context.Context, tx *store.Tx, c, before Conversation, byAgentID string) error {
	place, err := position(ctx, tx, c)
	if err != nil {
		return err
	}
	names := s.names(ctx, c)
	m := s.systemMessage(c.ID, SystemRequeued, map[string]string{
		"department": names.Department, "department_id": c.DepartmentID, "former": s.agents.AgentName(ctx, c.accountID, before.Agent()),
	}, s.now())
	return s.tell(ctx, tx, c, m, TransferredEvent{
		Change: Change{Conversation: c, Names: names}, Position: place, FormerAgentID: before.Agent(),
		FormerDepartmentID: before.DepartmentID, ByAgentID: byAgentID,
	})
}

// TransferredEvent says that a conversation has another agent, or went into the queue of another department.
type TransferredEvent struct {
	Change
	// Position is the place in the department's queue, 0 when an agent has it.
	Position           int64  `json:"position"`
	FormerAgentID      string `json:"former_agent_id"`
	FormerDepartmentID string `json:"former_department_id"`
	ByAgentID          string `json:"by_agent_id"`
}

// Kind returns KindTransferred.
func (TransferredEvent) Kind() string { return KindTransferred }

// Audience is the department it is in now, and who had it.
func (e TransferredEvent) Audience() eventlog.Audience {
	return e.Change.Audience().And(e.FormerAgentID, e.Conversation.Agent())
}

// VisitorFrame shows the visitor who attends now, or the place in the queue.
func (e TransferredEvent) VisitorFrame() (eventlog.VisitorFrame, bool) {
	return e.visitorFrame(e.Position)
}

var _ = eventlog.Register[TransferredEvent]()

package conversation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	// TransferLife is how long a transfer waits for its answer.
	TransferLife = time.Minute
	// MaxNoteRunes is the longest note of a transfer, in characters.
	MaxNoteRunes = 500
	// overLimit is by how many a transfer may pass the receiver's limit (spec section 4).
	overLimit = 1
)

// TransferState is where a transfer to an agent stands.
type TransferState string

// The states; all but Pending are final.
const (
	TransferPending   TransferState = "pending"
	TransferAccepted  TransferState = "accepted"
	TransferDeclined  TransferState = "declined"
	TransferExpired   TransferState = "expired"
	TransferWithdrawn TransferState = "withdrawn"
)

// Transfer is a conversation offered to another agent. Until it is accepted the conversation stays where it is.
type Transfer struct {
	ID             string        `json:"id"`
	ConversationID string        `json:"conversation_id"`
	Number         int64         `json:"number"`
	VisitorName    string        `json:"visitor_name"`
	DepartmentID   string        `json:"department_id"`
	FromAgentID    string        `json:"from_agent_id" doc:"who has the conversation"`
	ToAgentID      string        `json:"to_agent_id"`
	ByAgentID      string        `json:"by_agent_id" doc:"who transfers: the agent in charge, or a supervisor"`
	Note           string        `json:"note" maxLength:"500"`
	State          TransferState `json:"state" enum:"pending,accepted,declined,expired,withdrawn"`
	CreatedAt      int64         `json:"created_at"`
	DueAt          int64         `json:"due_at" doc:"the answer must come before"`

	accountID string
}

// Peer is what is known of an agent who may receive a conversation.
type Peer struct {
	ID            string
	Name          string
	Active        bool
	Present       bool
	Status        string
	Limit         int
	DepartmentIDs []string
}

// Peers knows the agents of an account and who is here. It answers from memory.
type Peers interface {
	Peer(accountID, agentID string) (Peer, bool)
	Peers(accountID string) []Peer
}

// Target is an agent as a receiver of a conversation.
type Target struct {
	AgentID string `json:"agent_id"`
	Name    string `json:"name"`
	Status  string `json:"status" enum:"online,busy,offline"`
	Active  int    `json:"active" doc:"conversations held"`
	Limit   int    `json:"limit"`
	// Serves says that the agent serves the conversation's department.
	Serves bool `json:"serves"`
	// Refused is why the conversation can't go there now; empty when it can.
	Refused fault.Code `json:"refused" enum:",transfer_target_absent,transfer_target_full"`
}

// Targets lists the agents a conversation may be transferred to: the able ones first, those of its department before the others.
// Errors: NotFound.
func (s *Service) Targets(ctx context.Context, a AgentActor, id string) ([]Target, error) {
	c, err := s.Get(ctx, a, id)
	if err != nil {
		return nil, err
	}
	held, err := s.board.ActiveByAgent(ctx, a.AccountID)
	if err != nil {
		return nil, err
	}
	targets := []Target{}
	for _, p := range s.peers.Peers(a.AccountID) {
		if !p.Active || p.ID == c.Agent() {
			continue
		}
		targets = append(targets, Target{
			AgentID: p.ID, Name: p.Name, Status: p.Status, Active: held[p.ID], Limit: p.Limit,
			Serves: slices.Contains(p.DepartmentIDs, c.DepartmentID), Refused: unable(p, held[p.ID]),
		})
	}
	rank := func(t Target) int {
		switch {
		case t.Refused != "":
			return 2
		case !t.Serves:
			return 1
		default:
			return 0
		}
	}
	slices.SortStableFunc(targets, func(a, b Target) int { return rank(a) - rank(b) })
	return targets, nil
}

// unable tells why an agent who holds so many conversations can't receive one, or nothing. A transfer asks a person, so that
// one who is busy may be asked too.
func unable(p Peer, held int) fault.Code {
	switch {
	case !p.Active:
		return fault.TransferTargetInactive
	case !p.Present:
		return fault.TransferTargetAbsent
	case held >= p.Limit+overLimit:
		return fault.TransferTargetFull
	default:
		return ""
	}
}

// TransferToAgent offers an active conversation to another agent, with a note for that agent. Errors: Validation, NotFound,
// ConversationEnded, ConversationNotYours, TransferPending, TransferTargetInactive, TransferTargetAbsent, TransferTargetFull.
func (s *Service) TransferToAgent(ctx context.Context, a AgentActor, id, agentID, note string) (Transfer, error) {
	note, err := cleanNote(note)
	if err != nil {
		return Transfer{}, err
	}
	var result Transfer
	err = s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		c, err := s.transferable(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if agentID == c.Agent() {
			return fault.Invalid(fault.Field{Name: "agent_id", Code: fault.FieldNotAllowed})
		}
		if err := s.mayReceive(ctx, tx, a.AccountID, agentID); err != nil {
			return err
		}
		now := s.now()
		t := Transfer{
			ID: s.idents.New(), ConversationID: c.ID, FromAgentID: c.Agent(), ToAgentID: agentID, ByAgentID: a.ID, Note: note,
			State: TransferPending, CreatedAt: now, DueAt: now + TransferLife.Milliseconds(), accountID: a.AccountID,
		}
		t.of(c)
		fresh, err := t.insert(ctx, tx)
		if err != nil {
			return err
		}
		if !fresh {
			return fault.New(fault.TransferPending)
		}
		result = t
		if err := s.leaveNote(ctx, tx, a, c, t.ID, note); err != nil {
			return err
		}
		if err := s.witnessed(ctx, tx, a, c.Agent(), HandedOn, c); err != nil {
			return err
		}
		return s.log.Append(ctx, tx, a.AccountID, TransferEvent{Transfer: t})
	})
	return result, err
}

func (t *Transfer) of(c Conversation) {
	t.Number, t.VisitorName, t.DepartmentID = c.Number, c.visitorName, c.DepartmentID
}

func cleanNote(note string) (string, error) {
	var check field.Check
	note = check.Text("note", note, 0, MaxNoteRunes)
	return note, check.Err()
}

// leaveNote puts a transfer's note into the conversation, for agents only.
func (s *Service) leaveNote(ctx context.Context, tx *store.Tx, a AgentActor, c Conversation, transferID, note string) error {
	if note == "" {
		return nil
	}
	_, err := s.postIn(ctx, tx, posting{
		accountID: a.AccountID, conversationID: c.ID, agent: &a, clientID: "transfer-" + transferID, audience: ToAgents, text: note,
		authorName: s.agents.AgentName(ctx, a.AccountID, a.ID),
	})
	return err
}

// transferable loads a conversation that the actor may give away now.
func (s *Service) transferable(ctx context.Context, tx *store.Tx, a AgentActor, id string) (Conversation, error) {
	c, ok, err := found(tx.QueryRow(ctx, selectByID, id, a.AccountID))
	switch {
	case err != nil:
		return Conversation{}, err
	case !ok || !a.sees(c):
		return Conversation{}, fault.New(fault.NotFound)
	case !c.State.Open():
		return Conversation{}, fault.New(fault.ConversationEnded)
	case c.State != Active || (c.Agent() != a.ID && !a.supervises(c.DepartmentID, c.Agent())):
		return Conversation{}, fault.New(fault.ConversationNotYours)
	}
	return c, nil
}

// mayReceive refuses an agent who can't take a conversation now, as the running write sees it: those on their way count too.
func (s *Service) mayReceive(ctx context.Context, tx *store.Tx, accountID, agentID string) error {
	peer, ok := s.peers.Peer(accountID, agentID)
	if !ok {
		return fault.Invalid(fault.Field{Name: "agent_id", Code: fault.FieldUnknown})
	}
	var held int
	if err := tx.QueryRow(ctx, heldAndComing, agentID, accountID, agentID, accountID).Scan(&held); err != nil {
		return fmt.Errorf("conversation: held by the receiver: %w", err)
	}
	if code := unable(peer, held); code != "" {
		return fault.New(code).With("limit", peer.Limit+overLimit)
	}
	return nil
}

// AcceptTransfer gives the conversation to the agent it was offered to (T111). Accepting again returns it unchanged.
// Errors: NotFound, TransferOver (answered, withdrawn, too late, or the conversation moved), TransferTargetFull.
func (s *Service) AcceptTransfer(ctx context.Context, a AgentActor, transferID string) (Conversation, error) {
	var result Conversation
	err := s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		t, err := s.answerable(ctx, tx, a, transferID)
		if err != nil {
			return err
		}
		if t.State == TransferAccepted {
			return s.acceptedBefore(ctx, tx, t, &result)
		}
		if t.State != TransferPending || t.DueAt <= s.now() {
			return fault.New(fault.TransferOver)
		}
		held, err := s.ActiveCount(ctx, tx, a.AccountID, a.ID)
		if err != nil {
			return err
		}
		if peer, ok := s.peers.Peer(a.AccountID, a.ID); ok && held >= peer.Limit+overLimit {
			return fault.New(fault.TransferTargetFull).With("limit", peer.Limit+overLimit)
		}
		if ok, err := s.settle(ctx, tx, t, TransferAccepted); err != nil || !ok {
			return orElse(err, fault.TransferOver)
		}
		c, ok, err := s.handOver(ctx, tx, a.AccountID, t.ConversationID, t.FromAgentID, a.ID, t.ByAgentID)
		if err != nil || !ok {
			return orElse(err, fault.TransferOver)
		}
		result = c
		return nil
	})
	return result, err
}

func orElse(err error, code fault.Code) error {
	if err != nil {
		return err
	}
	return fault.New(code)
}

func (s *Service) acceptedBefore(ctx context.Context, tx *store.Tx, t Transfer, result *Conversation) error {
	c, ok, err := found(tx.QueryRow(ctx, selectByID, t.ConversationID, t.accountID))
	if err != nil || !ok || c.Agent() != t.ToAgentID {
		return orElse(err, fault.TransferOver)
	}
	*result = c
	return nil
}

// answerable loads a transfer to the agent.
func (s *Service) answerable(ctx context.Context, q querier, a AgentActor, transferID string) (Transfer, error) {
	t, ok, err := findTransfer(ctx, q, a.AccountID, transferID)
	if err != nil {
		return Transfer{}, err
	}
	if !ok || t.ToAgentID != a.ID {
		return Transfer{}, fault.New(fault.NotFound)
	}
	return t, nil
}

// settle brings a pending transfer to its end and tells both sides; ok is false when it was over.
func (s *Service) settle(ctx context.Context, tx *store.Tx, t Transfer, state TransferState) (bool, error) {
	n, err := tx.Exec(ctx, settleTransfer, string(state), s.now(), t.ID, t.accountID)
	if err != nil || n == 0 {
		if err != nil {
			err = fmt.Errorf("conversation: settle a transfer: %w", err)
		}
		return false, err
	}
	t.State = state
	if err := s.log.Append(ctx, tx, t.accountID, TransferEvent{Transfer: t}); err != nil {
		return false, fmt.Errorf("conversation: settle a transfer: %w", err)
	}
	return true, nil
}

// DeclineTransfer sends the conversation back to who has it. Declining again changes nothing. Errors: NotFound, TransferOver.
func (s *Service) DeclineTransfer(ctx context.Context, a AgentActor, transferID string) error {
	return s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		t, err := s.answerable(ctx, tx, a, transferID)
		if err != nil || t.State == TransferDeclined {
			return err
		}
		ok, err := s.settle(ctx, tx, t, TransferDeclined)
		if err != nil || ok {
			return err
		}
		return fault.New(fault.TransferOver)
	})
}

// WithdrawTransfer takes a transfer back: who began it, who has the conversation, or a supervisor. Errors: NotFound, TransferOver.
func (s *Service) WithdrawTransfer(ctx context.Context, a AgentActor, transferID string) error {
	return s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		t, ok, err := findTransfer(ctx, tx, a.AccountID, transferID)
		if err != nil {
			return err
		}
		if !ok || (t.ByAgentID != a.ID && t.FromAgentID != a.ID && !a.supervises(t.DepartmentID, t.FromAgentID)) {
			return fault.New(fault.NotFound)
		}
		if t.State == TransferWithdrawn {
			return nil
		}
		ok, err = s.settle(ctx, tx, t, TransferWithdrawn)
		if err != nil || ok {
			return err
		}
		return fault.New(fault.TransferOver)
	})
}

// expire ends a transfer that nobody answered in time; next is when to look again, zero for never.
func (s *Service) expire(ctx context.Context, accountID, transferID string) (next time.Time, err error) {
	err = s.write(ctx, accountID, func(ctx context.Context, tx *store.Tx) error {
		next = time.Time{}
		t, ok, err := findTransfer(ctx, tx, accountID, transferID)
		if err != nil || !ok || t.State != TransferPending {
			return err
		}
		if t.DueAt > s.now() {
			next = time.UnixMilli(t.DueAt)
			return nil
		}
		_, err = s.settle(ctx, tx, t, TransferExpired)
		return err
	})
	return next, err
}

// withdrawPending ends the transfer of a conversation that moves in another way.
func (s *Service) withdrawPending(ctx context.Context, tx *store.Tx, c Conversation) error {
	pending, err := collect(ctx, tx, scanTransfer, pendingOfConversation, c.ID, c.accountID)
	if err != nil {
		return err
	}
	for _, t := range pending {
		if _, err := s.settle(ctx, tx, t, TransferWithdrawn); err != nil {
			return err
		}
	}
	return nil
}

// Transfers returns the pending transfers to and from the agent, the oldest first.
func (s *Service) Transfers(ctx context.Context, accountID, agentID string) ([]Transfer, error) {
	coming, err := collect(ctx, s.store.Read(), scanTransfer, comingTo, agentID, accountID, s.now())
	if err != nil {
		return nil, err
	}
	going, err := collect(ctx, s.store.Read(), scanTransfer, goingFrom, agentID, accountID, s.now())
	if err != nil {
		return nil, err
	}
	all := append(append([]Transfer{}, coming...), going...) // a list, of none too
	slices.SortFunc(all, func(a, b Transfer) int { return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// TransferEvent tells how a transfer to an agent stands. Visitors are not told: it may be declined.
type TransferEvent struct {
	Transfer Transfer `json:"transfer"`
}

// Kind returns KindTransfer.
func (TransferEvent) Kind() string { return KindTransfer }

// Audience is the two sides, and who began it.
func (e TransferEvent) Audience() eventlog.Audience {
	return eventlog.ToAgent(e.Transfer.ToAgentID).And(e.Transfer.FromAgentID, e.Transfer.ByAgentID)
}

// Subject is the conversation.
func (e TransferEvent) Subject() string { return e.Transfer.ConversationID }

var _ = eventlog.Register[TransferEvent]()

package routing

import (
	"context"
	"log/slog"
	"slices"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/visitor"
)

// Present is what memory knows of an agent.
type Present struct {
	AgentID string
	Active  bool
	// Status is the wish: online, busy or offline.
	Status string
	// Present is the wish and a live connection together.
	Present bool
	// Ready is Present, online, awake and audible: an offer would be noticed (B08).
	Ready bool
	// Method is manual, roulette or both.
	Method        string
	Limit         int
	DepartmentIDs []string
	Languages     []string
	Skills        []string
}

// Presence knows who is here. It answers from memory.
type Presence interface {
	Agent(accountID, agentID string) (Present, bool)
	// Agents returns the active agents of the account, in the order people see them.
	Agents(accountID string) []Present
}

// Conversations is what routing needs of conversations; conversation.Service is it.
type Conversations interface {
	QueueHead(ctx context.Context, tx *store.Tx, accountID string, departmentIDs []string, limit int) ([]conversation.Queued, error)
	ActiveCount(ctx context.Context, tx *store.Tx, accountID, agentID string) (int, error)
	Claim(ctx context.Context, tx *store.Tx, accountID, conversationID, agentID string) (conversation.Conversation, bool, error)
	Board() *conversation.Board
	Levels(ctx context.Context, accountID string, departmentIDs []string) (map[string]conversation.LevelNow, error)
	QueueNow(ctx context.Context, accountID string, limit int) ([]conversation.Queued, error)
	ActiveCounts(ctx context.Context, tx *store.Tx, accountID string) (map[string]int, error)
	StillWaits(ctx context.Context, tx *store.Tx, accountID, conversationID string) (bool, error)
	HeldBy(ctx context.Context, tx *store.Tx, accountID, conversationID, agentID string) (conversation.Conversation, bool, error)
	Silent(ctx context.Context, tx *store.Tx, accountID, conversationID, agentID string) (bool, error)
	GiveBack(ctx context.Context, tx *store.Tx, accountID, conversationID, agentID, reason string) (bool, error)
	OfferContact(ctx context.Context, tx *store.Tx, accountID, conversationID string) (bool, error)
	Arrange(ctx context.Context, tx *store.Tx, accountID, departmentID string, ids []string) error
	Label(ctx context.Context, accountID, conversationID string) (number int64, visitorName string, err error)
	Get(ctx context.Context, a conversation.AgentActor, id string) (conversation.Conversation, error)
	Estimates(ctx context.Context, accountID string) func(departmentID string, place int64) *conversation.Estimate
}

// Rules knows how departments distribute. It answers from memory.
type Rules interface {
	// Department returns the rules of a department, of an unknown one too; its ID may be empty.
	Department(accountID, departmentID string) DepartmentRules
}

// Config is what the service needs.
type Config struct {
	Store         *store.Store
	Log           *eventlog.Log
	Conversations Conversations
	Presence      Presence
	Rules         Rules
	// Visits tells a visit that is on a site now; nil: nothing is known of any.
	Visits func(accountID, visitID string) (*visitor.Visit, bool)
	// HasDepartment and HasSite say whether the account has one; nil: whatever is named exists.
	HasDepartment func(accountID, id string) bool
	HasSite       func(accountID, id string) bool
	Logger        *slog.Logger
	Clock         clock.Clock
	Idents        ident.Generator
	// Witness writes down, in the same write, what a supervisor did to the queue or the roulette; nil for nobody.
	Witness Witness
}

// Service distributes conversations. It is safe for concurrent use.
type Service struct {
	config Config
	desk   *desk
	rules  ruleBook
	shown  *shown
}

// New returns a service. Register Heard with the log's Tail before the log starts, then call LoadRules; Start begins to distribute.
func New(c Config) *Service {
	s := &Service{config: c, rules: ruleBook{known: make(map[string][]Rule)}, shown: newShown()}
	s.desk = newDesk(s)
	return s
}

func able(p Present, held int) Contender {
	return Contender{
		ID: p.AgentID, Active: p.Active, Status: p.Status, Present: p.Present, Ready: p.Ready, Method: p.Method, Limit: p.Limit,
		ActiveConversations: held, DepartmentIDs: slices.Sorted(slices.Values(p.DepartmentIDs)), Languages: p.Languages, Skills: p.Skills,
	}
}

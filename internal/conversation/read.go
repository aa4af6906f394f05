package conversation

import (
	"context"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
)

// Limits of a page of messages.
const (
	MaxPage     = 200
	defaultPage = 50
	visitorPage = 100
)

// Page asks for messages: those after a sequence, those before one, or with neither the newest.
type Page struct {
	After  *int64
	Before *int64
	// Limit is 1 to MaxPage; 0 means 50.
	Limit int
}

// Messages returns a page in the order of sequences; more says whether there are others in the direction asked.
// Error: NotFound.
func (s *Service) Messages(ctx context.Context, a AgentActor, conversationID string, p Page) (messages []Message, more bool, err error) {
	if _, err := s.Get(ctx, a, conversationID); err != nil {
		return nil, false, err
	}
	limit := min(p.Limit, MaxPage)
	if limit <= 0 {
		limit = defaultPage
	}
	query, from := messagesBefore, int64(1)<<62
	switch {
	case p.After != nil:
		query, from = messagesAfter, *p.After
	case p.Before != nil:
		from = *p.Before
	}
	messages, more, err = page(ctx, s.store.Read(), query, conversationID, from, limit)
	if err != nil {
		return nil, false, err
	}
	return messages, more, s.withFiles(ctx, conversationID, messages)
}

// VisitorPage is what a visitor gets to catch up.
type VisitorPage struct {
	Conversation VisitorConversation `json:"conversation"`
	Messages     []VisitorMessage    `json:"messages" nullable:"false"`
	// More says that there are further messages after these: ask again from the last sequence.
	More bool `json:"more"`
	// Changed are the messages up to the sequence asked from that were changed after sending, as they are now.
	Changed []VisitorMessage `json:"changed,omitempty" doc:"Earlier messages that were changed after sending, as they are now; at most 200."`
}

// CatchUp returns the visitor's conversation and the messages after a visitor sequence, at most 100. Error: NotFound.
func (s *Service) CatchUp(ctx context.Context, v VisitorActor, conversationID string, after int64) (VisitorPage, error) {
	c, err := s.ofVisitor(ctx, s.store.Read(), v, conversationID)
	if err != nil {
		return VisitorPage{}, err
	}
	messages, more, err := page(ctx, s.store.Read(), messagesVisible, conversationID, after, visitorPage)
	if err != nil {
		return VisitorPage{}, err
	}
	if err := s.withFiles(ctx, conversationID, messages); err != nil {
		return VisitorPage{}, err
	}
	changed, err := s.changedUpTo(ctx, changedVisible, conversationID, after)
	if err != nil {
		return VisitorPage{}, err
	}
	p := VisitorPage{Conversation: s.visible(ctx, c), Messages: make([]VisitorMessage, 0, len(messages)), More: more}
	for _, m := range changed {
		if visible, ok := visibleMessage(m, s.visitorFileURL(m)); ok {
			p.Changed = append(p.Changed, visible)
		}
	}
	for _, m := range messages {
		if visible, ok := visibleMessage(m, s.visitorFileURL(m)); ok {
			p.Messages = append(p.Messages, visible)
		}
	}
	return p, nil
}

// Current returns the visitor's open conversation on the site, or nil.
func (s *Service) Current(ctx context.Context, v VisitorActor) (*VisitorConversation, error) {
	c, ok, err := found(s.store.Read().QueryRow(ctx, selectOpen, v.SiteID, v.VisitorID))
	if err != nil || !ok {
		return nil, err
	}
	visible := s.visible(ctx, c)
	return &visible, nil
}

// Summary is a visitor's open conversation in the greeting of the visitor's socket.
type Summary struct {
	ID    string `json:"id"`
	State State  `json:"state" enum:"waiting,active"`
	// Unread counts the messages the visitor has not seen.
	Unread int64 `json:"unread"`
}

// OpenSummary returns the visitor's open conversation on the site. The database is asked only when the board knows of one.
func (s *Service) OpenSummary(ctx context.Context, accountID, visitorID, siteID string) (Summary, bool) {
	id, ok := s.board.OpenByVisitor(ctx, accountID, visitorID, siteID)
	if !ok {
		return Summary{}, false
	}
	c, ok, err := found(s.store.Read().QueryRow(ctx, selectByID, id, accountID))
	if err != nil || !ok || !c.State.Open() {
		return Summary{}, false
	}
	return Summary{ID: c.ID, State: c.State, Unread: c.LastVisitorSequence - c.VisitorSeenSequence}, true
}

// WaitingFrames builds, for everybody who waits in a department, the frame with the place in the queue, in waiting order.
func (s *Service) WaitingFrames(ctx context.Context, accountID, departmentID string) ([]eventlog.VisitorFrame, error) {
	waiting, err := list(ctx, s.store.Read(), waitingOf, accountID, departmentID)
	if err != nil {
		return nil, err
	}
	frames := make([]eventlog.VisitorFrame, 0, len(waiting))
	for i, c := range waiting {
		place := int64(i + 1)
		visible := visibleConversation(c, s.names(ctx, c), place)
		visible.Estimate = s.Estimate(ctx, accountID, departmentID, place)
		frames = append(frames, eventlog.VisitorFrame{VisitorID: c.VisitorID, Frame: ConversationPush{T: "conversation", Conversation: visible}})
	}
	return frames, nil
}

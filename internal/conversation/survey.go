package conversation

import (
	"context"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Limits of the survey after the end (T160).
const (
	MinRating       = 1
	MaxRating       = 5
	MaxCommentRunes = 1000
)

// Rate keeps the visitor's answer to the survey of an ended conversation. The first answer stays: rating again returns the
// conversation unchanged. Errors: Validation, NotFound, ConversationNotEnded (also for one that nobody attended).
func (s *Service) Rate(ctx context.Context, v VisitorActor, id string, rating int, comment string) (VisitorConversation, error) {
	var c field.Check
	c.Between("rating", rating, MinRating, MaxRating)
	comment = c.Text("comment", comment, 0, MaxCommentRunes)
	if err := c.Err(); err != nil {
		return VisitorConversation{}, err
	}
	var result Conversation
	err := s.write(ctx, v.AccountID, func(ctx context.Context, tx *store.Tx) error {
		rated, ok, err := found(tx.QueryRow(ctx, rateEnded, rating, comment, id, v.AccountID, v.VisitorID, v.SiteID))
		if err != nil {
			return err
		}
		if ok {
			result = rated
			return s.log.Append(ctx, tx, v.AccountID, RatedEvent{Change{Conversation: rated, Names: s.names(ctx, rated)}})
		}
		if result, err = s.ofVisitor(ctx, tx, v, id); err == nil && result.State != Ended {
			err = fault.New(fault.ConversationNotEnded)
		}
		return err
	})
	if err != nil {
		return VisitorConversation{}, err
	}
	return s.visible(ctx, result), nil
}

package conversation

import (
	"context"

	"github.com/aceno-chat/aceno/internal/form"
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

// Rate keeps the visitor's answer to the survey of an ended conversation, with those to the survey form's own fields. The first answer stays: rating again returns the
// conversation unchanged. Errors: Validation, NotFound, ConversationNotEnded (also for one that nobody attended).
func (s *Service) Rate(ctx context.Context, v VisitorActor, id string, rating int, comment string, answers map[string]any) (VisitorConversation, error) {
	var c field.Check
	c.Between("rating", rating, MinRating, MaxRating)
	comment = c.Text("comment", comment, 0, MaxCommentRunes)
	if err := c.Err(); err != nil {
		return VisitorConversation{}, err
	}
	about, err := s.ofVisitor(ctx, s.store.Read(), v, id)
	if err != nil {
		return VisitorConversation{}, err
	}
	var asked form.Form
	var said []form.Answer
	if s.forms != nil {
		asked, _ = s.forms.For(v.AccountID, form.Survey, about.DepartmentID)
		if said, err = asked.Check(about.DepartmentID, "answers", answers); err != nil {
			return VisitorConversation{}, err
		}
	}
	var result Conversation
	err = s.write(ctx, v.AccountID, func(ctx context.Context, tx *store.Tx) error {
		rated, ok, err := found(tx.QueryRow(ctx, rateEnded, rating, comment, id, v.AccountID, v.VisitorID, v.SiteID))
		if err != nil {
			return err
		}
		if ok {
			result = rated
			if len(said) > 0 {
				given := form.Given{SubjectID: id, DepartmentID: rated.DepartmentID, Answers: said}
				if _, err := s.forms.PutIn(ctx, tx, v.AccountID, asked, given, 0); err != nil {
					return err
				}
			}
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

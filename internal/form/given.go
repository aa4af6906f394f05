package form

import (
	"context"

	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Given are the answers to one form about one subject: a conversation, or a contact request.
type Given struct {
	ID       string `json:"id"`
	FormID   string `json:"form_id"`
	FormName string `json:"form_name"`
	Kind     Kind   `json:"kind" enum:"identification,conversation,contact,survey"`
	// SubjectID is the conversation or the contact request.
	SubjectID    string   `json:"subject_id"`
	DepartmentID string   `json:"department_id"`
	AgentID      *string  `json:"agent_id" doc:"Who filled it in last; null for the visitor."`
	Answers      []Answer `json:"answers" nullable:"false"`
	CreatedAt    int64    `json:"created_at"`
	ChangedAt    int64    `json:"changed_at"`
	Version      int64    `json:"version"`
}

// PutIn keeps answers inside the caller's write, and has their copy mailed the first time. g needs Kind, SubjectID, DepartmentID,
// AgentID and Answers. version is that of the answers they replace, 0 for the first ones. Error: StaleWrite, when others are there.
func (s *Service) PutIn(ctx context.Context, tx *store.Tx, accountID string, f Form, g Given, version int64) (Given, error) {
	now := clock.Millis(s.Clock.Now())
	g.FormID, g.FormName, g.Kind, g.ChangedAt = f.ID, f.Name, f.Kind, now
	if version > 0 {
		kept, ok, err := replaceGiven(ctx, tx, accountID, g, version)
		if err == nil && !ok {
			err = fault.New(fault.StaleWrite)
		}
		return kept, err
	}
	g.ID, g.CreatedAt, g.Version = s.IDs.New(), now, 1
	ok, err := insertGiven(ctx, tx, accountID, g)
	if err != nil {
		return Given{}, err
	}
	if !ok {
		return Given{}, fault.New(fault.StaleWrite)
	}
	if f.CopyTo != "" && len(g.Answers) > 0 {
		account, department, language := s.Around.MailWords(ctx, accountID, g.DepartmentID)
		if err := s.Mail.Add(ctx, tx, accountID, mailCopy(language, account, department, f, g)); err != nil {
			return Given{}, err
		}
	}
	return g, nil
}

// AnsweredIn says, inside a write, whether the form of a kind was answered about a subject.
func (s *Service) AnsweredIn(ctx context.Context, tx *store.Tx, accountID, subjectID string, kind Kind) (bool, error) {
	return answered(ctx, tx, accountID, subjectID, kind)
}

// Of returns everything that was answered about a subject, in the order of its first answers.
func (s *Service) Of(ctx context.Context, accountID, subjectID string) ([]Given, error) {
	return selectGiven(ctx, s.Store.Read(), accountID, subjectID)
}

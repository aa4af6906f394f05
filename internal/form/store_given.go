package form

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const givenColumns = "id, form_id, form_name, kind, subject_id, department_id, agent_id, answers, created_at, changed_at, version"

const (
	// insertAnswers does nothing when the subject has answers of the kind.
	insertAnswers = "INSERT INTO form_answers (" + givenColumns + ", account_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
	updateAnswers = "UPDATE form_answers SET form_id = ?, form_name = ?, department_id = ?, agent_id = ?, answers = ?, changed_at = ?, " +
		"version = version + 1 WHERE account_id = ? AND subject_id = ? AND kind = ? AND version = ? RETURNING " + givenColumns
	countAnswers  = "SELECT count(*) FROM form_answers WHERE account_id = ? AND subject_id = ? AND kind = ?"
	selectAnswers = "SELECT " + givenColumns + " FROM form_answers WHERE account_id = ? AND subject_id = ? ORDER BY id"
)

func scanGiven(row scanner) (g Given, err error) {
	var text string
	err = row.Scan(&g.ID, &g.FormID, &g.FormName, &g.Kind, &g.SubjectID, &g.DepartmentID, &g.AgentID, &text, &g.CreatedAt, &g.ChangedAt, &g.Version)
	if err != nil {
		return g, err //nolint:wrapcheck // ErrNoRows is looked at by the caller, who knows what was asked
	}
	if err := json.Unmarshal([]byte(text), &g.Answers); err != nil {
		return g, fmt.Errorf("form: decode answers: %w", err)
	}
	return g, nil
}

func encodeAnswers(answers []Answer) (string, error) {
	data, err := json.Marshal(answers)
	if err != nil {
		return "", fmt.Errorf("form: encode answers: %w", err)
	}
	return string(data), nil
}

// insertGiven returns false when there are answers of the kind already.
func insertGiven(ctx context.Context, tx *store.Tx, accountID string, g Given) (bool, error) {
	text, err := encodeAnswers(g.Answers)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, insertAnswers, g.ID, g.FormID, g.FormName, string(g.Kind), g.SubjectID, g.DepartmentID, g.AgentID, text,
		g.CreatedAt, g.ChangedAt, g.Version, accountID)
	if err != nil {
		return false, fmt.Errorf("form: insert answers: %w", err)
	}
	return n == 1, nil
}

// replaceGiven returns false when the answers have another version, or there are none.
func replaceGiven(ctx context.Context, tx *store.Tx, accountID string, g Given, version int64) (Given, bool, error) {
	text, err := encodeAnswers(g.Answers)
	if err != nil {
		return Given{}, false, err
	}
	kept, err := scanGiven(tx.QueryRow(ctx, updateAnswers, g.FormID, g.FormName, g.DepartmentID, g.AgentID, text, g.ChangedAt,
		accountID, g.SubjectID, string(g.Kind), version))
	if errors.Is(err, store.ErrNoRows) {
		return Given{}, false, nil
	}
	if err != nil {
		return Given{}, false, fmt.Errorf("form: replace answers: %w", err)
	}
	return kept, true, nil
}

func answered(ctx context.Context, tx *store.Tx, accountID, subjectID string, kind Kind) (bool, error) {
	var n int
	if err := tx.QueryRow(ctx, countAnswers, accountID, subjectID, string(kind)).Scan(&n); err != nil {
		return false, fmt.Errorf("form: look for answers: %w", err)
	}
	return n > 0, nil
}

func selectGiven(ctx context.Context, q querier, accountID, subjectID string) ([]Given, error) {
	list := []Given{}
	rows, err := q.Query(ctx, selectAnswers, accountID, subjectID)
	err = each(rows, err, func(row scanner) error {
		g, err := scanGiven(row)
		list = append(list, g)
		return err
	})
	return list, err
}

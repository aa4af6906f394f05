package routing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

const ruleColumns = "id, account_id, name, active, place, matching, conditions, priority, skills, version, created_at, updated_at"

const (
	allRules = "SELECT " + ruleColumns + " FROM routing_rules ORDER BY place, id"
	rulesOf  = "SELECT " + ruleColumns + " FROM routing_rules WHERE account_id = ? ORDER BY place, id"
	ruleByID = "SELECT " + ruleColumns + " FROM routing_rules WHERE id = ? AND account_id = ?"
	// countRules also tells the last place.
	countRules = "SELECT count(*), COALESCE(max(place), 0) FROM routing_rules WHERE account_id = ?"
	insertRule = "INSERT INTO routing_rules (" + ruleColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	updateRule = "UPDATE routing_rules SET name = ?, active = ?, matching = ?, conditions = ?, priority = ?, skills = ?, version = ?, " +
		"updated_at = ? WHERE id = ? AND account_id = ? AND version = ?"
	placeRule  = "UPDATE routing_rules SET place = ? WHERE id = ? AND account_id = ?"
	deleteRule = "DELETE FROM routing_rules WHERE id = ? AND account_id = ?"
)

func scanRule(row scanner) (r Rule, err error) {
	var conditions, skills string
	err = row.Scan(&r.ID, &r.accountID, &r.Name, &r.Active, &r.place, &r.Match, &conditions, &r.Priority, &skills, &r.Version,
		&r.CreatedAt, &r.UpdatedAt)
	if err != nil {
		return r, err //nolint:wrapcheck // ErrNoRows is looked at by the caller, who says what was asked
	}
	if err := errors.Join(json.Unmarshal([]byte(conditions), &r.Conditions), json.Unmarshal([]byte(skills), &r.Skills)); err != nil {
		return r, fmt.Errorf("routing: decode a rule: %w", err)
	}
	return r, nil
}

func (r Rule) insert(ctx context.Context, tx *store.Tx) error {
	conditions, skills, err := r.encoded()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertRule, r.ID, r.accountID, r.Name, r.Active, r.place, string(r.Match), conditions, r.Priority, skills, r.Version,
		r.CreatedAt, r.UpdatedAt)
	return err //nolint:wrapcheck // whether the name is taken is looked at by the caller
}

// update writes r over its version before; false when that is no longer the stored one.
func (r Rule) update(ctx context.Context, tx *store.Tx, before int64) (bool, error) {
	conditions, skills, err := r.encoded()
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, updateRule, r.Name, r.Active, string(r.Match), conditions, r.Priority, skills, r.Version, r.UpdatedAt,
		r.ID, r.accountID, before)
	return n == 1, err //nolint:wrapcheck // whether the name is taken is looked at by the caller
}

func (r Rule) encoded() (conditions, skills string, err error) {
	c, err1 := json.Marshal(r.Conditions)
	k, err2 := json.Marshal(r.Skills)
	if err := errors.Join(err1, err2); err != nil {
		return "", "", fmt.Errorf("routing: encode a rule: %w", err)
	}
	return string(c), string(k), nil
}

package demo

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/routing"
)

// Routing is what the demo's routing rule is made with; routing.Service is it.
type Routing interface {
	Rules(accountID string) []routing.Rule
	CreateRule(ctx context.Context, accountID string, d routing.RuleDraft) (routing.Rule, error)
}

// seedRouting makes a rule unless the account has one: who is about to buy waits as if ten minutes longer.
func seedRouting(ctx context.Context, s Routing, accountID string) error {
	if len(s.Rules(accountID)) > 0 {
		return nil
	}
	_, err := s.CreateRule(ctx, accountID, routing.RuleDraft{
		Name: "No carrinho", Active: true, Match: routing.All, Priority: new(2),
		Conditions: []routing.RuleCondition{{Field: routing.ByPageURL, Operator: routing.StartsWith, Values: []string{"/carrinho"}}},
	})
	if err != nil {
		return fmt.Errorf("demo: routing rule: %w", err)
	}
	return nil
}

package routing

import "github.com/aceno-chat/aceno/internal/platform/eventlog"

// The kinds of the events about rules.
const (
	KindRuleSaved    = "routing.rule_saved"
	KindRuleRemoved  = "routing.rule_removed"
	KindRulesOrdered = "routing.rules_ordered"
)

// RuleSaved says that a rule was created or changed.
type RuleSaved struct {
	Rule Rule `json:"rule"`
	// Place is where it stands among the others: the smallest is asked first.
	Place int64 `json:"place"`
}

// Kind returns KindRuleSaved.
func (RuleSaved) Kind() string { return KindRuleSaved }

// Audience is everybody of the account: the status window names the rules.
func (RuleSaved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the rule.
func (e RuleSaved) Subject() string { return e.Rule.ID }

// RuleRemoved says that a rule is no more.
type RuleRemoved struct {
	RuleID string `json:"rule_id"`
}

// Kind returns KindRuleRemoved.
func (RuleRemoved) Kind() string { return KindRuleRemoved }

// Audience is everybody of the account.
func (RuleRemoved) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is the rule.
func (e RuleRemoved) Subject() string { return e.RuleID }

// RulesOrdered says that the rules are asked in another order.
type RulesOrdered struct {
	RuleIDs []string `json:"rule_ids" nullable:"false"`
}

// Kind returns KindRulesOrdered.
func (RulesOrdered) Kind() string { return KindRulesOrdered }

// Audience is everybody of the account.
func (RulesOrdered) Audience() eventlog.Audience { return eventlog.ToAccount() }

// Subject is nothing in particular.
func (RulesOrdered) Subject() string { return "" }

var (
	_ = eventlog.Register[RuleSaved]()
	_ = eventlog.Register[RuleRemoved]()
	_ = eventlog.Register[RulesOrdered]()
)

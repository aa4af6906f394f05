// Package routing decides who talks to whom.
//
// Decide is a pure function of what was known at a moment: no clock, no database, no randomness. Around it, Next loads that
// knowledge inside one write that holds the agent, decides, claims by a conditional update, and stores the decision with
// everything it saw and why (B05), so that any assignment can be asked later and replays to the same answer.
//
// An account's rules (P02) look at each conversation that enters a queue and give it a priority and the skills it needs; Triage asks
// them from memory, and decisions name those that spoke.
//
// Owns the tables routing_decisions, offers, roulette_turns, routing_orders and routing_rules. Emits offer.made, offer.changed,
// roulette.ordered, routing.rule_saved, routing.rule_removed and routing.rules_ordered; a claim's events are the conversation's.
// Imported by app only.
package routing

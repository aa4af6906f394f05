// Package routing decides who talks to whom.
//
// Decide is a pure function of what was known at a moment: no clock, no database, no randomness. Around it, Next loads that
// knowledge inside one write that holds the agent, decides, claims by a conditional update, and stores the decision with
// everything it saw and why (B05), so that any assignment can be asked later and replays to the same answer.
//
// Owns the table routing_decisions. Emits nothing of its own: the claim's events are the conversation's.
// Imported by app only.
package routing

package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// account is what is there before the past.
type account struct {
	zone *time.Location
	// sites, departments and agents are how many there are.
	sites, departments, agents int64
	// number, position and sequence are the last ones given: of a conversation, an event, an entry of the audit log.
	number, position, sequence int64
}

const (
	selectAccount = "SELECT a.time_zone, c.conversation_number, c.position, " +
		"(SELECT count(*) FROM sites WHERE account_id = a.id), (SELECT count(*) FROM departments WHERE account_id = a.id), " +
		"(SELECT count(*) FROM agents WHERE account_id = a.id), " +
		"COALESCE((SELECT h.sequence FROM audit_heads h WHERE h.account_id = a.id), 0) " +
		"FROM accounts a JOIN account_counters c ON c.account_id = a.id WHERE a.id = ?"
	// selectPast asks for the account's own, and for what was filled in for another account.
	selectPast = "SELECT CASE WHEN EXISTS (SELECT 1 FROM conversations WHERE account_id = ? OR id = ?) " +
		"OR EXISTS (SELECT 1 FROM team_rooms WHERE account_id = ?) THEN 1 ELSE 0 END"
)

// look reads what there is. Error: ErrPast.
func look(ctx context.Context, r *store.Reader, accountID string) (account, error) {
	var a account
	var zone string
	err := r.QueryRow(ctx, selectAccount, accountID).Scan(&zone, &a.number, &a.position, &a.sites, &a.departments, &a.agents, &a.sequence)
	if err != nil {
		return a, fmt.Errorf("history: account %s: %w", accountID, err)
	}
	if a.zone, err = time.LoadLocation(zone); err != nil {
		return a, fmt.Errorf("history: the account's time zone: %w", err)
	}
	if a.sites == 0 || a.departments == 0 || a.agents == 0 {
		return a, errors.New("history: the account needs a site, a department and an agent")
	}
	var past bool
	if err := r.QueryRow(ctx, selectPast, accountID, id(1), accountID).Scan(&past); err != nil {
		return a, fmt.Errorf("history: account %s: %w", accountID, err)
	}
	if past {
		return a, ErrPast
	}
	return a, nil
}

// step fills a table, or brings one up to date.
type step struct {
	table string
	text  string
	args  func(p portion) []any
}

// before, each and after are the steps: before all conversations, for every bite of them, after them.
var (
	before = []step{{"team_rooms", insertRooms, withTalk}}
	each   = []step{
		{"conversations", insertConversations, func(p portion) []any {
			return []any{
				p.first, p.last, p.accountID, p.begin, p.origin, p.span, p.count, p.shift, p.length,
				p.loyalEvery(), p.visitors(), p.sites, p.departments, p.agents, p.accountID, p.accountID, p.accountID,
			}
		}},
		{"messages", insertMessages, ofBite},
		{"message_revisions", insertRevisions, ofBite},
		{"conversation_tags", insertTags, ofBite},
		{"conversation_participants", insertParticipants, withCrew},
		{"transfers", insertTransfers, withCrew},
		{"breaches", insertBreaches, ofBite},
		{"files", insertFiles, ofBite},
		{"visits", insertVisits, ofBite},
		{"outreach_deliveries", insertDeliveries, ofBite},
		{"routing_decisions", insertDecisions, withCrew},
		{"offers", insertOffers, ofBite},
		{"contact_requests", insertRequests, func(p portion) []any { return append(ofBite(p), p.openFrom()) }},
		{"notes", insertNotes, ofBite},
		{"form_answers", insertAnswers, ofBite},
		{"leads", insertLeads, ofBite},
		{"trigger_runs", insertRuns, ofBite},
		{"idempotency_keys", insertKeys, ofBite},
		{"sessions", insertSessions, ofBite},
		{"events", insertEvents, func(p portion) []any { return append(ofBite(p), p.position) }},
		{"audit_entries", insertEntries, func(p portion) []any { return append(ofBite(p), p.sequence) }},
		{"team_messages", insertTeamMessages, func(p portion) []any { return append(withTalk(p), id(p.first), id(p.last)) }},
		{"", advanceCounters, func(p portion) []any { return []any{2 * (p.last - p.first + 1), p.last + p.shift, p.accountID} }},
	}
	after = []step{
		{"", tellRooms, ofAccount},
		{"team_marks", insertMarks, ofAccount},
		{"audit_heads", putHead, ofAccount},
		{"team_mentions", noteMentions, ofAccount},
		{"tags", countTags, ofAccount},
		{"lead_days", countLeadDays, ofAccount},
		{"lead_origins", countOrigins, ofAccount},
		{"outreach_outcomes", countOutcomes, ofAccount},
	}
)

// The arguments that the most statements have in common.
func ofAccount(p portion) []any { return []any{p.accountID} }
func ofBite(p portion) []any    { return []any{id(p.first), id(p.last)} }
func withCrew(p portion) []any  { return []any{p.accountID, id(p.first), id(p.last)} }
func withTalk(p portion) []any {
	return []any{p.accountID, p.accountID, p.accountID, p.of / talkEvery}
}

// advanceCounters gives the events' positions and the conversations' numbers as taken.
const advanceCounters = "UPDATE account_counters SET position = position + ?, conversation_number = ? WHERE account_id = ?"

// run carries out steps and returns the rows they wrote, by table.
func run(ctx context.Context, tx *store.Tx, steps []step, p portion) (map[string]int64, error) {
	written := map[string]int64{}
	for _, s := range steps {
		n, err := tx.Exec(ctx, s.text, s.args(p)...)
		if err != nil {
			return nil, fmt.Errorf("history: %s: %w", s.table, err)
		}
		if s.table != "" {
			written[s.table] += n
		}
	}
	return written, nil
}

// analyze lets PostgreSQL count what is new, as its own housekeeping does in time: until then its plans are for empty tables. SQLite's
// plans don't depend on what is in the tables, and have no counts in an installation either.
func analyze(ctx context.Context, tx *store.Tx, engine store.Engine) error {
	if engine != store.Postgres {
		return nil
	}
	if _, err := tx.Exec(ctx, "ANALYZE"); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

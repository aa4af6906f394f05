// Under the race detector SQLite, which is Go code here, takes minutes to fill: stage plans of scripts/check runs this without it.

//go:build !race

package history_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aceno-chat/aceno/internal/audit"
	"github.com/aceno-chat/aceno/internal/bench/history"
	"github.com/aceno-chat/aceno/internal/contact"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/lead"
	"github.com/aceno-chat/aceno/internal/note"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/routing"
	"github.com/aceno-chat/aceno/internal/teamchat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	filledIn = 2000
	today    = filledIn / 25
	// loyal is the newest conversation of the visitor with the longest past.
	loyal = "01900000-0000-7000-8000-000000001920"
)

var everything = eventlog.Scope{AgentID: "carla", All: true}

// filled is a house with a past.
func filled(t *testing.T, st *store.Store) (*conversationtest.House, history.Result) {
	t.Helper()
	h := conversationtest.New(t, st)
	told := 0
	result, err := history.Fill(t.Context(), st, history.Options{
		AccountID: conversationtest.Account, Conversations: filledIn, Now: h.Clock.Now(), Progress: func(done, of int) {
			if done <= told || of != filledIn {
				t.Errorf("%d of %d after %d", done, of, told)
			}
			told = done
		},
	})
	if err != nil || told != filledIn {
		t.Fatalf("%d of %d: %v", told, filledIn, err)
	}
	return h, result
}

func TestFill_Counts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, result := filled(t, st)
		want := map[string]int64{
			"conversations": 2000, "messages": 1960*6 + 40*2, "message_revisions": 40, "conversation_tags": 400, "conversation_participants": 49,
			"transfers": 49, "breaches": 100, "files": 100, "visits": 4000, "outreach_deliveries": 400, "routing_decisions": 1000, "offers": 1000,
			"contact_requests": 200, "notes": 200, "form_answers": 400, "leads": 100, "trigger_runs": 100, "idempotency_keys": 100,
			"sessions": 100, "events": 4000, "audit_entries": 100, "audit_heads": 1, "team_messages": 200, "team_rooms": 3, "team_marks": 5,
			"team_mentions": 3, "tags": 30, "lead_days": 100, "lead_origins": 8, "outreach_outcomes": 0,
		}
		for _, table := range slices.Sorted(maps.Keys(want)) {
			written := result.Rows[table]
			if table == "conversation_participants" || table == "transfers" {
				if written < want[table] || written > 100 { // where the colleague is the agent in charge there is none
					t.Errorf("%s: %d", table, written)
				}
			} else if written != want[table] {
				t.Errorf("%s: %d, want %d", table, written, want[table])
			}
			var there int64
			if err := st.Read().QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&there); err != nil || there != written {
				t.Errorf("%s: %d rows of %d are there, %v", table, there, written, err)
			}
		}
		if len(result.Rows) != len(want) {
			t.Errorf("filled %v", slices.Sorted(maps.Keys(result.Rows)))
		}
		if _, err := history.Fill(t.Context(), st, history.Options{AccountID: conversationtest.Account, Conversations: 1, Now: h.Clock.Now()}); !errors.Is(err, history.ErrPast) {
			t.Errorf("a second time: %v", err)
		}
	})
}

// TestFill_HoldsTogether asks for rows that contradict each other.
func TestFill_HoldsTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _ := filled(t, st)
		now := h.Clock.Now()
		year, month, day := now.In(h.World.Zone).Date()
		midnight := time.Date(year, month, day, 0, 0, 0, 0, h.World.Zone).UnixMilli()
		count := func(want int, query string, args ...any) {
			t.Helper()
			var n int
			if err := st.Read().QueryRow(t.Context(), query, args...).Scan(&n); err != nil || n != want {
				t.Errorf("%s: %d, want %d, %v", query, n, want, err)
			}
		}
		count(today, "SELECT count(*) FROM conversations WHERE ended_at >= ?", midnight)
		count(0, "SELECT count(*) FROM conversations WHERE ended_at > ?", now.UnixMilli())
		count(0, "SELECT count(*) FROM conversations WHERE queue_entered_at < ?", now.AddDate(0, 0, -401).UnixMilli())
		count(0, "SELECT count(*) FROM conversations WHERE joined_at < queue_entered_at OR ended_at < joined_at OR state NOT IN ('ended', 'abandoned')")
		count(40, "SELECT count(*) FROM conversations WHERE state = 'abandoned' AND agent_id IS NULL AND joined_at IS NULL AND NOT closed")
		count(0, "SELECT count(*) FROM conversations a JOIN conversations b ON b.account_id = a.account_id AND b.number > a.number AND b.queue_entered_at < a.queue_entered_at")
		count(filledIn/100, "SELECT count(*) FROM conversations WHERE visitor_id = ? AND lower(visitor_email) = ?", history.LoyalVisitor, history.LoyalEmail)
		count(1, "SELECT CASE WHEN count(*) BETWEEN 760 AND 810 THEN 1 ELSE 0 END FROM conversations WHERE agent_id = 'ana'")
		count(0, "SELECT count(*) FROM account_counters n WHERE conversation_number <> (SELECT max(number) FROM conversations) OR position <> (SELECT max(position) FROM events)")
		count(2, "SELECT count(DISTINCT number / 1000000) FROM conversations")
		count(0, "SELECT count(*) FROM conversations c WHERE last_sequence <> (SELECT max(sequence) FROM messages m WHERE m.conversation_id = c.id) "+
			"OR last_visitor_sequence <> (SELECT max(visitor_sequence) FROM messages m WHERE m.conversation_id = c.id) "+
			"OR last_sequence <> (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id)")
		count(0, "SELECT count(*) FROM conversations c WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = c.id "+
			"AND m.kind = 'text' AND m.audience = 'visitor' AND c.last_message LIKE '%\"text\":\"' || m.body || '\",%' AND c.last_message LIKE '%\"at\":' || CAST(m.at AS TEXT) || '}')")
		count(0, "SELECT count(*) FROM messages WHERE kind = 'text' AND (length(body) < 20 OR length(body) > 120)")
		count(0, "SELECT count(*) FROM conversations c WHERE NOT EXISTS (SELECT 1 FROM visits v WHERE v.id = c.visit_id AND v.visitor_id = c.visitor_id)")
		count(0, "SELECT count(*) FROM messages m WHERE file_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM files f WHERE f.id = m.file_id AND f.conversation_id = m.conversation_id)")
		count(0, "SELECT count(*) FROM team_rooms r WHERE last_sequence <> (SELECT count(*) FROM team_messages m WHERE m.room_id = r.id)")
		count(0, "SELECT count(*) FROM team_messages m JOIN team_rooms r ON r.id = m.room_id WHERE r.agent_a IS NOT NULL AND m.author_id NOT IN (r.agent_a, r.agent_b)")
		count(0, "SELECT count(*) FROM offers WHERE state = 'offered' OR answer_until IS NOT NULL OR missed_last")
		count(0, "SELECT count(*) FROM contact_requests WHERE state = 'open' AND agent_id IS NOT NULL OR state = 'answered' AND agent_id IS NULL")
	})
}

// TestFill_IsRead has the product read what was filled in.
func TestFill_IsRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _ := filled(t, st)
		ctx, boss := t.Context(), conversationtest.Supervisor()
		must := func(what string, got, want int, err error) {
			t.Helper()
			if err != nil || got != want {
				t.Errorf("%s: %d, want %d, %v", what, got, want, err)
			}
		}
		counters, err := h.Service.Board().Counters(ctx, conversationtest.Account, everything)
		must("ended today", counters.Finished+counters.Abandoned, today, err)
		past, err := h.Service.History(ctx, boss, loyal, 0, "")
		must("history", len(past.Conversations), 19, err)
		if len(past.Conversations) > 0 && past.Conversations[0].By != conversation.ByEmail {
			t.Errorf("recognised by %s", past.Conversations[0].By)
		}
		past, err = h.Service.History(ctx, boss, loyal, 0, "transportadora")
		if err != nil || len(past.Conversations) == 0 || len(past.Conversations[0].Hits) == 0 {
			t.Errorf("search: %+v, %v", past, err)
		}
		messages, _, err := h.Service.Messages(ctx, boss, loyal, conversation.Page{Limit: 50})
		must("messages", len(messages), 6, err)

		notes := note.NewService(note.Config{Store: st, Log: h.Log, Clock: h.Clock, IDs: h.Idents, Conversations: h.Service})
		noted, err := notes.List(ctx, boss, loyal)
		must("notes", len(noted), 2, err)
		requests, err := contact.NewService(contact.Config{Store: st}).List(ctx, conversationtest.Account, everything, contact.Filter{State: contact.Open, Limit: 100})
		must("open requests", len(requests.Contacts), 13, err)
		must("requests", requests.Counts.Answered, 180, err)
		leads, err := lead.NewService(lead.Config{Store: st}).List(ctx, conversationtest.Account, lead.Filter{Limit: 50})
		must("leads", len(leads.Leads), 50, err)
		entries, err := audit.NewService(st, h.Box, h.Clock, nil, nil).List(ctx, conversationtest.Account, audit.Filter{Action: audit.ConversationWatched, Limit: 50})
		must("audit", len(entries.Entries), 50, err)
		decisions, _, err := routing.New(routing.Config{Store: st}).Decisions(ctx, conversationtest.Account, loyal, "")
		must("decisions", len(decisions), 1, err)
		if len(decisions) == 1 && (len(decisions[0].Snapshot.Agents) != 3 || decisions[0].Decision.ConversationID != loyal || len(decisions[0].Reasons.Agents) != 3) {
			t.Errorf("decision %+v", decisions[0])
		}
		rooms, err := teamchat.NewService(teamchat.Config{Store: st, Around: around{}}).Rooms(ctx, teamchat.Actor{
			AccountID: conversationtest.Account, AgentID: conversationtest.Ana, Scope: everything,
		})
		must("rooms", len(rooms), 3, err)
		for _, r := range rooms {
			if r.Last.Text == "" || r.LastSequence-r.ReadSequence < 5 {
				t.Errorf("room %+v", r)
			}
		}
	})
}

func TestFill_EventsAreUnderstood(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h, _ := filled(t, st)
		records, err := h.Log.Since(t.Context(), conversationtest.Account, 0, 200)
		if err != nil || len(records) != 200 {
			t.Fatalf("%d events, %v", len(records), err)
		}
		for _, r := range records {
			if _, err := eventlog.ParseAudience(r.Audience); err != nil {
				t.Error(err)
			}
			if !json.Valid(r.Payload) {
				t.Errorf("%s: %s", r.Kind, r.Payload)
				continue
			}
			switch event, err := eventlog.Decode(r); e := event.(type) {
			case conversation.MessageEvent:
				if e.Subject() != r.Subject || e.Message.Text == "" || e.Audience().String() != r.Audience {
					t.Errorf("%+v", e)
				}
			case conversation.EndedEvent:
				if e.Subject() != r.Subject || e.Conversation.Agent() == "" || e.Audience().String() != r.Audience {
					t.Errorf("%+v", e)
				}
			case conversation.AbandonedEvent:
				if e.Subject() != r.Subject || e.Conversation.Agent() != "" || e.Audience().String() != r.Audience {
					t.Errorf("%+v", e)
				}
			default:
				t.Errorf("%s: %T, %v", r.Kind, event, err)
			}
		}
	})
}

// around knows the house's agents and departments.
type around struct{}

func (around) TeamAgent(_, id string) (string, bool, bool) {
	return id, true, id == "ana" || id == "bruno"
}
func (around) TeamDepartment(_, id string) bool         { return id == "sales" || id == "support" }
func (around) InDepartment(string, string, string) bool { return true }

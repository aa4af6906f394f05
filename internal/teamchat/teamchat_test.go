package teamchat_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/blob"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/eventlog/eventlogtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
	"github.com/aceno-chat/aceno/internal/teamchat"
)

// world is an account where Ana serves sales and help, Bruno sales, Carla supervises everything, and Davi was inactivated; and another
// account with its own people.
type world struct {
	*teamchat.Service
	store    *store.Store
	log      *eventlog.Log
	recorder eventlogtest.Recorder
	clock    *clock.Fake
}

var served = map[string][]string{"ana": {"sales", "help"}, "bruno": {"sales"}, "carla": nil, "davi": nil}

func (w *world) TeamAgent(accountID, agentID string) (name string, active, ok bool) {
	if accountID == "b" {
		return "Eva", true, agentID == "eva"
	}
	_, ok = served[agentID]
	return strings.ToUpper(agentID[:1]) + agentID[1:], agentID != "davi", ok
}

func (w *world) TeamDepartment(accountID, departmentID string) bool {
	return accountID == "a" && (departmentID == "sales" || departmentID == "help") || accountID == "b" && departmentID == "theirs"
}

func (w *world) InDepartment(_, agentID, departmentID string) bool {
	return agentID == "carla" || slices.Contains(served[agentID], departmentID)
}

func actor(id string) teamchat.Actor {
	a := teamchat.Actor{AccountID: "a", AgentID: id, Scope: eventlog.Scope{AgentID: id, DepartmentIDs: map[string]bool{}, All: id == "carla"}}
	for _, d := range served[id] {
		a.Scope.DepartmentIDs[d] = true
	}
	if id == "eva" {
		a.AccountID = "b"
	}
	return a
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		w := &world{store: st, clock: clock.NewFake(time.UnixMilli(5000))}
		w.log = eventlogtest.New(t, st, w.clock, w.recorder.Take)
		bucket, err := blob.Open(t.Context(), "file://"+t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = bucket.Close() })
		files := file.New(file.Config{
			Store: st, Bucket: bucket, Box: secret.New(make([]byte, 32)), Clock: w.clock, Idents: ident.V7{}, Logger: slog.New(slog.DiscardHandler),
		})
		w.Service = teamchat.NewService(teamchat.Config{Store: st, Log: w.log, Clock: w.clock, IDs: ident.V7{}, Files: files, Around: w})
		people := map[string][]string{"a": {"ana", "bruno", "carla", "davi"}, "b": {"eva"}}
		departments := map[string][]string{"a": {"sales", "help"}, "b": {"theirs"}}
		for _, account := range []string{"a", "b"} {
			eventlogtest.Account(t, st, account)
			for _, id := range people[account] {
				w.insert(t, `INSERT INTO agents (id, account_id, login, password_hash, name, email, role, active, status, method, conversation_limit,
					preferences, created_at) VALUES (?, ?, ?, '', ?, '', 'agent', ?, 'online', 'both', 5, '{}', 0)`, id, account, id, id, true)
			}
			for _, id := range departments[account] {
				w.insert(t, "INSERT INTO departments (id, account_id, name, display_name, description, position, active, created_at) VALUES (?, ?, ?, '', '', 0, ?, 0)",
					id, account, id, true)
			}
		}
		fn(t, w)
	})
}

func (w *world) insert(t *testing.T, query string, args ...any) {
	t.Helper()
	err := w.store.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) say(t *testing.T, who, room, text string, mentions ...string) teamchat.Message {
	t.Helper()
	m, err := w.Post(t.Context(), actor(who), room, teamchat.New{ClientID: ident.V7{}.New(), Text: text, Mentions: mentions})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (w *world) rooms(t *testing.T, who string) []teamchat.Room {
	t.Helper()
	rooms, err := w.Rooms(t.Context(), actor(who))
	if err != nil {
		t.Fatal(err)
	}
	return rooms
}

func TestPost_OnceHoweverOften(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sequences := make([]int64, 8)
		var wg sync.WaitGroup
		for i := range sequences {
			wg.Go(func() {
				m, err := w.Post(t.Context(), actor("ana"), "bruno", teamchat.New{ClientID: "c-1", Text: " Oi\r\ntudo? "})
				if err != nil || m.Text != "Oi\ntudo?" || m.AuthorName != "Ana" {
					t.Errorf("%+v, %v", m, err)
				}
				sequences[i] = m.Sequence
			})
		}
		wg.Wait()
		if slices.ContainsFunc(sequences, func(n int64) bool { return n != 1 }) {
			t.Errorf("one command took the sequences %v", sequences)
		}
		if kinds := w.recorder.Kinds(t, w.log, "a"); len(kinds) != 1 || kinds[0] != teamchat.SaidKind {
			t.Errorf("events %v", kinds)
		}
		// The same identifier of somebody else, or in another room, is another message.
		if m, err := w.Post(t.Context(), actor("bruno"), "ana", teamchat.New{ClientID: "c-1", Text: "Tudo"}); err != nil || m.Sequence != 2 {
			t.Errorf("%+v, %v", m, err)
		}
		if m, err := w.Post(t.Context(), actor("ana"), "sales", teamchat.New{ClientID: "c-1", Text: "Bom dia"}); err != nil || m.Sequence != 1 {
			t.Errorf("%+v, %v", m, err)
		}
	})
}

func TestPost_SequencesHaveNoGaps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		for i := range 20 {
			who, room := "ana", "bruno"
			if i%2 == 0 {
				who, room = room, who
			}
			wg.Go(func() { w.say(t, who, room, fmt.Sprint("m", i)) })
		}
		wg.Wait()
		list, more, err := w.Messages(t.Context(), actor("ana"), "bruno", teamchat.Page{Limit: 50})
		if err != nil || more || len(list) != 20 {
			t.Fatalf("%d messages, more %v, %v", len(list), more, err)
		}
		for i, m := range list {
			if m.Sequence != int64(i+1) {
				t.Fatalf("message %d has the sequence %d", i, m.Sequence)
			}
		}
	})
}

func TestPost_Refuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for want, n := range map[string]teamchat.New{
			"client_id:invalid":       {ClientID: "a b", Text: "x"},
			"text:required":           {ClientID: "c", Text: " \n "},
			"text:too_long":           {ClientID: "c", Text: strings.Repeat("á", 5001)},
			"text:control_characters": {ClientID: "c", Text: "a\x00b"},
			"mentions:too_many":       {ClientID: "c", Text: "x", Mentions: slices.Repeat([]string{"bruno"}, 21)},
			"mentions:unknown":        {ClientID: "c", Text: "x", Mentions: []string{"carla"}},
		} {
			_, err := w.Post(t.Context(), actor("ana"), "bruno", n)
			if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].Name+":"+fields[0].Code != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		good := teamchat.New{ClientID: "c", Text: "x"}
		for _, row := range []struct {
			who, room string
			want      fault.Code
		}{
			{"ana", "ana", fault.NotFound},                // with oneself
			{"ana", "nobody", fault.NotFound},             //
			{"ana", "eva", fault.NotFound},                // of another account
			{"ana", "theirs", fault.NotFound},             // of another account
			{"bruno", "help", fault.NotFound},             // a department bruno doesn't serve
			{"ana", "davi", fault.TeamMemberInactive},     //
			{"eva", "sales", fault.NotFound},              //
			{"eva", "direct:ana:bruno", fault.NotFound},   // stored names are no addresses
			{"ana", "direct:bruno:carla", fault.NotFound}, //
		} {
			if _, err := w.Post(t.Context(), actor(row.who), row.room, good); !fault.Is(err, row.want) {
				t.Errorf("%s to %s: %v, want %s", row.who, row.room, err, row.want)
			}
		}
		if kinds := w.recorder.Kinds(t, w.log, "a"); len(kinds) != 0 {
			t.Errorf("events of refused messages: %v", kinds)
		}
	})
}

func TestRooms_CountWhatIsUnread(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.say(t, "ana", "bruno", "um")
		w.say(t, "ana", "bruno", "dois", "bruno", "bruno", "ana")
		w.clock.Advance(time.Second)
		w.say(t, "ana", "sales", strings.Repeat("x", 300), "bruno", "carla")
		rooms := w.rooms(t, "bruno")
		if len(rooms) != 2 || rooms[0].ID != "sales" || rooms[1].ID != "ana" {
			t.Fatalf("%+v", rooms)
		}
		if r := rooms[1]; r.LastSequence != 2 || r.ReadSequence != 0 || r.Mentions != 1 || r.SeenSequence != 2 || r.Last.Text != "dois" || r.DepartmentID != nil {
			t.Errorf("direct %+v", r)
		}
		if r := rooms[0]; r.Mentions != 1 || r.SeenSequence != 0 || len([]rune(r.Last.Text)) != 201 || *r.DepartmentID != "sales" {
			t.Errorf("department %+v", r)
		}
		if own := w.rooms(t, "ana"); own[0].ReadSequence != 1 || own[1].ReadSequence != 2 {
			t.Errorf("what I said is unread: %+v", own)
		}
		if carla := w.rooms(t, "carla"); len(carla) != 1 || carla[0].ID != "sales" {
			t.Errorf("a supervisor is in %+v", carla)
		}
		if others := w.rooms(t, "eva"); len(others) != 0 {
			t.Errorf("another account sees %+v", others)
		}
	})
}

func TestMark_OnlyMovesForward(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 3 {
			w.say(t, "ana", "bruno", "x", "bruno")
		}
		w.say(t, "ana", "sales", "x")
		for _, to := range []int64{2, 1, 2, 99} {
			if err := w.Mark(t.Context(), actor("bruno"), "ana", to); err != nil {
				t.Fatal(err)
			}
		}
		if r := w.rooms(t, "bruno"); r[0].ReadSequence != 3 || r[0].Mentions != 0 {
			t.Errorf("%+v", r)
		}
		if r := w.rooms(t, "ana"); r[0].SeenSequence != 3 {
			t.Errorf("ana doesn't see that bruno read it: %+v", r)
		}
		if err := w.Mark(t.Context(), actor("bruno"), "sales", 1); err != nil {
			t.Fatal(err)
		}
		if err := w.Mark(t.Context(), actor("bruno"), "help", 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("a room of others: %v", err)
		}
		if err := w.Mark(t.Context(), actor("ana"), "carla", 1); err != nil {
			t.Errorf("a room without a message: %v", err)
		}
		kinds := w.recorder.Kinds(t, w.log, "a")
		if read := len(kinds) - 4; read != 3 {
			t.Errorf("%d marks were told, want 3: %v", read, kinds)
		}
	})
}

func TestEvents_ReachMembersOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.say(t, "ana", "bruno", "particular")
		w.say(t, "ana", "help", "na sala")
		if err := w.Mark(t.Context(), actor("bruno"), "ana", 1); err != nil {
			t.Fatal(err)
		}
		w.recorder.Kinds(t, w.log, "a")
		seen := map[string]int{}
		for _, r := range w.recorder.Records() {
			audience, err := eventlog.ParseAudience(r.Audience)
			if err != nil {
				t.Fatal(err)
			}
			for who := range served {
				if actor(who).Scope.Sees(audience) {
					seen[who]++
				}
			}
			event, err := eventlog.Decode(r)
			if err != nil || event.Audience() != audience || event.Subject() != r.Subject {
				t.Errorf("%+v, %v", event, err)
			}
			if _, ok := event.(eventlog.ForVisitor); ok {
				t.Errorf("%s could be sent to a visitor", r.Kind)
			}
		}
		if seen["ana"] != 3 || seen["bruno"] != 2 || seen["carla"] != 1 || seen["davi"] != 0 {
			t.Errorf("events by agent: %v", seen)
		}
	})
}

func TestMessages_Pages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.say(t, "ana", "sales", fmt.Sprint(i+1))
		}
		at := func(n int64) *int64 { return &n }
		for _, row := range []struct {
			page teamchat.Page
			want string
			more bool
		}{
			{teamchat.Page{Limit: 2}, "45", true},
			{teamchat.Page{Before: at(4), Limit: 2}, "23", true},
			{teamchat.Page{Before: at(2), Limit: 2}, "1", false},
			{teamchat.Page{After: at(1), Limit: 3}, "234", true},
			{teamchat.Page{After: at(5), Limit: 3}, "", false},
		} {
			list, more, err := w.Messages(t.Context(), actor("bruno"), "sales", row.page)
			got := ""
			for _, m := range list {
				got += m.Text
			}
			if err != nil || got != row.want || more != row.more {
				t.Errorf("%+v: %q, more %v, %v", row.page, got, more, err)
			}
		}
		if _, _, err := w.Messages(t.Context(), actor("bruno"), "help", teamchat.Page{Limit: 5}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a room of others: %v", err)
		}
	})
}

func note(text string) file.Upload {
	return file.Upload{Name: "nota.txt", ContentType: "text/plain", Content: bytes.NewReader([]byte(text))}
}

func TestPostFile_OnceAndForMembersOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m, err := w.PostFile(t.Context(), actor("ana"), "bruno", "f-1", note("segredo"))
		if err != nil || m.File == nil || m.File.Name != "nota.txt" || m.File.Size != 7 {
			t.Fatalf("%+v, %v", m, err)
		}
		again, err := w.PostFile(t.Context(), actor("ana"), "bruno", "f-1", note("outro"))
		if err != nil || again.ID != m.ID || again.File.ID != m.File.ID {
			t.Errorf("again %+v, %v", again, err)
		}
		if r := w.rooms(t, "bruno"); r[0].Last.Text != "nota.txt" {
			t.Errorf("%+v", r)
		}
		for who, allowed := range map[string]bool{"ana": true, "bruno": true, "carla": false, "eva": false} {
			f, err := w.File(t.Context(), actor(who), m.File.ID)
			if allowed != (err == nil) || !allowed && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %+v, %v", who, f, err)
			}
		}
		room, err := w.PostFile(t.Context(), actor("ana"), "help", "f-2", note("x"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.File(t.Context(), actor("bruno"), room.File.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a file of a department bruno doesn't serve: %v", err)
		}
		if _, err := w.PostFile(t.Context(), actor("ana"), "bruno", "f-3", note("")); !fault.Is(err, fault.FileEmpty) {
			t.Errorf("empty: %v", err)
		}
	})
}

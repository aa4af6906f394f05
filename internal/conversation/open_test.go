package conversation_test

import (
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func opening(change func(*conversation.Opening)) conversation.Opening {
	o := conversation.Opening{
		ClientID: "first", DepartmentID: conversationtest.Sales, Name: " Maria ", Email: "maria@example.com", Text: "Olá",
		Fields: map[string]any{"plan": "gold", "orders": 3.0},
	}
	if change != nil {
		change(&o)
	}
	return o
}

func TestOpen_PutsTheVisitorIntoTheQueue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		maria := conversationtest.Visitor("maria")
		h.World.SetVisit(maria.VisitID, conversation.Details{IP: "203.0.113.7", Country: "BR", Fields: map[string]any{"cart": "7"}})
		h.Open(t, "joão", conversationtest.Sales)
		h.Clock.Advance(time.Second)

		got, created, err := h.Service.Open(t.Context(), maria, opening(nil))
		if err != nil || !created {
			t.Fatalf("created %v, %v", created, err)
		}
		if got.Number != 2026000002 || got.State != conversation.Waiting || got.Position == nil || *got.Position != 2 ||
			got.LastSequence != 2 || got.Department.Name != "Vendas" || got.Agent != nil {
			t.Fatalf("got %+v", got)
		}
		c, err := h.Service.Get(t.Context(), conversationtest.Agent(conversationtest.Ana), got.ID)
		if err != nil {
			t.Fatal(err)
		}
		details, err := c.Visitor.Value()
		if err != nil {
			t.Fatal(err)
		}
		if details.Name != "Maria" || details.IP != "203.0.113.7" || details.Fields["plan"] != "gold" || details.Fields["cart"] != "7" {
			t.Fatalf("details %+v", details)
		}
		if c.UnansweredSince == nil || *c.UnansweredSince != c.QueueEnteredAt {
			t.Fatalf("unanswered since %v, want since the entry", c.UnansweredSince)
		}
		messages, more, err := h.Service.Messages(t.Context(), conversationtest.Agent(conversationtest.Ana), got.ID, conversation.Page{})
		if err != nil || more || len(messages) != 2 || messages[0].System.Key != conversation.SystemQueued || messages[1].Text != "Olá" {
			t.Fatalf("messages %+v, more %v, %v", messages, more, err)
		}
		if got := h.Kinds(t); got != "queued > message > queued > message > message" {
			t.Fatalf("events %q", got)
		}
	})
}

func TestOpen_ReturnsTheOneThatIsThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		maria := conversationtest.Visitor("maria")
		first, _, err := h.Service.Open(t.Context(), maria, opening(nil))
		if err != nil {
			t.Fatal(err)
		}
		again := func(name string, v conversation.VisitorActor, o conversation.Opening, wantSame bool) {
			t.Helper()
			got, created, err := h.Service.Open(t.Context(), v, o)
			if err != nil || created == wantSame || (got.ID == first.ID) != wantSame {
				t.Fatalf("%s: same %v created %v, %v", name, got.ID == first.ID, created, err)
			}
		}
		again("the same request", maria, opening(nil), true)
		again("another tab", maria, opening(func(o *conversation.Opening) { o.ClientID = "second" }), true)
		h.World.SetOnline(conversationtest.Sales, false)
		again("while nobody attends any more", maria, opening(func(o *conversation.Opening) { o.ClientID = "third" }), true)
		h.World.SetOnline(conversationtest.Sales, true)
		blog := maria
		blog.SiteID = "site2"
		again("on another site", blog, opening(nil), false)
		if _, err := h.Service.EndByVisitor(t.Context(), maria, first.ID); err != nil {
			t.Fatal(err)
		}
		again("the same request, late", maria, opening(nil), true)
		again("a new one after the end", maria, opening(func(o *conversation.Opening) { o.ClientID = "fourth" }), false)
	})
}

func TestOpen_OnceHoweverManyTabs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		var mu sync.Mutex
		ids := map[string]int{}
		created := 0
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				c, fresh, err := h.Service.Open(t.Context(), conversationtest.Visitor("maria"), opening(func(o *conversation.Opening) {
					o.ClientID = strings.Repeat("x", i/2+1) // every request twice
				}))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				ids[c.ID]++
				if fresh {
					created++
				}
			})
		}
		wg.Wait()
		if len(ids) != 1 || created != 1 {
			t.Fatalf("%d conversations, created %d times", len(ids), created)
		}
		if next := h.Open(t, "joão", conversationtest.Sales); next.Number != 2026000002 {
			t.Fatalf("the next number is %d: the lost openings took some", next.Number)
		}
	})
}

func TestOpen_Refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		h.World.SetOnline(conversationtest.Support, false)
		rows := []struct {
			name   string
			change func(*conversation.Opening)
			code   fault.Code
			field  string
		}{
			{"nobody attends", func(o *conversation.Opening) { o.DepartmentID = conversationtest.Support }, fault.DepartmentUnattended, ""},
			{"unknown department", func(o *conversation.Opening) { o.DepartmentID = "x" }, fault.Validation, "department_id"},
			{"no department", func(o *conversation.Opening) { o.DepartmentID = "" }, fault.Validation, "department_id"},
			{"no name", func(o *conversation.Opening) { o.Name = "  " }, fault.Validation, "name"},
			{"long name", func(o *conversation.Opening) { o.Name = strings.Repeat("é", 101) }, fault.Validation, "name"},
			{"no address", func(o *conversation.Opening) { o.Email = "" }, fault.Validation, "email"},
			{"not an address", func(o *conversation.Opening) { o.Email = "maria" }, fault.Validation, "email"},
			{"no client id", func(o *conversation.Opening) { o.ClientID = "" }, fault.Validation, "client_id"},
			{"client id with a space", func(o *conversation.Opening) { o.ClientID = "a b" }, fault.Validation, "client_id"},
			{"long client id", func(o *conversation.Opening) { o.ClientID = strings.Repeat("a", 65) }, fault.Validation, "client_id"},
			{"text too long", func(o *conversation.Opening) { o.Text = strings.Repeat("é", 5001) }, fault.Validation, "text"},
			{"text with controls", func(o *conversation.Opening) { o.Text = "a\x00b" }, fault.Validation, "text"},
			{"a field within a field", func(o *conversation.Opening) { o.Fields["x"] = map[string]any{} }, fault.Validation, "fields"},
			{"a field too long", func(o *conversation.Opening) { o.Fields["x"] = strings.Repeat("é", 1001) }, fault.Validation, "fields"},
			{"a field with controls", func(o *conversation.Opening) { o.Fields["x"] = "a\x1bb" }, fault.Validation, "fields"},
			{"a field without a name", func(o *conversation.Opening) { o.Fields[""] = "x" }, fault.Validation, "fields"},
			{"too many fields", func(o *conversation.Opening) {
				for i := range 31 {
					o.Fields[strings.Repeat("x", i+1)] = i
				}
			}, fault.Validation, "fields"},
		}
		for _, row := range rows {
			_, _, err := h.Service.Open(t.Context(), conversationtest.Visitor("maria"), opening(row.change))
			if fault.CodeOf(err) != row.code {
				t.Errorf("%s: %v, want %s", row.name, err, row.code)
				continue
			}
			if row.field != "" && fields(err) != row.field {
				t.Errorf("%s: fields %q, want %q", row.name, fields(err), row.field)
			}
		}
		if got := h.Kinds(t); got != "" {
			t.Fatalf("refused, and yet: %q", got)
		}
	})
}

func TestOpen_NumbersBeginAgainWithTheYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		// 02:30 UTC of the first of January is still last year in São Paulo.
		h.Clock.Set(time.Date(2027, 1, 1, 2, 30, 0, 0, time.UTC))
		if c := h.Open(t, "a", conversationtest.Sales); c.Number != 2026000001 {
			t.Fatalf("number %d, want the first of 2026", c.Number)
		}
		h.Clock.Advance(time.Hour)
		for _, want := range []int64{2027000001, 2027000002} {
			if c := h.Open(t, h.Idents.New(), conversationtest.Sales); c.Number != want {
				t.Fatalf("number %d, want %d", c.Number, want)
			}
		}
		h.Clock.Set(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)) // a clock set back doubles no number
		if c := h.Open(t, "c", conversationtest.Sales); c.Number != 2027000003 {
			t.Fatalf("number %d, want 2027000003", c.Number)
		}
	})
}

// fields names the fields of a Validation error.
func fields(err error) string {
	var names []string
	if f, ok := errors.AsType[*fault.Error](err); ok {
		for _, field := range f.Fields {
			names = append(names, field.Name)
		}
	}
	return strings.Join(names, " ")
}

// blockedAt blocks one address.
type blockedAt string

func (b blockedAt) Blocked(accountID string, addr netip.Addr) bool {
	return accountID == conversationtest.Account && addr.String() == string(b)
}

func TestOpen_RefusesTheBlocked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st, func(c *conversation.Config) { c.Blocks = blockedAt("203.0.113.7") })
		blocked, other := conversationtest.Visitor("maria"), conversationtest.Visitor("joão")
		blocked.Addr, other.Addr = netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("203.0.113.8")
		if _, _, err := h.Service.Open(t.Context(), blocked, opening(nil)); fault.CodeOf(err) != fault.VisitorBlocked {
			t.Errorf("blocked: %v", err)
		}
		if _, created, err := h.Service.Open(t.Context(), other, opening(nil)); err != nil || !created {
			t.Errorf("not blocked: %v", err)
		}
		if kinds := h.Events.Kinds(t, h.Log, conversationtest.Account); kinds[0] != conversation.KindQueued {
			t.Errorf("events %v", kinds)
		}
	})
}

// Outside its hours nobody is let in, whoever is there; a department for known customers takes those the site has signed, for the
// address that was signed.
func TestOpen_HoursAndIdentity(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		v := conversationtest.Visitor("maria")
		refused := func(want fault.Code) {
			t.Helper()
			if _, _, err := h.Service.Open(t.Context(), v, opening(nil)); fault.CodeOf(err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		h.World.SetClosed(conversationtest.Sales, true)
		refused(fault.DepartmentClosed)
		h.World.SetClosed(conversationtest.Sales, false)
		h.World.SetIdentityRequired(conversationtest.Sales, true)
		refused(fault.IdentityRequired)
		h.World.SetVisit(v.VisitID, conversation.Details{Email: "other@shop.example", VerifiedID: "7"})
		refused(fault.IdentityRequired)
		h.World.SetVisit(v.VisitID, conversation.Details{Email: opening(nil).Email, VerifiedID: "7"})
		c, created, err := h.Service.Open(t.Context(), v, opening(nil))
		if err != nil || !created || c.Position == nil || *c.Position != 1 {
			t.Errorf("a signed visitor: %+v, %v, %v", c, created, err)
		}
	})
}

// TestOpen_Forged asks as somebody else, by the name of the proof in several disguises.
func TestOpen_Forged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		h.World.SetIdentityRequired(conversationtest.Sales, true)
		v := conversationtest.Visitor("maria")
		for _, name := range []string{
			"verified_id", " verified_id", "verified_id\x00", "\ufeffverified_id", "\u202everified_id", "VERIFIED_ID", "verified id", "veriﬁed_id", "ｖerified_id",
		} {
			o := opening(nil)
			o.Fields = map[string]any{name: "7"}
			_, _, err := h.Service.Open(t.Context(), v, o)
			if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].Name != "fields" || fields[0].Code != fault.FieldNotAllowed {
				t.Errorf("%q: %v, want fields not allowed", name, err)
			}
		}
	})
}

// Who waits is told how long it took others at this place, once enough of them did.
func TestOpen_TellsAnEstimate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		if c := h.Open(t, "first", conversationtest.Sales); c.Estimate != nil {
			t.Errorf("told %+v of nothing", c.Estimate)
		}
		for i := range 12 {
			c := h.Open(t, strings.Repeat("v", i+1), conversationtest.Support)
			h.Clock.Advance(40 * time.Second)
			h.Claim(t, c.ID, conversationtest.Ana)
		}
		h.Clock.Advance(11 * time.Minute) // what was learned is old by then
		c := h.Open(t, "maria", conversationtest.Support)
		if c.Estimate == nil || *c.Estimate != (conversation.Estimate{LowSeconds: 40, HighSeconds: 40}) {
			t.Fatalf("told %+v, want 40 seconds", c.Estimate)
		}
		h.Open(t, "joão", conversationtest.Support)
		frames, err := h.Service.WaitingFrames(t.Context(), conversationtest.Account, conversationtest.Support)
		if err != nil || len(frames) != 2 {
			t.Fatal(len(frames), err)
		}
		if push, ok := frames[1].Frame.(conversation.ConversationPush); !ok || push.Conversation.Estimate == nil || push.Conversation.Estimate.LowSeconds != 80 {
			t.Errorf("the second is told %+v", frames[1].Frame)
		}
	})
}

// TestOpen_TellsListsNotNull: whoever hears of a conversation first goes over its lists at once.
func TestOpen_TellsListsNotNull(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		h.Open(t, "maria", conversationtest.Sales)
		h.Settle(t)
		for _, r := range h.Events.Records() {
			if r.Kind != conversation.KindQueued {
				continue
			}
			if text := string(r.Payload); !strings.Contains(text, `"participants":[]`) || !strings.Contains(text, `"tags":[]`) {
				t.Errorf("told %s", text)
			}
			return
		}
		t.Error("nothing was told")
	})
}

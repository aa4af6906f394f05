package conversation_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

func TestInternal_HasNoWayToTheVisitor(t *testing.T) {
	var internal eventlog.Event = conversation.InternalEvent{}
	if _, ok := internal.(eventlog.ForVisitor); ok {
		t.Fatal("an internal message can be shown to a visitor")
	}
	// And if one were put into the other type by mistake, it would still be refused.
	place := int64(1)
	mistake := conversation.MessageEvent{Message: conversation.Message{Audience: conversation.ToAgents, VisitorSequence: &place, Text: "x"}}
	if frame, ok := mistake.VisitorFrame(); ok {
		t.Fatalf("an internal message in the wrong envelope was shown: %+v", frame)
	}
}

// secret marks what no visitor may ever receive.
const secret = "SECRET"

// TestVisitor_ReceivesNoInternalByte plays random conversations in which everything internal carries a mark, and looks for
// the mark in every frame and every answer the visitor gets (B14).
func TestVisitor_ReceivesNoInternalByte(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		d := newDoor(t, st)
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			d.Clock.Advance(time.Hour) // fresh paces
			p := play{door: d, t: t, rt: rt, visitor: fmt.Sprint("visitor", n)}
			d.World.SetVisit("visit of "+p.visitor, conversation.Details{
				IP: secret + "ip", Country: secret, Browser: secret, PageURL: secret, Referrer: secret, Fields: map[string]any{"f": secret},
			})
			p.open()
			for range rapid.IntRange(1, 15).Draw(rt, "steps") {
				p.step()
			}
			p.look()
		})
	})
}

// play is one random conversation.
type play struct {
	*door
	t       *testing.T
	rt      *rapid.T
	visitor string
	id      string
	sent    int
}

func (p *play) open() {
	body := `{"client_id":"o","department_id":"sales","name":"Maria","email":"secret@example.com","fields":{"cpf":"` + secret + `"}}`
	w := p.ask(p.t, "visitor:"+p.visitor, "POST", "/v/conversations", body)
	p.check("opening", w.Body.Bytes())
	p.id = decode[conversation.VisitorConversation](p.t, w).ID
}

func (p *play) step() {
	p.sent++
	client := fmt.Sprint("c", p.sent)
	ana := conversationtest.Agent(conversationtest.Ana)
	message := func(text, audience string) string {
		return fmt.Sprintf(`{"client_id":"%s","text":"%s","audience":"%s"}`, client+secret, text, audience)
	}
	upload := func(audience, name string) upload {
		return upload{
			fields: map[string]string{"client_id": client, "audience": audience}, name: name + ".txt", contentType: "text/plain",
			content: []byte(name),
		}
	}
	agentPath, visitorPath := "/api/conversations/"+p.id, "/v/conversations/"+p.id
	steps := map[string]func(){
		"claim":         func() { p.tryClaim() },
		"return":        func() { _ = p.Service.Return(p.t.Context(), ana, p.id, conversation.ReasonSignedOut) },
		"internal":      func() { p.ask(p.t, "agent:ana", "POST", agentPath+"/messages", message(secret, "agents")) },
		"answer":        func() { p.ask(p.t, "agent:ana", "POST", agentPath+"/messages", message("answer", "visitor")) },
		"internal file": func() { p.ask(p.t, "agent:ana", "POST", agentPath+"/files", upload("agents", secret)) },
		"file":          func() { p.ask(p.t, "agent:ana", "POST", agentPath+"/files", upload("visitor", "file")) },
		"supervisor": func() {
			_, _ = p.Service.PostByAgent(p.t.Context(), conversationtest.Supervisor(), p.id, client, secret, conversation.ToAgents)
		},
		"question": func() {
			w := p.ask(p.t, "visitor:"+p.visitor, "POST", visitorPath+"/messages", fmt.Sprintf(`{"client_id":"%s","text":"question"}`, client))
			p.check("question", w.Body.Bytes())
		},
		"visitor's file": func() {
			w := p.ask(p.t, "visitor:"+p.visitor, "POST", visitorPath+"/files", upload("agents", "theirs"))
			p.check("the visitor's file", w.Body.Bytes())
		},
		"edit internal": func() {
			_, _ = p.Service.EditMessage(p.t.Context(), ana, p.id, p.ofAudience(conversation.ToAgents), secret+client)
		},
		"delete internal": func() { _, _ = p.Service.DeleteMessage(p.t.Context(), ana, p.id, p.ofAudience(conversation.ToAgents)) },
		"react to internal": func() {
			_, _ = p.Service.ReactByAgent(p.t.Context(), ana, p.id, p.ofAudience(conversation.ToAgents), "👍")
		},
		"quote internal": func() {
			_, _ = p.Service.ReplyByAgent(p.t.Context(), ana, p.id, client, "answer", conversation.ToVisitor, p.ofAudience(conversation.ToAgents))
		},
		"quote in a whisper": func() {
			_, _ = p.Service.ReplyByAgent(
				p.t.Context(), conversationtest.Supervisor(), p.id, client, secret, conversation.ToAgents, p.ofAudience(conversation.ToVisitor))
		},
		"edit": func() {
			_, _ = p.Service.EditMessage(p.t.Context(), ana, p.id, p.ofAudience(conversation.ToVisitor), "edited")
		},
		"end": func() { _, _ = p.Service.EndByAgent(p.t.Context(), ana, p.id) },
	}
	names := make([]string, 0, len(steps))
	for name := range steps {
		names = append(names, name)
	}
	slices.Sort(names)
	steps[rapid.SampledFrom(names).Draw(p.rt, "step")]()
}

// ofAudience draws the sequence of a message of that audience, 0 when there is none.
func (p *play) ofAudience(audience conversation.Audience) int64 {
	messages, _, err := p.Service.Messages(p.t.Context(), conversationtest.Supervisor(), p.id, conversation.Page{Limit: conversation.MaxPage})
	if err != nil {
		p.rt.Fatal(err)
	}
	sequences := []int64{}
	for _, m := range messages {
		if m.Audience == audience {
			sequences = append(sequences, m.Sequence)
		}
	}
	if len(sequences) == 0 {
		return 0
	}
	return rapid.SampledFrom(sequences).Draw(p.rt, "message")
}

func (p *play) tryClaim() {
	c, err := p.Service.Get(p.t.Context(), conversationtest.Supervisor(), p.id)
	if err != nil {
		p.rt.Fatal(err)
	}
	if c.State == conversation.Waiting {
		p.Claim(p.t, p.id, conversationtest.Ana)
	}
}

// look checks everything the visitor could have received or can ask for.
func (p *play) look() {
	who := "visitor:" + p.visitor
	p.check("catching up", p.ask(p.t, who, "GET", "/v/conversations/"+p.id, nil).Body.Bytes())
	p.check("the site", p.ask(p.t, who, "GET", "/v/site?k=key", nil).Body.Bytes())
	p.check("ending", p.ask(p.t, who, "POST", "/v/conversations/"+p.id+"/end", nil).Body.Bytes())
	transcript, err := p.Service.Transcript(p.t.Context(), conversationtest.Account, p.id)
	if err != nil {
		p.rt.Fatal(err)
	}
	text, err := json.Marshal([]any{transcript.Conversation, transcript.Messages})
	if err != nil {
		p.rt.Fatal(err)
	}
	p.check("transcript", text)
	if summary, ok := p.Service.OpenSummary(p.t.Context(), conversationtest.Account, p.visitor, conversationtest.Site); ok {
		p.rt.Fatalf("still open: %+v", summary)
	}
	expected := int64(1)
	p.Settle(p.t)
	for _, r := range p.Events.Records() {
		if r.Subject != p.id {
			continue
		}
		event, err := eventlog.Decode(r)
		if err != nil {
			p.rt.Fatal(err)
		}
		marked, ok := event.(eventlog.ForVisitor)
		if !ok {
			continue
		}
		frame, ok := marked.VisitorFrame()
		if !ok {
			continue
		}
		if frame.VisitorID != p.visitor {
			p.rt.Fatalf("a frame of %s is addressed to %q", r.Kind, frame.VisitorID)
		}
		text, err := json.Marshal(frame.Frame)
		if err != nil {
			p.rt.Fatal(err)
		}
		p.check("frame of "+r.Kind, text)
		if push, ok := frame.Frame.(conversation.MessagePush); ok {
			if push.Message.Sequence != expected {
				p.rt.Fatalf("message %d was pushed where %d was due: the gap tells of an internal message", push.Message.Sequence, expected)
			}
			expected++
		}
	}
}

func (p *play) check(what string, text []byte) {
	for _, forbidden := range []string{secret, `"agent_id"`, `"ana"`, "carla", "signed_out", "internal", `"agents"`, "example.com"} {
		if strings.Contains(string(text), forbidden) {
			p.rt.Fatalf("%s holds %s: %s", what, forbidden, text)
		}
	}
}

// TestVisible_ListsWhatIsAllowed fills every field there is and sees which of them come out.
func TestVisible_ListsWhatIsAllowed(t *testing.T) {
	agent, by, reason, place := "agent id", conversation.ByAgent, "reason", int64(7)
	last := conversation.Embed(conversation.LastMessage{Text: "last text"})
	change := conversation.Change{
		Names: conversation.Names{Department: "department name", Agent: "agent name", AgentPhoto: "square", AgentPortrait: "upright"},
		Conversation: conversation.Conversation{
			ID: "id", Number: 1001, SiteID: "site id", DepartmentID: "department id", VisitorID: "visitor id", VisitID: "visit id",
			State: conversation.Ended, AgentID: &agent, Visitor: conversation.Embed(conversation.Details{IP: "address"}), QueueEnteredAt: 1002,
			JoinedAt: &place, EndedAt: &place, EndedBy: &by, EndReason: &reason, Closed: true, LastSequence: 1003, LastVisitorSequence: 1004,
			Version: 1005, AgentSeenSequence: 1006, VisitorSeenSequence: 1007, LastMessage: &last, UnansweredSince: &place, Earlier: 1008,
		},
	}
	message := conversation.MessageEvent{
		ConversationID: "id", VisitorID: "visitor id", VisitorURL: "visitor url",
		Conversation: conversation.Progress{DepartmentID: "department id", AgentID: &agent, Version: 1005, LastMessage: &last},
		Message: conversation.Message{
			ID: "message id", ConversationID: "id", Sequence: 2001, VisitorSequence: &place, ClientID: "client id", Kind: conversation.FileMessage,
			Author:   conversation.Author{Kind: conversation.ByAgent, ID: &agent, Name: "author name"},
			Audience: conversation.ToVisitor, Text: "text", At: 2002,
			File:   &conversation.Attachment{ID: "file id", Name: "file name", ContentType: "type", Size: 2003, URL: file.AgentURL("file id")},
			System: &conversation.System{Key: conversation.SystemReturned, Params: map[string]string{"agent": "x", "reason": "why"}},
		},
	}
	for _, row := range []struct {
		event eventlog.ForVisitor
		want  string
	}{
		{
			conversation.EndedEvent{Change: change},
			`{"t":"conversation","conversation":{"id":"id","number":1001,"state":"ended","department":{"id":"department id","name":"department name"},` +
				`"agent":{"name":"agent name","photo":"square","portrait":"upright"},"position":null,"estimate":null,"last_sequence":1004,"agent_seen_sequence":1006,"queue_entered_at":1002,"ended_by":"agent","contact_offered":false,"rating":null}}`,
		},
		{
			message,
			`{"t":"message","conversation":"id","message":{"id":"message id","sequence":7,"client_id":"message id","kind":"file",` +
				`"author":{"kind":"agent","name":"author name"},"text":"text","file":{"name":"file name","content_type":"type","size":2003,"url":"visitor url"},` +
				`"system":{"key":"returned","params":{}},"at":2002}}`,
		},
		{
			conversation.SeenEvent{ConversationID: "id", By: conversation.ByAgent, Sequence: 9, VisitorID: "visitor id", DepartmentID: "d", AgentID: "a"},
			`{"t":"seen","conversation":"id","sequence":9}`,
		},
	} {
		frame, ok := row.event.VisitorFrame()
		if !ok || frame.VisitorID != "visitor id" {
			t.Fatalf("%s: %+v %v", row.event.Kind(), frame, ok)
		}
		got, err := json.Marshal(frame.Frame)
		if err != nil || string(got) != row.want {
			t.Errorf("%s:\n%s\nwant\n%s", row.event.Kind(), got, row.want)
		}
	}
	own := conversation.SeenEvent{By: conversation.ByVisitor, VisitorID: "visitor id"}
	if _, ok := own.VisitorFrame(); ok {
		t.Error("the visitor is told of the visitor's own reading")
	}
}

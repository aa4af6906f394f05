package conversation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/conversation/conversationtest"
	"github.com/aceno-chat/aceno/internal/file"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
	"github.com/aceno-chat/aceno/internal/platform/store/storetest"
)

// said posts a text of Ana's and returns its sequence.
func said(t *testing.T, h *conversationtest.House, id, text string, audience conversation.Audience) int64 {
	t.Helper()
	m, err := h.Service.PostByAgent(t.Context(), conversationtest.Agent(conversationtest.Ana), id, h.Idents.New(), text, audience)
	if err != nil {
		t.Fatal(err)
	}
	return m.Sequence
}

func TestEdit_KeepsTheHistoryAndTellsBothSides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		c := h.Active(t, "maria", ana.ID)
		place := said(t, h, c.ID, "O frete é 10", conversation.ToVisitor)
		h.Clock.Advance(conversation.ChangeWindow)
		m, err := h.Service.EditMessage(t.Context(), ana, c.ID, place, " O frete é 20 ")
		if err != nil || m.Text != "O frete é 20" || m.Revision != 1 || m.EditedAt == nil {
			t.Fatalf("edited %+v, %v", m, err)
		}
		// The same text again is no change.
		if again, err := h.Service.EditMessage(t.Context(), ana, c.ID, place, "O frete é 20"); err != nil || again.Revision != 1 {
			t.Fatalf("again %+v, %v", again, err)
		}
		now, err := h.Service.Get(t.Context(), ana, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if last, err := now.LastMessage.Value(); err != nil || last.Text != "O frete é 20" {
			t.Errorf("lists show %+v, %v", last, err)
		}
		kept, err := h.Service.Revisions(t.Context(), ana, c.ID, place)
		if err != nil || len(kept) != 1 || kept[0].Text != "O frete é 10" {
			t.Errorf("history %+v, %v", kept, err)
		}
		page, err := h.Service.CatchUp(t.Context(), maria, c.ID, 99)
		if err != nil || len(page.Changed) != 1 || page.Changed[0].Text != "O frete é 20" || !page.Changed[0].Edited {
			t.Errorf("the visitor catches up with %+v, %v", page, err)
		}
		changed, err := h.Service.Changed(t.Context(), ana, c.ID, place)
		if err != nil || len(changed) != 1 || changed[0].Revision != 1 {
			t.Errorf("the panel catches up with %+v, %v", changed, err)
		}
		if earlier, err := h.Service.Changed(t.Context(), ana, c.ID, place-1); err != nil || len(earlier) != 0 {
			t.Errorf("what is not held yet: %+v, %v", earlier, err)
		}
		if got := h.Kinds(t); !strings.HasSuffix(got, "message > message_changed") {
			t.Errorf("events %q", got)
		}
	})
}

func TestDelete_LeavesNothingToTheVisitor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		c := h.Active(t, "maria", ana.ID)
		place := said(t, h, c.ID, "senha-do-cofre", conversation.ToVisitor)
		sent, err := h.Service.PostFileByAgent(t.Context(), ana, c.ID, "f", conversation.ToVisitor,
			file.Upload{Name: "preços.txt", Content: strings.NewReader("tabela secreta")})
		if err != nil {
			t.Fatal(err)
		}
		before, err := h.Service.CatchUp(t.Context(), maria, c.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		link := before.Messages[len(before.Messages)-1].File.URL
		for _, sequence := range []int64{place, sent.Sequence, sent.Sequence} { // the last one again
			m, err := h.Service.DeleteMessage(t.Context(), ana, c.ID, sequence)
			if err != nil || m.DeletedAt == nil || m.Text != "" || m.File != nil || m.Revision != 1 {
				t.Fatalf("deleted %+v, %v", m, err)
			}
		}
		after, err := h.Service.CatchUp(t.Context(), maria, c.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range after.Messages[len(after.Messages)-2:] {
			if !m.Deleted || m.Text != "" || m.File != nil {
				t.Errorf("the visitor still sees %+v", m)
			}
		}
		query := strings.TrimPrefix(link, "/v/files/"+sent.File.ID+"?e=")
		expires, signature, _ := strings.Cut(query, "&s=")
		if _, err := h.Files.ByLink(t.Context(), sent.File.ID, expires, signature); !fault.Is(err, fault.NotFound) {
			t.Errorf("the address of the file still works: %v", err)
		}
		now, err := h.Service.Get(t.Context(), ana, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if last, err := now.LastMessage.Value(); err != nil || last.Text != "" {
			t.Errorf("lists still show %+v, %v", last, err)
		}
		kept, err := h.Service.Revisions(t.Context(), ana, c.ID, sent.Sequence)
		if err != nil || len(kept) != 1 || kept[0].File == nil || kept[0].File.Name != "preços.txt" {
			t.Errorf("agents lost the file: %+v, %v", kept, err)
		}
		transcript, err := h.Service.Transcript(t.Context(), conversationtest.Account, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range transcript.Messages {
			if strings.Contains(m.Text, "cofre") {
				t.Errorf("the transcript holds %+v", m)
			}
		}
	})
}

func TestChange_Refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, bruno, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Agent(conversationtest.Bruno), conversationtest.Visitor("maria")
		foreign := conversationtest.Agent("zoe")
		c := h.Active(t, "maria", ana.ID)
		question, err := h.Service.PostByVisitor(t.Context(), maria, c.ID, "v", "Oi")
		if err != nil {
			t.Fatal(err)
		}
		own := said(t, h, c.ID, "Olá", conversation.ToVisitor)
		edit := func(a conversation.AgentActor, id string, sequence int64, text string) error {
			_, err := h.Service.EditMessage(t.Context(), a, id, sequence, text)
			return err
		}
		_, reaction := h.Service.ReactByAgent(t.Context(), bruno, c.ID, own, "👍")
		_, unknown := h.Service.ReactByAgent(t.Context(), ana, c.ID, own, "🦄")
		_, stranger := h.Service.ReactByVisitor(t.Context(), conversationtest.Visitor("rui"), c.ID, 1, "👍")
		_, house := h.Service.ReactByVisitor(t.Context(), maria, c.ID, 1, "👍")
		for name, row := range map[string]struct {
			err  error
			code fault.Code
		}{
			"the visitor's message":             {edit(ana, c.ID, question.Sequence, "x"), fault.MessageNotYours},
			"a colleague's message":             {edit(bruno, c.ID, own, "x"), fault.MessageNotYours},
			"somebody who may not know":         {edit(foreign, c.ID, own, "x"), fault.NotFound},
			"a system message":                  {edit(ana, c.ID, 1, "x"), fault.MessageFixed},
			"a message that is not there":       {edit(ana, c.ID, 99, "x"), fault.NotFound},
			"nothing":                           {edit(ana, c.ID, own, "  "), fault.Validation},
			"too much":                          {edit(ana, c.ID, own, strings.Repeat("a", conversation.MaxTextRunes+1)), fault.Validation},
			"a reaction in another's talk":      {reaction, fault.ConversationNotYours},
			"a reaction outside the list":       {unknown, fault.Validation},
			"another visitor's reaction":        {stranger, fault.NotFound},
			"a reaction to the house's message": {house, fault.MessageFixed},
		} {
			if !fault.Is(row.err, row.code) {
				t.Errorf("%s: %v, want %s", name, row.err, row.code)
			}
		}
		h.Clock.Advance(conversation.ChangeWindow + time.Millisecond)
		if err := edit(ana, c.ID, own, "x"); !fault.Is(err, fault.MessageFixed) {
			t.Errorf("too late: %v", err)
		}
		fresh := said(t, h, c.ID, "Até logo", conversation.ToVisitor)
		if _, err := h.Service.EndByAgent(t.Context(), ana, c.ID); err != nil {
			t.Fatal(err)
		}
		if err := edit(ana, c.ID, fresh, "x"); !fault.Is(err, fault.ConversationEnded) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestReact_OneOfEachPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		c := h.Active(t, "maria", ana.ID)
		said(t, h, c.ID, "note", conversation.ToAgents)
		place := said(t, h, c.ID, "Pronto!", conversation.ToVisitor)
		if _, err := h.Service.ReactByVisitor(t.Context(), maria, c.ID, 3, "❤️"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.ReactByAgent(t.Context(), ana, c.ID, place, "👍"); err != nil {
			t.Fatal(err)
		}
		m, err := h.Service.ReactByAgent(t.Context(), ana, c.ID, place, "🙏")
		if err != nil || len(m.Reactions) != 2 || m.Reactions[0].Name != "Name of maria" || m.Reactions[1].Emoji != "🙏" || m.Revision != 3 {
			t.Fatalf("reactions %+v, %v", m, err)
		}
		if m, err = h.Service.ReactByAgent(t.Context(), ana, c.ID, place, ""); err != nil || len(m.Reactions) != 1 {
			t.Fatalf("taken back: %+v, %v", m, err)
		}
		// An answer is words: a sign does not stop the visitor's waiting.
		if _, err := h.Service.PostByVisitor(t.Context(), maria, c.ID, "v", "E o prazo?"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.ReactByAgent(t.Context(), ana, c.ID, place+1, "👍"); err != nil {
			t.Fatal(err)
		}
		if now, err := h.Service.Get(t.Context(), ana, c.ID); err != nil || now.UnansweredSince == nil {
			t.Errorf("a reaction counts as an answer: %+v, %v", now, err)
		}
	})
}

func TestReply_QuotesWhatItsReaderMaySee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		c := h.Active(t, "maria", ana.ID)
		note := said(t, h, c.ID, "note", conversation.ToAgents)
		question, err := h.Service.PostByVisitor(t.Context(), maria, c.ID, "v", "Tem azul?")
		if err != nil {
			t.Fatal(err)
		}
		answer, err := h.Service.ReplyByAgent(t.Context(), ana, c.ID, "a", "Tem!", conversation.ToVisitor, note+1)
		if err != nil || answer.ReplyTo == nil || answer.ReplyTo.Sequence != note+1 || *answer.ReplyTo.VisitorSequence != question.Sequence {
			t.Fatalf("answer %+v, %v", answer, err)
		}
		back, err := h.Service.ReplyByVisitor(t.Context(), maria, c.ID, "v2", "Quero", *answer.VisitorSequence)
		if err != nil || back.ReplyTo == nil || *back.ReplyTo != *answer.VisitorSequence {
			t.Fatalf("the visitor quotes: %+v, %v", back, err)
		}
		if _, err := h.Service.ReplyByAgent(t.Context(), ana, c.ID, "a2", "leak", conversation.ToVisitor, note); !fault.Is(err, fault.Validation) {
			t.Errorf("an internal message was quoted to the visitor: %v", err)
		}
		if _, err := h.Service.ReplyByAgent(t.Context(), ana, c.ID, "a3", "between us", conversation.ToAgents, note); err != nil {
			t.Errorf("an internal message can't be quoted to agents: %v", err)
		}
		if _, err := h.Service.ReplyByVisitor(t.Context(), maria, c.ID, "v3", "x", 99); !fault.Is(err, fault.Validation) {
			t.Errorf("a message that is not there was quoted: %v", err)
		}
		gapless(t, h, c.ID, 2+1+1+1+1+1)
	})
}

func TestInternalChange_CannotReachTheVisitor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		h := conversationtest.New(t, st)
		ana, maria := conversationtest.Agent(conversationtest.Ana), conversationtest.Visitor("maria")
		c := h.Active(t, "maria", ana.ID)
		note := said(t, h, c.ID, "segredo um", conversation.ToAgents)
		if _, err := h.Service.EditMessage(t.Context(), ana, c.ID, note, "segredo dois"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Service.ReactByAgent(t.Context(), ana, c.ID, note, "👍"); err != nil {
			t.Fatal(err)
		}
		page, err := h.Service.CatchUp(t.Context(), maria, c.ID, 99)
		if err != nil || len(page.Changed) != 0 {
			t.Errorf("the visitor is told: %+v, %v", page, err)
		}
		if got := h.Kinds(t); !strings.HasSuffix(got, "internal > internal_changed > internal_changed") {
			t.Errorf("events %q", got)
		}
		if _, err := h.Service.ReactByVisitor(t.Context(), maria, c.ID, note, "👍"); !fault.Is(err, fault.NotFound) {
			t.Errorf("the visitor reacts to an internal message: %v", err)
		}
	})
}

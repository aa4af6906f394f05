package demo

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// stage is how far a conversation is for its visitor.
type stage string

const (
	filling stage = "filling" // the form
	waiting stage = "waiting"
	active  stage = "active"
	ended   stage = "ended"
)

// talk is a visitor's conversation from the first question on.
type talk struct {
	stage stage
	topic topic
	// invite is what it came from, if it was one.
	invite *approach
	id     string
	// sequence is the last message read, of those the visitor sees.
	sequence int64
	// said counts the visitor's own messages since the first, sent makes their client ids.
	said, sent int
	asked      bool // whether somebody is still there

	// next is what will be said or done, at its time.
	next   func(ctx context.Context)
	at     time.Time
	behind bool // there may be messages that were not read
}

// attended, conversation and message are what is read of docs/protocols.md section 3.
type attended struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Online bool   `json:"online"`
}

type conversation struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

type message struct {
	Sequence int64 `json:"sequence"`
	Author   struct {
		Kind string `json:"kind"`
	} `json:"author"`
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// turnToDesk makes the guest ask for contact, if it is somebody who might; the desk has counted it as waiting.
func (g *guest) turnToDesk() bool {
	if !g.mu.TryLock() {
		return false
	}
	defer g.mu.Unlock()
	if !g.here || g.line == nil || g.token == "" || g.hidden || g.talk != nil || !g.persona.talks {
		return false
	}
	g.talk = &talk{stage: filling, topic: topics[g.dice.IntN(len(topics))]}
	g.plan(g.dice.between(4*time.Second, 10*time.Second), g.ask)
	return true
}

// plan says what to do next in the conversation; what was planned before is forgotten.
func (g *guest) plan(after time.Duration, next func(ctx context.Context)) {
	g.talk.next, g.talk.at = next, time.Now().Add(after)
	g.crowd.schedule.set(g.speech, g.talk.at)
}

// speak does what was planned.
func (g *guest) speak(ctx context.Context) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.talk
	if t == nil {
		return
	}
	if t.behind {
		g.catchUp(ctx)
	}
	if t.next != nil && !time.Now().Before(t.at) {
		next := t.next
		t.next = nil
		next(ctx)
	}
	if g.talk != nil && g.talk.next != nil {
		g.crowd.schedule.set(g.speech, g.talk.at)
	}
}

// ask opens the conversation: in the department of the topic, or in one that is attended.
func (g *guest) ask(ctx context.Context) {
	var site struct {
		Departments []attended `json:"departments"`
	}
	if g.command(ctx, http.MethodGet, "/v/site?k="+g.crowd.key, nil, &site) != nil {
		g.giveUp()
		return
	}
	open := slices.DeleteFunc(site.Departments, func(d attended) bool { return !d.Online })
	if len(open) == 0 {
		g.crowd.desk.hear(false)
		g.giveUp()
		return
	}
	to := open[g.dice.IntN(len(open))]
	question := map[string]any{
		"client_id": g.clientID(), "name": g.persona.name, "email": g.persona.email, "fields": map[string]string{},
	}
	if a := g.talk.invite; a != nil {
		question["outreach_id"] = a.ID
		if i := slices.IndexFunc(open, func(d attended) bool { return a.Department != nil && d.ID == *a.Department }); i >= 0 {
			to = open[i]
		}
	}
	g.talk.topic = topicFor(g.dice, to.Name)
	question["department_id"], question["text"] = to.ID, g.talk.topic.question
	var opened conversation
	if g.command(ctx, http.MethodPost, "/v/conversations", question, &opened) != nil {
		g.giveUp()
		return
	}
	g.persona.known = true // the server knows the name now, and so may the shop
	g.talk.id, g.talk.stage = opened.ID, waiting
	g.told(opened)
	if g.talk != nil && g.talk.stage == waiting {
		g.plan(g.patience(), g.tire)
	}
}

func (g *guest) clientID() string {
	g.talk.sent++
	return g.tab + "-" + strconv.Itoa(g.talk.sent)
}

// patience draws how long somebody waits: half of the people not long.
func (g *guest) patience() time.Duration {
	if g.dice.chance(45) {
		return g.dice.between(time.Minute, 4*time.Minute)
	}
	return g.dice.between(8*time.Minute, 16*time.Minute)
}

// tire ends the waiting: some say so, some just go.
func (g *guest) tire(ctx context.Context) {
	if g.dice.chance(50) && g.command(ctx, http.MethodPost, "/v/conversations/"+g.talk.id+"/end", nil, nil) == nil {
		g.over()
		return
	}
	g.crowd.desk.gone(time.Now())
	g.talk = nil
	g.token = "" // no farewell, and never seen again
	g.pagesLeft, g.turnAt = 0, time.Now()
	g.crowd.schedule.set(g.walk, g.turnAt)
}

// giveUp ends a talk that did not come about.
func (g *guest) giveUp() {
	g.crowd.desk.served()
	g.talk = nil
}

// over ends a talk; the visit goes on for a little while.
func (g *guest) over() {
	if g.talk.stage == filling || g.talk.stage == waiting {
		g.crowd.desk.served()
	}
	g.talk = nil
	g.pagesLeft = min(g.pagesLeft, g.dice.IntN(4))
}

// told takes the server's word on how the conversation stands.
func (g *guest) told(c conversation) {
	if g.talk == nil || g.talk.id == "" || c.ID != g.talk.id {
		return
	}
	switch {
	case c.State == string(active) && g.talk.stage == waiting:
		g.crowd.desk.served()
		g.talk.stage = active
		g.plan(g.dice.between(80*time.Second, 120*time.Second), g.wonder)
	case c.State == string(waiting) && g.talk.stage == active: // sent back to the queue
		g.crowd.desk.back()
		g.talk.stage = waiting
		g.plan(g.patience(), g.tire)
	case c.State == string(ended) || c.State == "abandoned":
		g.over()
	}
}

// read takes a message of the conversation.
func (g *guest) read(m message) {
	if g.talk == nil || m.Sequence <= g.talk.sequence {
		return
	}
	if g.talk.sequence > 0 && m.Sequence > g.talk.sequence+1 {
		g.fallBehind() // one is missing
		return
	}
	g.talk.sequence = m.Sequence
	if m.Author.Kind != "agent" || g.talk.stage != active {
		return
	}
	g.say(map[string]any{"t": "seen", "conversation": g.talk.id, "sequence": m.Sequence})
	g.plan(g.dice.between(2*time.Second, 6*time.Second), func(context.Context) { g.prepare(m.Text) })
}

// prepare shows the first words of what will be said.
func (g *guest) prepare(to string) {
	text, last := g.talk.topic.answer(g.dice, to, g.talk.said)
	g.say(map[string]any{"t": "typing", "conversation": g.talk.id, "text": beginning(text)})
	pause := 2*time.Second + time.Duration(len(text))*60*time.Millisecond
	g.plan(pause, func(ctx context.Context) { g.write(ctx, text, last) })
}

// write sends a message. After the last one, the visitor ends the conversation if the agent does not.
func (g *guest) write(ctx context.Context, text string, last bool) {
	err := g.command(ctx, http.MethodPost, "/v/conversations/"+g.talk.id+"/messages",
		map[string]string{"client_id": g.clientID(), "text": text}, nil)
	switch {
	case wontDo(err):
		g.over()
	case err != nil:
		g.talk.sent-- // the same message again
		g.plan(g.dice.between(2*time.Second, 5*time.Second), func(ctx context.Context) { g.write(ctx, text, last) })
	case last:
		g.plan(g.dice.between(15*time.Second, 90*time.Second), g.end)
	default:
		g.talk.said++
		g.plan(g.dice.between(2*time.Minute, 4*time.Minute), g.wonder)
	}
}

// wonder asks a silent agent once, and ends the conversation the second time.
func (g *guest) wonder(ctx context.Context) {
	if g.talk.asked {
		g.end(ctx)
		return
	}
	g.talk.asked = true
	g.write(ctx, stillThere[g.dice.IntN(len(stillThere))], false)
}

func (g *guest) end(ctx context.Context) {
	err := g.command(ctx, http.MethodPost, "/v/conversations/"+g.talk.id+"/end", nil, nil)
	if err != nil && !wontDo(err) {
		g.plan(g.dice.between(2*time.Second, 5*time.Second), g.end)
		return
	}
	g.over()
}

// fallBehind makes the guest ask for the messages it has not read.
func (g *guest) fallBehind() {
	if g.talk == nil || g.talk.id == "" {
		return
	}
	g.talk.behind = true
	g.crowd.schedule.set(g.speech, time.Now())
}

// catchUp asks for everything after the last message read.
func (g *guest) catchUp(ctx context.Context) {
	var answer struct {
		Conversation conversation `json:"conversation"`
		Messages     []message    `json:"messages"`
	}
	path := "/v/conversations/" + g.talk.id + "?after=" + strconv.FormatInt(g.talk.sequence, 10)
	err := g.command(ctx, http.MethodGet, path, nil, &answer)
	if wontDo(err) {
		g.over()
		return
	}
	if err != nil {
		return // the next welcome tries again
	}
	g.talk.behind = false
	g.told(answer.Conversation)
	for _, m := range answer.Messages {
		g.read(m)
	}
}

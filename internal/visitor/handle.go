package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/edge"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/text"
	"github.com/aceno-chat/aceno/internal/site"
)

var _ edge.Handler = (*Live)(nil)

// Admit decides on a connection by the site's key (query k) and the page's origin: the site's domains, and our own host for the chat's
// own page. Errors: site_unknown, origin_refused.
func (l *Live) Admit(r *http.Request) (any, error) {
	s, ok := l.options.Sites.ByKey(r.Context(), r.URL.Query().Get("k"))
	if !ok || !s.Active {
		return nil, fault.New(fault.SiteUnknown)
	}
	origin := r.Header.Get("Origin")
	if !site.AllowsOrigin(s, origin) && !site.IsOwnOrigin(origin, r.Host) {
		return nil, fault.New(fault.OriginRefused)
	}
	if origin == "null" { // sandboxed and local pages: only where every origin is allowed
		origin = ""
	}
	return &Tab{live: l, origin: &Origin{Site: s, IP: l.options.ClientAddr(r), UserAgent: r.UserAgent(), Page: origin, Signals: signalsOf(r.Header)}}, nil
}

// signalsOf reads the wishes that browsers send: DNT, and Sec-GPC (https://www.w3.org/TR/gpc/).
func signalsOf(h http.Header) site.Signals {
	return site.Signals{DNT: h.Get("DNT") == "1", GPC: h.Get("Sec-GPC") == "1"}
}

// Frame takes a frame of a visitor (docs/protocols.md section 3).
func (l *Live) Frame(c *edge.Conn, data []byte) {
	if t, ok := c.Value().(*Tab); ok {
		l.frame(t, c, data)
	}
}

// Closed takes the connection's page out of its visit.
func (l *Live) Closed(c *edge.Conn) {
	if t, ok := c.Value().(*Tab); ok {
		t.Close()
	}
}

// inbound is every field of every client frame.
type inbound struct {
	T string `json:"t"`
	Hello
	Conversation string `json:"conversation"`
	Text         string `json:"text"`
	Sequence     int64  `json:"sequence"`
	// ID and State are of an acknowledgement.
	ID    string `json:"id"`
	State string `json:"state"`
	// Page is of an answer to watch.
	Page int32 `json:"page"`
}

func (l *Live) frame(t *Tab, c Connection, data []byte) {
	var in inbound
	if err := json.Unmarshal(data, &in); err != nil {
		c.Close(edge.CodeProtocol, "malformed frame")
		return
	}
	if (in.T == "hello") != (t.visit == nil) {
		c.Close(edge.CodeProtocol, "hello is the first frame, once")
		return
	}
	if t.visit == nil {
		l.hello(t, c, in)
		return
	}
	present, err := l.take(t, in)
	switch {
	case err != nil:
		l.refuse(t, c, in, err)
	case !present: // it said goodbye and was forgotten, but is there after all
		c.Close(edge.CodeRestart, "say hello again")
	}
}

// hello enters the visit. A hello that is refused ends the connection: nothing could follow.
func (l *Live) hello(t *Tab, c Connection, in inbound) {
	origin := t.origin
	s := origin.Site
	t.conn = c
	if err := t.enter(in.Hello); err != nil {
		t.conn = nil
		l.refuseIn(text.Language(s.Language), c, in, err)
		code := edge.CodeProtocol
		if fault.Is(err, fault.Unavailable) || fault.Is(err, fault.RateLimited) {
			code = edge.CodeBusy
		}
		c.Close(code, string(fault.CodeOf(err)))
		return
	}
	c.Greeted()
	v := t.Visit()
	welcome := outbound{T: "welcome", Token: l.tokenOf(v), Visit: v.ID, Online: l.options.Online(v.AccountID), Language: s.Language, Keep: !v.Limited, Widget: s.Settings.Look()}
	if summary, ok := l.conversations.Open(context.Background(), v.AccountID, v.VisitorID, v.SiteID); ok {
		welcome.Conversation = summary
	}
	l.send(c, welcome)
	if privacy := s.Settings.Privacy; v.Limited && in.Consent == nil && privacy.Asks(origin.Signals) {
		l.send(c, question{T: "consent", ID: "notice", PolicyURL: privacy.PolicyURL})
	}
	if !in.Hidden {
		l.offer(t)
	}
}

// question has the page ask the visitor for consent.
type question struct {
	T         string `json:"t" enum:"consent"`
	ID        string `json:"id" enum:"notice"`
	PolicyURL string `json:"policy_url"`
}

// offer gives a page what was sent to its visitor and has no answer, unless another page that is still open has it.
func (l *Live) offer(t *Tab) {
	v := t.visit
	frame, ok := l.conversations.Outreach(v.visitorID())
	if !ok {
		return
	}
	v.shard.mu.Lock()
	mine := v.receiving == "" || v.receiving == t.id || v.tab(v.receiving) == nil
	if mine {
		v.receiving = t.id
	}
	v.shard.mu.Unlock()
	if mine {
		l.send(t.conn, frame)
	}
}

// take acts on a frame after the hello. present is false when the visit is over.
func (l *Live) take(t *Tab, in inbound) (present bool, err error) {
	switch in.T {
	case "page":
		return t.Page(in.URL, in.Title, in.Referrer)
	case "activity":
		return t.Activity(), nil
	case "hidden":
		present := t.Hide(in.Hidden)
		if present && !in.Hidden {
			l.offer(t)
		}
		return present, nil
	case "identify":
		return t.Identify(in.Told)
	case "typing":
		return true, l.typing(t.Visit(), in)
	case "seen":
		return true, l.seen(t.Visit(), in)
	case "outreach":
		return true, l.acknowledge(t.Visit(), in)
	case "met":
		return true, l.met(t.Visit(), in)
	}
	return true, fault.New(fault.ProtocolError)
}

func (l *Live) typing(v *Visit, in inbound) error {
	if len([]rune(in.Text)) > MaxTyping {
		return fault.Invalid(fault.Field{Name: "text", Code: fault.FieldTooLong, Limit: MaxTyping})
	}
	if !ident.Valid(in.Conversation) {
		return fault.Invalid(fault.Field{Name: "conversation", Code: fault.FieldInvalid})
	}
	l.signals.put(signal{
		kind: signalTyping, accountID: v.AccountID, visitorID: v.VisitorID, conversationID: in.Conversation, text: cleanLines(in.Text),
	})
	return nil
}

func (l *Live) seen(v *Visit, in inbound) error {
	if !ident.Valid(in.Conversation) {
		return fault.Invalid(fault.Field{Name: "conversation", Code: fault.FieldInvalid})
	}
	if in.Sequence < 0 {
		return fault.Invalid(fault.Field{Name: "sequence", Code: fault.FieldTooSmall, Limit: 0})
	}
	l.signals.put(signal{
		kind: signalSeen, accountID: v.AccountID, visitorID: v.VisitorID, conversationID: in.Conversation, sequence: in.Sequence,
	})
	return nil
}

// acknowledge takes what the page says of something sent to it.
func (l *Live) acknowledge(v *Visit, in inbound) error {
	if !ident.Valid(in.ID) {
		return fault.Invalid(fault.Field{Name: "id", Code: fault.FieldInvalid})
	}
	if !slices.Contains(acknowledgements, in.State) {
		return fault.Invalid(fault.Field{Name: "state", Code: fault.FieldNotAllowed, Limit: strings.Join(acknowledgements, ", ")})
	}
	l.signals.put(signal{kind: signalOutreach, accountID: v.AccountID, visitorID: v.VisitorID, conversationID: in.ID, text: in.State})
	return nil
}

// acknowledgements are what a page may say of something sent to it.
var acknowledgements = []string{"delivered", "shown", "accepted", "refused", "clicked", "expired", "failed"}

// outbound is the frames this package sends.
type outbound struct {
	T      string `json:"t"`
	Token  string `json:"token"`
	Visit  string `json:"visit"`
	Online bool   `json:"online"`
	// Keep allows the page to keep something on the device.
	Keep         bool      `json:"keep"`
	Conversation any       `json:"conversation"`
	Language     string    `json:"language"`
	Widget       site.Look `json:"widget"`
}

type refusal struct {
	T       string       `json:"t"`
	Ref     string       `json:"ref"`
	Problem *api.Problem `json:"problem"`
}

func (l *Live) refuse(t *Tab, c Connection, in inbound, err error) {
	language := text.English
	if s, ok := l.options.Sites.ByID(t.Visit().SiteID); ok {
		language = text.Language(s.Language)
	}
	l.refuseIn(language, c, in, err)
}

// refuseIn sends an error frame in a language.
func (l *Live) refuseIn(language text.Language, c Connection, in inbound, err error) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		l.options.Logger.LogAttrs(context.Background(), slog.LevelError, "visitor: frame failed", slog.String("frame", in.T), slog.Any("error", err))
		f = fault.Wrap(fault.Internal, err)
	}
	l.send(c, refusal{T: "error", Ref: cut(clean(in.T), 20), Problem: api.NewProblem(language, "", f)})
}

func (l *Live) send(c Connection, frame any) {
	data, err := json.Marshal(frame)
	if err != nil {
		l.options.Logger.LogAttrs(context.Background(), slog.LevelError, "visitor: frame not encoded", slog.Any("error", err))
		return
	}
	c.Send(data)
}

// met takes the page's word that what it was asked to watch for has happened.
func (l *Live) met(v *Visit, in inbound) error {
	if !ident.Valid(in.ID) {
		return fault.Invalid(fault.Field{Name: "id", Code: fault.FieldInvalid})
	}
	if l.options.Met != nil {
		l.options.Met(v.VisitorID, in.ID, in.Page)
	}
	return nil
}

package outreach

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/platform/api"
)

// Kind is what is sent.
type Kind string

// The kinds. Invites and promotions come from templates.
const (
	Invite    Kind = "invite"
	Promotion Kind = "promotion"
	// Redirect takes the visitor to an address typed on the spot.
	Redirect Kind = "redirect"
	// OpenChat opens the chat on the page; only triggers do.
	OpenChat Kind = "open"
	// TeamMessage is a text in the name of the team, beside the launcher; only triggers send it.
	TeamMessage Kind = "message"
)

// Kinds returns every kind.
func Kinds() []Kind { return []Kind{Invite, Promotion, Redirect, OpenChat, TeamMessage} }

// State is how far a delivery has come (B04).
type State string

// The states. From Accepted on they are final.
const (
	Queued    State = "queued"
	Delivered State = "delivered"
	Shown     State = "shown"
	Accepted  State = "accepted"
	Refused   State = "refused"
	Clicked   State = "clicked"
	Expired   State = "expired"
	Failed    State = "failed"
)

// States returns every state in order.
func States() []State {
	return []State{Queued, Delivered, Shown, Accepted, Refused, Clicked, Expired, Failed}
}

// Pending says whether the delivery still waits for its answer.
func (s State) Pending() bool { return s == Queued || s == Delivered || s == Shown }

// answers says which states the page may bring a delivery of each kind to, besides Delivered and Shown.
var answers = map[Kind][]State{
	Invite:      {Accepted, Refused, Expired, Failed},
	Promotion:   {Clicked, Refused, Expired, Failed},
	Redirect:    {Accepted, Failed},
	OpenChat:    {Accepted, Failed},
	TeamMessage: {Accepted, Refused, Expired, Failed},
}

// Allowed says whether a page's word may bring a delivery of the kind from one state to the other: forward only, and to an
// answer that the kind has.
func Allowed(kind Kind, from, to State) bool {
	switch to {
	case Queued:
		return false
	case Delivered:
		return from == Queued
	case Shown:
		return from == Queued || from == Delivered
	default:
		return from.Pending() && slices.Contains(answers[kind], to)
	}
}

// Sender is who sends.
type Sender string

// The senders.
const (
	ByAgent   Sender = "agent"
	ByTrigger Sender = "trigger"
)

// Delivery is one sending to one visitor. Times are milliseconds UTC.
type Delivery struct {
	ID           string  `json:"id"`
	Kind         Kind    `json:"kind" enum:"invite,promotion,redirect,open,message"`
	State        State   `json:"state" enum:"queued,delivered,shown,accepted,refused,clicked,expired,failed"`
	SiteID       string  `json:"site_id"`
	VisitorID    string  `json:"visitor_id"`
	VisitID      string  `json:"visit_id"`
	TemplateID   *string `json:"template_id"`
	TemplateName string  `json:"template_name" doc:"As it was called then; empty for what has no template."`
	DepartmentID *string `json:"department_id"`
	// AgentID is who sent it; null for what a trigger sent.
	AgentID        *string `json:"agent_id"`
	TriggerID      *string `json:"trigger_id"`
	ConversationID *string `json:"conversation_id" doc:"The conversation it led to."`
	URL            string  `json:"url" doc:"Where a promotion or a redirect leads; empty for the others."`
	QueuedAt       int64   `json:"queued_at"`
	ExpiresAt      int64   `json:"expires_at" doc:"Until when it must have reached the page."`
	DeliveredAt    *int64  `json:"delivered_at"`
	ShownAt        *int64  `json:"shown_at"`
	EndedAt        *int64  `json:"ended_at"`
	Version        int64   `json:"version"`
	// PerVisit is how many deliveries the visit had, this one included.
	PerVisit int `json:"per_visit"`

	accountID string
	agentName string
	content   Content
}

// AccountID returns the account; empty for a delivery read from an event's payload.
func (d Delivery) AccountID() string { return d.accountID }

// Image is a picture as pages need it.
type Image struct {
	ID     string `json:"id"`
	URL    string `json:"url" doc:"Relative to the installation."`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// FrameImage is a picture in a frame.
type FrameImage struct {
	URL    string `json:"url"`
	Alt    string `json:"alt"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// FrameAgent names the inviting agent to the visitor.
type FrameAgent struct {
	Name string `json:"name"`
}

// Content is what the visitor gets to see, settled when it is sent: a template that changes later changes nothing on its way.
type Content struct {
	Style     Style       `json:"style" enum:"card,image"`
	Title     string      `json:"title"`
	Text      string      `json:"text"`
	Button    string      `json:"button"`
	Image     *FrameImage `json:"image"`
	Link      string      `json:"link" doc:"Where a promotion leads."`
	URL       string      `json:"url" doc:"Where a redirect leads."`
	Position  Position    `json:"position" enum:"bottom_right,bottom_left,top_right,top_left,center"`
	Animation Animation   `json:"animation" enum:"none,fade,slide,bounce"`
	Seconds   int         `json:"seconds" doc:"0: it stays until it is answered."`
	// Department is preselected in the chat; null: the visitor chooses.
	Department *string `json:"department"`
}

// Frame is the visitor's frame `outreach`.
type Frame struct {
	T    string `json:"t" enum:"outreach"`
	ID   string `json:"id"`
	Kind Kind   `json:"kind" enum:"invite,promotion,redirect,open,message"`
	Content

	Agent *FrameAgent `json:"agent"`
}

func (d Delivery) frame() Frame {
	f := Frame{T: "outreach", ID: d.ID, Kind: d.Kind, Content: d.content}
	if d.AgentID != nil && d.agentName != "" {
		f.Agent = &FrameAgent{Name: d.agentName}
	}
	return f
}

// TransformSchema is called by huma.
func (Frame) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return api.OrNull(s, "image", "agent")
}

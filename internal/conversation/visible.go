package conversation

import "github.com/aceno-chat/aceno/internal/file"

// What a visitor may know stands in this file and nowhere else: every type below is built field by field from the list of
// what is allowed, so that a new field of a conversation or message reaches nobody before it is named here (B14).

// VisitorConversation is a conversation as its visitor sees it.
type VisitorConversation struct {
	ID         string            `json:"id"`
	Number     int64             `json:"number"`
	State      State             `json:"state" enum:"waiting,active,ended,abandoned"`
	Department VisitorDepartment `json:"department"`
	Agent      *VisitorAgent     `json:"agent"`
	// Position is the place in the department's queue from 1; null when not waiting.
	Position *int64 `json:"position"`
	// Estimate is how long it may still take; null when not waiting, or when too little is known.
	Estimate *Estimate `json:"estimate"`
	// LastSequence is the newest visitor sequence.
	LastSequence      int64  `json:"last_sequence"`
	AgentSeenSequence int64  `json:"agent_seen_sequence"`
	QueueEnteredAt    int64  `json:"queue_entered_at"`
	EndedBy           *Party `json:"ended_by" enum:"agent,visitor,system"`
	// ContactOffered says that the wait is long: the chat shows the way to the contact form, and the visitor may wait on.
	ContactOffered bool `json:"contact_offered" doc:"The wait is long: the contact form is there. Waiting goes on."`
	// Rating is the visitor's own answer to the survey.
	Rating *int `json:"rating" doc:"the answer to the survey, 1 to 5; null before"`
}

// VisitorDepartment names a department to a visitor.
type VisitorDepartment struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// VisitorAgent names an agent to a visitor.
type VisitorAgent struct {
	Name string `json:"name"`
	// Photo and Portrait are addresses relative to the installation (T153).
	Photo    string `json:"photo" doc:"Shown at 61 by 61; empty if none."`
	Portrait string `json:"portrait" doc:"Shown at 150 by 200; empty if none."`
}

// VisitorMessage is a message as the visitor sees it.
type VisitorMessage struct {
	ID string `json:"id"`
	// Sequence is the visitor sequence.
	Sequence int64          `json:"sequence"`
	ClientID string         `json:"client_id" doc:"the visitor's own client id; of others' messages the message's id"`
	Kind     MessageKind    `json:"kind" enum:"text,file,system"`
	Author   VisitorAuthor  `json:"author"`
	Text     string         `json:"text"`
	File     *VisitorFile   `json:"file"`
	System   *VisitorSystem `json:"system"`
	At       int64          `json:"at"`
	// ReplyTo is the visitor sequence of what the message answers.
	ReplyTo   *int64            `json:"reply_to,omitempty" doc:"the sequence of the message that is quoted; absent when none is"`
	Revision  int64             `json:"revision,omitempty" doc:"how often it was changed after sending; of two copies the greater is newer"`
	Edited    bool              `json:"edited,omitempty"`
	Deleted   bool              `json:"deleted,omitempty" doc:"taken back by its author; text and file are then empty"`
	Reactions []VisitorReaction `json:"reactions,omitempty"`
}

// VisitorReaction is a reaction without the identifier of whose it is.
type VisitorReaction struct {
	Emoji string `json:"emoji"`
	By    Party  `json:"by" enum:"visitor,agent"`
}

// VisitorAuthor is who wrote a message, without an identifier.
type VisitorAuthor struct {
	Kind Party  `json:"kind" enum:"visitor,agent,system"`
	Name string `json:"name"`
}

// VisitorFile is a file with an address that works for file.LinkLife.
type VisitorFile struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	URL         string `json:"url" doc:"signed, relative to the installation; works for 24 hours"`
}

// VisitorSystem is a system message with the parameters a visitor may know.
type VisitorSystem struct {
	Key    string            `json:"key" enum:"queued,joined,ended,returned,abandoned,transferred,requeued,entered,left,warned"`
	Params map[string]string `json:"params"`
}

// visitorParams lists which parameters of which system message a visitor may know. Why an agent gave a conversation back
// is not among them.
var visitorParams = map[string][]string{
	SystemQueued:    nil,
	SystemJoined:    {"agent"},
	SystemEnded:     {"by", "inactive"},
	SystemReturned:  nil,
	SystemAbandoned: nil,

	SystemTransferred: {"agent"},
	SystemRequeued:    {"department"},
	SystemEntered:     {"agent"},
	SystemLeft:        {"agent"},
	SystemWarned:      {"minutes"},
}

// Names are what a visitor is told of identifiers.
type Names struct {
	Department string `json:"department"`
	// Agent is empty while the conversation has none, the photos while the agent has none.
	Agent         string `json:"agent"`
	AgentPhoto    string `json:"agent_photo,omitempty"`
	AgentPortrait string `json:"agent_portrait,omitempty"`
}

// visibleConversation builds what the visitor sees. position is 0 when not waiting or unknown.
func visibleConversation(c Conversation, n Names, position int64) VisitorConversation {
	v := VisitorConversation{
		ID: c.ID, Number: c.Number, State: c.State,
		Department:   VisitorDepartment{ID: c.DepartmentID, Name: n.Department},
		LastSequence: c.LastVisitorSequence, AgentSeenSequence: c.AgentSeenSequence,
		QueueEnteredAt: c.QueueEnteredAt, EndedBy: c.EndedBy, Rating: c.Rating,
	}
	if c.AgentID != nil {
		v.Agent = &VisitorAgent{Name: n.Agent, Photo: n.AgentPhoto, Portrait: n.AgentPortrait}
	}
	v.ContactOffered = c.State == Waiting && c.ContactOfferedAt != nil
	if c.State == Waiting && position > 0 {
		v.Position = &position
	}
	return v
}

// visibleMessage builds what the visitor sees; false for a message that is not for visitors. fileURL is the visitor's
// signed address of the message's file.
func visibleMessage(m Message, fileURL string) (VisitorMessage, bool) {
	if m.Audience != ToVisitor || m.VisitorSequence == nil {
		return VisitorMessage{}, false
	}
	v := VisitorMessage{
		ID: m.ID, Sequence: *m.VisitorSequence, ClientID: m.ID, Kind: m.Kind,
		Author: VisitorAuthor{Kind: m.Author.Kind, Name: m.Author.Name}, Text: m.Text, At: m.At,
	}
	if m.Author.Kind == ByVisitor {
		v.ClientID = m.ClientID
	}
	if m.ReplyTo != nil {
		v.ReplyTo = m.ReplyTo.VisitorSequence
	}
	v.Revision, v.Edited, v.Deleted = m.Revision, m.EditedAt != nil, m.DeletedAt != nil
	for _, r := range m.Reactions {
		v.Reactions = append(v.Reactions, VisitorReaction{Emoji: r.Emoji, By: r.By})
	}
	if m.File != nil {
		v.File = &VisitorFile{Name: m.File.Name, ContentType: m.File.ContentType, Size: m.File.Size, URL: fileURL}
	}
	if m.System != nil {
		v.System = &VisitorSystem{Key: m.System.Key, Params: map[string]string{}}
		for _, name := range visitorParams[m.System.Key] {
			if value, ok := m.System.Params[name]; ok {
				v.System.Params[name] = value
			}
		}
	}
	return v, true
}

// visitorFileURL is the signed address of the message's file for its visitor, empty without one.
func (s *Service) visitorFileURL(m Message) string {
	if m.File == nil || m.Audience != ToVisitor {
		return ""
	}
	return s.files.VisitorURL(m.File.ID, file.ForVisitor)
}

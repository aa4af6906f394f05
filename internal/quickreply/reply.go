package quickreply

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of quick replies, in characters and in replies.
const (
	TitleMax    = 80
	ShortcutMax = 32
	FolderMax   = 60
	TextMax     = 5000
	// AccountMax and AgentMax are how many an account and an agent may have.
	AccountMax = 1000
	AgentMax   = 200
)

// Share is who else may use a reply.
type Share string

// The shares. The account's own replies are never Private.
const (
	Private    Share = "nobody"
	Department Share = "department"
	Everybody  Share = "everybody"
)

// Reply is a prepared text.
type Reply struct {
	ID string `json:"id" format:"uuid"`
	// AgentID is whose it is; null for the account's.
	AgentID *string `json:"agent_id" doc:"whose it is; null for one of the account's, which administrators write"`
	Title   string  `json:"title" maxLength:"80"`
	// Shortcut is what is typed after a slash; empty for none. It is unique among its owner's.
	Shortcut     string  `json:"shortcut" maxLength:"32"`
	Folder       string  `json:"folder" maxLength:"60" doc:"empty for none"`
	Text         string  `json:"text" maxLength:"5000"`
	Share        Share   `json:"share" enum:"nobody,department,everybody"`
	DepartmentID *string `json:"department_id" doc:"with whom it is shared, when share is department"`
	Uses         int64   `json:"uses" doc:"how often it was inserted"`
	Version      int64   `json:"version"`
	UpdatedAt    int64   `json:"updated_at"`
}

// owner returns the agent whose reply it is, "" for the account's.
func (r Reply) owner() string {
	if r.AgentID == nil {
		return ""
	}
	return *r.AgentID
}

// Actor is an agent who uses or writes replies.
type Actor struct {
	AccountID, AgentID string
	DepartmentIDs      map[string]bool
	// All is set for those who see every department.
	All bool
	// Manages is set for those who write the account's replies.
	Manages bool
}

// MayUse says whether the agent may insert a reply.
func (a Actor) MayUse(r Reply) bool {
	if r.owner() == a.AgentID || r.Share == Everybody || (r.AgentID == nil && a.Manages) {
		return true
	}
	return r.Share == Department && r.DepartmentID != nil && (a.All || a.DepartmentIDs[*r.DepartmentID])
}

// mayWrite says whether the agent may change a reply.
func (a Actor) mayWrite(r Reply) bool {
	if r.AgentID == nil {
		return a.Manages
	}
	return *r.AgentID == a.AgentID
}

var shortcutForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}_-]*$`)

// check returns the reply as it will be stored. departments says which departments of the account there are.
func (r Reply) check(departments func(id string) bool) (Reply, error) {
	var c field.Check
	r.Title = c.Line("title", r.Title, 1, TitleMax)
	r.Folder = c.Line("folder", r.Folder, 0, FolderMax)
	r.Text = c.Text("text", r.Text, 1, TextMax)
	r.Shortcut = strings.ToLower(strings.TrimPrefix(norm.NFC.String(strings.TrimSpace(r.Shortcut)), "/"))
	r.Shortcut = c.Line("shortcut", r.Shortcut, 0, ShortcutMax)
	if r.Shortcut != "" && !shortcutForm.MatchString(r.Shortcut) {
		c.Refuse("shortcut", fault.FieldInvalid, nil)
	}
	if r.AgentID == nil {
		field.OneOf(&c, "share", r.Share, Department, Everybody)
	} else {
		field.OneOf(&c, "share", r.Share, Private, Department, Everybody)
	}
	switch {
	case r.Share != Department:
		r.DepartmentID = nil
	case r.DepartmentID == nil:
		c.Refuse("department_id", fault.FieldRequired, nil)
	case !departments(*r.DepartmentID):
		c.Refuse("department_id", fault.FieldUnknown, nil)
	}
	return r, c.Err()
}

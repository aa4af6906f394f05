package agent

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/ident"
)

// Limits of an agent's fields.
const (
	NameMax         = 80
	LoginMin        = 2
	LoginMax        = 64
	PasswordMin     = 8
	PasswordMax     = 128
	DepartmentsMax  = 200
	LimitMin        = 1
	LimitMax        = 50
	LimitDefault    = 5
	PhoneMax        = 40
	LanguagesMax    = 20
	SkillsMax       = 30
	SkillMax        = 40       // characters
	PreferencesMax  = 16 << 10 // bytes of compact JSON
	preferencesDeep = 12
)

// Status is what an agent wishes to be (T014). Only the agent sets it; see Presence for what comes of it.
type Status string

// The statuses and their effects (T015).
const (
	// Online receives from the roulette, may pull, and makes its departments attended.
	Online Status = "online"
	// Busy keeps its conversations and may pull, receives nothing, and makes no department attended.
	Busy Status = "busy"
	// Offline is absent.
	Offline Status = "offline"
)

// Statuses returns every status.
func Statuses() []Status { return []Status{Online, Busy, Offline} }

// Method is how conversations reach an agent (T056).
type Method string

// The methods.
const (
	Manual   Method = "manual"
	Roulette Method = "roulette"
	Both     Method = "both"
)

// Methods returns every method.
func Methods() []Method { return []Method{Manual, Roulette, Both} }

// Agent is a person who attends.
type Agent struct {
	ID string `json:"id" format:"uuid"`
	// AccountID is not sent: whoever receives an agent belongs to its account.
	AccountID string      `json:"-"`
	Login     string      `json:"login" doc:"In lower case, unique in the installation."`
	Name      string      `json:"name" maxLength:"80"`
	Email     string      `json:"email" maxLength:"254"`
	Phone     string      `json:"phone" maxLength:"40" doc:"As the agent writes it; empty if none."`
	Role      access.Role `json:"role" enum:"administrator,supervisor,agent"`
	Active    bool        `json:"active" doc:"An inactive agent cannot sign in."`
	Status    Status      `json:"status" enum:"online,busy,offline" doc:"What the agent wishes."`
	// Present is not stored: not offline by wish, and connected within the last 30 s.
	Present       bool     `json:"present" doc:"Not offline by wish, and connected."`
	DepartmentIDs []string `json:"department_ids" nullable:"false" doc:"The departments the agent serves."`
	Method        Method   `json:"method" enum:"manual,roulette,both" doc:"Takes from the queue, receives from the roulette, or both."`
	// Languages and Skills are what routing prefers the agent for (P02).
	Languages []string `json:"languages" nullable:"false" doc:"Languages the agent speaks, as pt or zh."`
	Skills    []string `json:"skills" nullable:"false" doc:"What the agent is good at, in lower case, given by administrators."`
	// PhotoURL and PortraitURL show the agent to visitors (T153), in the widget and in the pop-up.
	PhotoURL    string `json:"photo_url" doc:"Square, shown at 61 by 61; empty if none."`
	PortraitURL string `json:"portrait_url" doc:"Upright, shown at 150 by 200; empty if none."`
	// ConversationLimit is how many conversations the agent attends at the same time.
	ConversationLimit int `json:"conversation_limit" minimum:"1" maximum:"50"`
	// ActiveConversations is not stored.
	ActiveConversations int    `json:"active_conversations" minimum:"0"`
	LastAccessAt        *int64 `json:"last_access_at" doc:"Milliseconds UTC, to within five minutes; null if never."`
	// FirstConnectionAt is of today in the account's time zone (T006).
	FirstConnectionAt *int64 `json:"first_connection_at" doc:"Of today in the account's time zone, milliseconds UTC; null if none."`
}

// Can says whether the agent's role holds p.
func (a Agent) Can(p access.Permission) bool { return access.Allows(a.Role, p) }

// Serves says whether the agent is linked to the department.
func (a Agent) Serves(departmentID string) bool {
	return slices.Contains(a.DepartmentIDs, departmentID)
}

// byName orders agents as people see them.
func byName(a, b Agent) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
}

// New is what an agent is made of.
type New struct {
	Login, Name, Email, Password string
	Role                         access.Role
	DepartmentIDs                []string
	// Method is Both when empty.
	Method Method
	// ConversationLimit is LimitDefault when 0.
	ConversationLimit int
	Phone             string
	Languages, Skills []string
}

// Check returns n as it will be stored, or a Validation error that names the fields.
func (n New) Check() (New, error) {
	var c field.Check
	n.Login = checkLogin(&c, n.Login)
	n.Name = c.Line("name", n.Name, 1, NameMax)
	n.Email = c.Email("email", n.Email)
	n.Password = checkPassword(&c, "password", n.Password)
	field.OneOf(&c, "role", n.Role, access.Roles()...)
	n.Method = cmp.Or(n.Method, Both)
	field.OneOf(&c, "method", n.Method, Methods()...)
	n.ConversationLimit = cmp.Or(n.ConversationLimit, LimitDefault)
	c.Between("conversation_limit", n.ConversationLimit, LimitMin, LimitMax)
	n.DepartmentIDs = checkDepartments(&c, n.DepartmentIDs)
	n.Phone = c.Line("phone", n.Phone, 0, PhoneMax)
	n.Languages = checkLanguages(&c, n.Languages)
	n.Skills = checkSkills(&c, n.Skills)
	return n, c.Err()
}

// Changes says what to change; nil leaves a field as it is.
type Changes struct {
	Login, Name, Email, Password *string
	Role                         *access.Role
	Active                       *bool
	Method                       *Method
	ConversationLimit            *int
	// DepartmentIDs replaces the links; an empty slice removes them all.
	DepartmentIDs []string
	Phone         *string
	// Languages and Skills replace what was there.
	Languages, Skills []string
}

func (c *Changes) check() error {
	var f field.Check
	line := func(value *string, check func(string) string) *string {
		if value == nil {
			return nil
		}
		checked := check(*value)
		return &checked
	}
	c.Login = line(c.Login, func(s string) string { return checkLogin(&f, s) })
	c.Name = line(c.Name, func(s string) string { return f.Line("name", s, 1, NameMax) })
	c.Email = line(c.Email, func(s string) string { return f.Email("email", s) })
	c.Password = line(c.Password, func(s string) string { return checkPassword(&f, "password", s) })
	if c.Role != nil {
		field.OneOf(&f, "role", *c.Role, access.Roles()...)
	}
	if c.Method != nil {
		field.OneOf(&f, "method", *c.Method, Methods()...)
	}
	if c.ConversationLimit != nil {
		f.Between("conversation_limit", *c.ConversationLimit, LimitMin, LimitMax)
	}
	if c.DepartmentIDs != nil {
		c.DepartmentIDs = checkDepartments(&f, c.DepartmentIDs)
	}
	c.Phone = line(c.Phone, func(s string) string { return f.Line("phone", s, 0, PhoneMax) })
	if c.Languages != nil {
		c.Languages = checkLanguages(&f, c.Languages)
	}
	if c.Skills != nil {
		c.Skills = checkSkills(&f, c.Skills)
	}
	return f.Err()
}

var loginShape = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._@+-]*$`)

// foldLogin is how a login is compared and stored: case does not matter.
func foldLogin(login string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(login)))
}

func checkLogin(c *field.Check, login string) string {
	login = foldLogin(login)
	switch n := utf8.RuneCountInString(login); {
	case n == 0:
		c.Refuse("login", fault.FieldRequired, nil)
	case n < LoginMin:
		c.Refuse("login", fault.FieldTooShort, LoginMin)
	case n > LoginMax:
		c.Refuse("login", fault.FieldTooLong, LoginMax)
	case !utf8.ValidString(login) || !loginShape.MatchString(login):
		c.Refuse("login", fault.FieldInvalid, nil)
	}
	return login
}

// checkPassword returns the password in its composed form, so that it is the same from every keyboard. Nothing is trimmed.
func checkPassword(c *field.Check, name, password string) string {
	password = foldPassword(password)
	switch n := utf8.RuneCountInString(password); {
	case n == 0:
		c.Refuse(name, fault.FieldRequired, nil)
	case n < PasswordMin:
		c.Refuse(name, fault.FieldTooShort, PasswordMin)
	case n > PasswordMax:
		c.Refuse(name, fault.FieldTooLong, PasswordMax)
	}
	return password
}

func foldPassword(password string) string { return norm.NFC.String(password) }

// checkDepartments returns each identifier once. Whether they exist is asked in the write.
func checkDepartments(c *field.Check, ids []string) []string {
	if len(ids) > DepartmentsMax {
		c.Refuse("department_ids", fault.FieldTooMany, DepartmentsMax)
		return nil
	}
	unique := make([]string, 0, len(ids))
	for _, id := range ids {
		if !ident.Valid(id) {
			c.Refuse("department_ids", fault.FieldUnknown, nil)
			return nil
		}
		if !slices.Contains(unique, id) {
			unique = append(unique, id)
		}
	}
	return unique
}

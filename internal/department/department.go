package department

import (
	"cmp"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/field"
)

// Limits of a department's fields.
const (
	NameMax        = 60
	DescriptionMax = 400
	EmailMax       = 254
	PositionMax    = 1000
)

// Department is a group of agents with a queue of its own.
type Department struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name" maxLength:"60" doc:"Internal name, unique in the account."`
	// DisplayName is what visitors see; never empty.
	DisplayName string `json:"display_name" maxLength:"60" doc:"What visitors see."`
	Description string `json:"description" maxLength:"400" doc:"What visitors read beside it."`
	// Email receives what visitors leave when nobody attends (T183).
	Email    string `json:"email" maxLength:"254" doc:"Receives contact requests; empty for nobody."`
	Position int    `json:"position" minimum:"0" maximum:"1000" doc:"Departments are shown by position, then by name."`
	Active   bool   `json:"active" doc:"An inactive department is not offered to visitors."`
	// Settings is how it works.
	Settings Settings `json:"settings"`
	// Open is not stored: its hours include this moment.
	Open bool `json:"open" doc:"Its hours include this moment."`
	// Online is not stored: the department is active and open, and somebody able is present now.
	Online bool `json:"online" doc:"It is open and somebody able to attend is present: visitors may start a conversation."`
}

// New is what a department is made of.
type New struct {
	Name string
	// DisplayName may be empty: visitors then see the name.
	DisplayName string
	Description string
	// Email may be empty.
	Email string
	// Position nil puts the department behind the others.
	Position *int
}

// Check returns n as it will be stored, or a Validation error that names the fields.
func (n New) Check() (New, error) {
	var c field.Check
	n.Name = c.Line("name", n.Name, 1, NameMax)
	n.DisplayName = c.Line("display_name", n.DisplayName, 0, NameMax)
	n.DisplayName = cmp.Or(n.DisplayName, n.Name)
	n.Description = c.Text("description", n.Description, 0, DescriptionMax)
	n.Email = checkEmail(&c, n.Email)
	if n.Position != nil {
		c.Between("position", *n.Position, 0, PositionMax)
	}
	return n, c.Err()
}

// Changes says what to change; nil leaves a field as it is.
type Changes struct {
	Name        *string
	DisplayName *string
	Description *string
	// Email "" takes the address away.
	Email    *string
	Position *int
	Active   *bool
	// Settings nil leaves all of them.
	Settings *SettingsChanges
}

func (c *Changes) check() error {
	var f field.Check
	if c.Name != nil {
		name := f.Line("name", *c.Name, 1, NameMax)
		c.Name = &name
	}
	if c.DisplayName != nil {
		display := f.Line("display_name", *c.DisplayName, 1, NameMax)
		c.DisplayName = &display
	}
	if c.Description != nil {
		description := f.Text("description", *c.Description, 0, DescriptionMax)
		c.Description = &description
	}
	if c.Email != nil {
		email := checkEmail(&f, *c.Email)
		c.Email = &email
	}
	if c.Position != nil {
		f.Between("position", *c.Position, 0, PositionMax)
	}
	return f.Err()
}

// checkEmail returns an address, or "" for none.
func checkEmail(c *field.Check, email string) string {
	if strings.TrimSpace(email) == "" {
		return ""
	}
	return c.Email("email", email)
}

// byPosition orders departments as people see them.
func byPosition(a, b Department) int {
	return cmp.Or(
		cmp.Compare(a.Position, b.Position),
		cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		cmp.Compare(a.ID, b.ID),
	)
}

package app

import (
	"context"

	"github.com/aceno-chat/aceno/internal/form"
)

// formSurroundings tells forms of departments and accounts.
type formSurroundings struct{ *App }

func (a formSurroundings) HasDepartment(accountID, departmentID string) bool {
	_, ok := a.departments.Get(accountID, departmentID)
	return ok
}

func (a formSurroundings) ChosenForm(accountID string, kind form.Kind, departmentID string) string {
	if chosen := a.departments.Settings(accountID, departmentID).FormID; kind == form.Conversation && chosen != nil {
		return *chosen
	}
	return ""
}

func (a formSurroundings) MailWords(ctx context.Context, accountID, departmentID string) (account, department, language string) {
	d, _ := a.departments.Get(accountID, departmentID)
	acc, err := a.accounts.Get(ctx, accountID)
	if err != nil {
		return "", d.Name, ""
	}
	return acc.Name, d.Name, acc.Language
}

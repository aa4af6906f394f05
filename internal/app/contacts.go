package app

import (
	"context"
	"net/netip"
	"time"

	"github.com/aceno-chat/aceno/internal/contact"
)

// contactSurroundings tells contact requests of departments, accounts and visits.
type contactSurroundings struct{ *App }

func (a contactSurroundings) ContactDepartment(accountID, departmentID string) (contact.Department, bool) {
	d, ok := a.departments.Get(accountID, departmentID)
	return contact.Department{Name: d.Name, Email: d.Email, Active: d.Active}, ok
}

func (a contactSurroundings) ContactAccount(ctx context.Context, accountID string) (name, language string, err error) {
	acc, err := a.accounts.Get(ctx, accountID)
	return acc.Name, acc.Language, err
}

func (a contactSurroundings) PageOf(accountID, visitID string) string {
	v, ok := a.visits.Visit(accountID, visitID)
	if !ok {
		return ""
	}
	return v.Visit.PageURL.String()
}

func (a contactSurroundings) Blocked(accountID string, addr netip.Addr) bool {
	return a.blocks.Blocked(accountID, addr)
}

// transcriptAccounts tells transcripts of accounts.
type transcriptAccounts struct{ *App }

func (a transcriptAccounts) TranscriptAccount(ctx context.Context, accountID string) (string, *time.Location, error) {
	acc, err := a.accounts.Get(ctx, accountID)
	if err != nil {
		return "", nil, err
	}
	zone, err := time.LoadLocation(acc.TimeZone)
	if err != nil {
		zone = time.UTC // a zone that this machine's database has no more
	}
	return acc.Name, zone, nil
}

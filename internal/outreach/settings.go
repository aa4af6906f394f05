package outreach

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// RedirectRule says where agents may send visitors.
type RedirectRule string

// The rules.
const (
	// Anywhere is every public address.
	Anywhere RedirectRule = "anywhere"
	// OwnDomains are the allowed domains of the account's sites.
	OwnDomains RedirectRule = "own_domains"
)

// PerVisitDefault and PerVisitMax bound how many times a visitor is approached in one visit.
const (
	PerVisitDefault = 5
	PerVisitMax     = 50
)

// Settings are the account's rules of outreach.
type Settings struct {
	// PerVisit is how many invites, promotions and messages one visit may get, whoever sends them.
	PerVisit int          `json:"per_visit" minimum:"1" maximum:"50"`
	Redirect RedirectRule `json:"redirect" enum:"anywhere,own_domains"`
}

// Settings returns the account's rules.
func (s *Service) Settings(accountID string) Settings {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if known, ok := s.settings[accountID]; ok {
		return known
	}
	return Settings{PerVisit: PerVisitDefault, Redirect: Anywhere}
}

// SetSettings changes the account's rules. Error: Validation.
func (s *Service) SetSettings(ctx context.Context, accountID string, to Settings) (Settings, error) {
	var c field.Check
	c.Between("per_visit", to.PerVisit, 1, PerVisitMax)
	field.OneOf(&c, "redirect", to.Redirect, Anywhere, OwnDomains)
	if err := c.Err(); err != nil {
		return Settings{}, err
	}
	err := s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		if err := upsertSettings(ctx, tx, accountID, to); err != nil {
			return fmt.Errorf("outreach: settings: %w", err)
		}
		return s.log.Append(ctx, tx, accountID, SettingsSaved{Settings: to})
	})
	if err != nil {
		return Settings{}, err
	}
	return to, s.log.Settle(ctx, accountID)
}

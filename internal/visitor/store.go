package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Store keeps what of visits is durable, in the tables visits and visitor_counters.
type Store struct {
	store *store.Store
}

var _ Records = (*Store)(nil)

// NewStore returns the Records on a database.
func NewStore(st *store.Store) *Store { return &Store{store: st} }

const reserveNumbers = `INSERT INTO visitor_counters (account_id, number) VALUES (?, ?)
ON CONFLICT (account_id) DO UPDATE SET number = visitor_counters.number + excluded.number RETURNING number`

// Reserve takes n numbers of an account's visitors and returns the first.
func (s *Store) Reserve(ctx context.Context, accountID string, n int64) (int64, error) {
	var last int64
	err := s.store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, reserveNumbers, accountID, n).Scan(&last)
	})
	if err != nil {
		return 0, fmt.Errorf("visitor: reserve numbers: %w", err)
	}
	return last - n + 1, nil
}

// A visit that goes on after it was written keeps its beginning.
const saveVisit = `INSERT INTO visits (id, account_id, site_id, visitor_id, started_at, ended_at, pages, entry_url, last_url, referrer,
    country, browser, system, device, language, ip, trail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, pages = visits.pages + excluded.pages, last_url = excluded.last_url,
    trail = excluded.trail`

// Save writes finished visits in one transaction.
func (s *Store) Save(ctx context.Context, visits []Finished) error {
	err := s.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, f := range visits {
			v := f.Visit
			_, err := tx.Exec(ctx, saveVisit, v.ID, v.AccountID, v.SiteID, v.VisitorID, v.StartedAt, f.EndedAt, f.Pages, v.EntryURL.String(),
				v.PageURL.String(), v.Referrer.String(), v.Country.String(), v.Browser.String(), v.System.String(), v.Device.String(),
				v.Language.String(), address(v), encodeTrail(f.Trail))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("visitor: save visits: %w", err)
	}
	return nil
}

// First is how a visitor found the way to us: the first visit of all that we know of.
type First struct {
	// At is when, in milliseconds.
	At                                int64
	EntryURL, Referrer                string
	Kind                              ReferrerKind
	Name                              string
	UTMSource, UTMMedium, UTMCampaign string
}

const firstVisit = `SELECT started_at, entry_url, referrer FROM visits WHERE account_id = ? AND visitor_id = ? AND site_id = ? AND started_at < ?
ORDER BY started_at LIMIT 1`

// First returns how the visitor of a visit came the first time: by that visit when none was written before it.
func (s *Store) First(ctx context.Context, v *Visit) (First, error) {
	f := First{
		At: v.StartedAt, EntryURL: v.EntryURL.String(), Referrer: v.Referrer.String(), Kind: v.ReferrerKind, Name: v.ReferrerName.String(),
		UTMSource: v.UTMSource.String(), UTMMedium: v.UTMMedium.String(), UTMCampaign: v.UTMCampaign.String(),
	}
	if v.Visits <= 1 {
		return f, nil
	}
	var before First
	err := s.store.Read().QueryRow(ctx, firstVisit, v.AccountID, v.VisitorID, v.SiteID, v.StartedAt).Scan(&before.At, &before.EntryURL, &before.Referrer)
	if errors.Is(err, store.ErrNoRows) {
		return f, nil
	}
	if err != nil {
		return First{}, fmt.Errorf("visitor: the first visit: %w", err)
	}
	from := sourceOf(before.EntryURL, before.Referrer)
	before.Kind, before.Name = from.kind, from.name
	before.UTMSource, before.UTMMedium, before.UTMCampaign = from.utmSource, from.utmMedium, from.utmCampaign
	return before, nil
}

func address(v *Visit) string {
	if !v.IP.IsValid() {
		return ""
	}
	return v.IP.String()
}

// encodeTrail writes the pages as they are sent to panels: newest first.
func encodeTrail(trail []PageView) string {
	type page struct {
		URL    string `json:"url"`
		Title  string `json:"title"`
		At     int64  `json:"at"`
		LeftAt *int64 `json:"left_at"`
	}
	pages := make([]page, len(trail))
	for i, p := range trail {
		pages[i] = page{URL: p.URL.String(), Title: p.Title.String(), At: p.At}
		if p.LeftAt != 0 {
			pages[i].LeftAt = &p.LeftAt
		}
	}
	text, err := json.Marshal(pages)
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	return string(text)
}

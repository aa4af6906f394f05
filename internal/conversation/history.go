package conversation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aceno-chat/aceno/internal/platform/text"
)

// Limits of a look into the past.
const (
	HistoryPage   = 20
	MaxSearch     = 100
	searchedAtAll = 200 // conversations that one search reads
	hitsOfOne     = 3
	excerptRunes  = 200
	// searchedAtOnce is how many conversations one statement reads, see wordsOf.
	searchedAtOnce = 20
)

// By tells how an earlier conversation was recognised as the same person's.
type By string

// The ways, the surest first.
const (
	ByVerified By = "verified" // the site's server signed for both
	ByEmail    By = "email"    // the same address was given
	ByBrowser  By = "browser"
)

// Identity is how a person is found again. The address is in lower case; it and Verified may be empty.
type Identity struct {
	VisitorID, Email, Verified string
}

// IdentityOf returns how the conversation's visitor is found again.
func (c Conversation) IdentityOf() (Identity, error) {
	details, err := c.Visitor.Value()
	if err != nil {
		return Identity{}, err
	}
	return Identity{VisitorID: c.VisitorID, Email: strings.ToLower(details.Email), Verified: c.VerifiedID}, nil
}

// Hit is a message in which the search found its words.
type Hit struct {
	Sequence   int64  `json:"sequence"`
	AuthorKind Party  `json:"author_kind" enum:"visitor,agent,system"`
	AuthorName string `json:"author_name"`
	Internal   bool   `json:"internal"`
	Text       string `json:"text" doc:"Up to 200 characters around the words."`
	At         int64  `json:"at"`
}

// Past is an earlier conversation.
type Past struct {
	Conversation Conversation `json:"conversation"`
	By           By           `json:"by" enum:"verified,email,browser" doc:"How it was recognised as the same person's."`
	Hits         []Hit        `json:"hits" nullable:"false" doc:"Of a search: at most three messages."`
}

// History is a page of earlier conversations, the newest first.
type History struct {
	Conversations []Past `json:"conversations" nullable:"false"`
	More          bool   `json:"more" doc:"There are older ones: ask with the last number as before."`
	// Hidden counts those in departments that the agent may not see.
	Hidden int `json:"hidden" doc:"How many more there are in departments that the agent does not see."`
	// Oldest is where the next page begins, whatever was hidden.
	Oldest int64 `json:"oldest" doc:"Ask for the next page with this as before; 0 when there was nothing."`
}

// History returns the other conversations of a conversation's visitor (T128): by proven identity, e-mail address, then browser. before
// is the number to go on from, 0 for the newest. With a search only those in which its words stand, of the newest 200.
// Error: NotFound.
func (s *Service) History(ctx context.Context, a AgentActor, id string, before int64, search string) (History, error) {
	c, err := s.Get(ctx, a, id)
	if err != nil {
		return History{}, err
	}
	who, err := c.IdentityOf()
	if err != nil {
		return History{}, err
	}
	search = text.Fold(strings.TrimSpace(search))
	limit := HistoryPage
	if search != "" {
		limit = searchedAtAll
	}
	if before <= 0 {
		before = 1 << 62
	}
	found, err := s.earlier(ctx, a.AccountID, id, who, before, limit+1)
	if err != nil {
		return History{}, err
	}
	h := History{Conversations: []Past{}, More: len(found) > limit}
	for _, past := range found[:min(len(found), limit)] {
		h.Oldest = past.Number
		if !a.sees(past) {
			h.Hidden++
			continue
		}
		h.Conversations = append(h.Conversations, Past{Conversation: past, By: who.sameAs(past), Hits: []Hit{}})
	}
	if search != "" {
		h.Conversations, err = s.containing(ctx, h.Conversations, search)
	}
	return h, err
}

// containing keeps those in which the words of a search stand, and shows where.
func (s *Service) containing(ctx context.Context, all []Past, search string) ([]Past, error) {
	kept := []Past{}
	for some := range slices.Chunk(all, searchedAtOnce) {
		ids := make([]string, 0, len(some))
		for _, past := range some {
			ids = append(ids, past.Conversation.ID)
		}
		hits, err := s.hits(ctx, ids, search)
		if err != nil {
			return nil, err
		}
		for _, past := range some {
			if past.Hits = hits[past.Conversation.ID]; len(past.Hits) > 0 {
				kept = append(kept, past)
			}
		}
	}
	return kept, nil
}

// earlier returns the newest conversations of a person before a number, but for one, at most limit. Each sign has an index of its own:
// what is found by several is there once.
func (s *Service) earlier(ctx context.Context, accountID, id string, who Identity, before int64, limit int) ([]Conversation, error) {
	var all []Conversation
	for _, by := range []struct{ query, sign string }{
		{historyByBrowser, who.VisitorID}, {historyByEmail, who.Email}, {historyByProof, who.Verified},
	} {
		if by.sign == "" {
			continue
		}
		some, err := list(ctx, s.store.Read(), by.query, by.sign, accountID, before, id, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Conversation) int { return cmp.Compare(b.Number, a.Number) })
	all = slices.CompactFunc(all, func(a, b Conversation) bool { return a.ID == b.ID })
	return all[:min(len(all), limit)], nil
}

// sameAs tells what two conversations have in common.
func (i Identity) sameAs(c Conversation) By {
	other, err := c.IdentityOf()
	switch {
	case err != nil:
		return ByBrowser
	case i.Verified != "" && other.Verified == i.Verified:
		return ByVerified
	case i.Email != "" && other.Email == i.Email:
		return ByEmail
	}
	return ByBrowser
}

// hits reads up to searchedAtOnce conversations and returns the first messages of each in which the words stand. A person has few; accents are folded
// alike on every engine this way.
func (s *Service) hits(ctx context.Context, conversationIDs []string, search string) (hits map[string][]Hit, err error) {
	ids := make([]any, searchedAtOnce)
	for i := range ids {
		ids[i] = "" // nobody's
	}
	for i, id := range conversationIDs {
		ids[i] = id
	}
	rows, err := s.store.Read().Query(ctx, wordsOf, ids...)
	if err != nil {
		return nil, fmt.Errorf("conversation: search: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	hits = make(map[string][]Hit)
	for rows.Next() {
		var of string
		var h Hit
		var audience Audience
		if err := rows.Scan(&of, &h.Sequence, &h.AuthorKind, &h.AuthorName, &audience, &h.Text, &h.At); err != nil {
			return nil, fmt.Errorf("conversation: search: %w", err)
		}
		if len(hits[of]) == hitsOfOne {
			continue
		}
		excerpt, found := text.Excerpt(h.Text, search, excerptRunes)
		if found {
			h.Text, h.Internal = excerpt, audience != ToVisitor
			hits[of] = append(hits[of], h)
		}
	}
	return hits, rows.Err() //nolint:wrapcheck // the query says what it was
}

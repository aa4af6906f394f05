package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aceno-chat/aceno/internal/platform/eventlog"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

const (
	// MaxTags is how many tags a conversation has.
	MaxTags = 20
	// MaxTagRunes is how long each may be.
	MaxTagRunes = 40
	// MaxHold is the longest hold.
	MaxHold = 24 * time.Hour
	// suggestions is how many of an account's tags are offered.
	suggestions = 100
)

// NotedEvent says that what agents note on a conversation changed: its tags, or its hold. Visitors are not told.
type NotedEvent struct {
	Conversation Conversation `json:"conversation"`
	// Reminder is set when the time of a hold is over.
	Reminder bool `json:"reminder"`
}

// Kind returns KindNoted.
func (NotedEvent) Kind() string { return KindNoted }

// Audience is who may read the conversation.
func (e NotedEvent) Audience() eventlog.Audience { return e.Conversation.talkAudience() }

// Subject is the conversation.
func (e NotedEvent) Subject() string { return e.Conversation.ID }

var _ = eventlog.Register[NotedEvent]()

// partOf loads a conversation in which the actor takes part or may supervise.
func (s *Service) partOf(ctx context.Context, tx *store.Tx, a AgentActor, id string) (Conversation, error) {
	c, ok, err := found(tx.QueryRow(ctx, selectByID, id, a.AccountID))
	switch {
	case err != nil:
		return Conversation{}, err
	case !ok || !a.sees(c):
		return Conversation{}, fault.New(fault.NotFound)
	case c.Agent() != a.ID && !c.takesPart(a.ID) && !a.supervises(c.DepartmentID, c.Agent()):
		return Conversation{}, fault.New(fault.ConversationNotYours)
	}
	return c, nil
}

// SetTags replaces the tags of a conversation, one that is over too. Of tags that differ only in case the first stays.
// Errors: Validation, NotFound, ConversationNotYours.
func (s *Service) SetTags(ctx context.Context, a AgentActor, id string, tags []string) (Conversation, error) {
	tags, err := cleanTags(tags)
	if err != nil {
		return Conversation{}, err
	}
	var result Conversation
	err = s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.partOf(ctx, tx, a, id); err != nil {
			return err
		}
		c, ok, err := found(tx.QueryRow(ctx, setTags, Embed(tags).text, id, a.AccountID))
		if err != nil || !ok {
			return orElse(err, fault.ConversationNotYours)
		}
		if err := s.replaceTags(ctx, tx, a.AccountID, id, tags); err != nil {
			return fmt.Errorf("conversation: tags: %w", err)
		}
		result = c
		return s.log.Append(ctx, tx, a.AccountID, NotedEvent{Conversation: c})
	})
	return result, err
}

// replaceTags writes the tags of a conversation, and counts for the account how many conversations have each.
func (s *Service) replaceTags(ctx context.Context, tx *store.Tx, accountID, id string, tags []string) error {
	before, err := collect(ctx, tx, scanID, tagsOf, id)
	if err != nil {
		return err
	}
	for _, tag := range before {
		if slices.Contains(tags, tag) {
			continue
		}
		if _, err := tx.Exec(ctx, dropTag, id, tag); err != nil {
			return err
		}
		for _, statement := range []string{unuseTag, forgetTag} {
			if _, err := tx.Exec(ctx, statement, accountID, tag); err != nil {
				return err
			}
		}
	}
	for _, tag := range tags {
		if slices.Contains(before, tag) {
			continue
		}
		if _, err := tx.Exec(ctx, insertTag, id, tag, accountID, s.now()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, useTag, accountID, tag); err != nil {
			return err
		}
	}
	return nil
}

func cleanTags(tags []string) ([]string, error) {
	var check field.Check
	clean := []string{}
	for _, tag := range tags {
		tag = check.Line("tags", tag, 1, MaxTagRunes)
		if !slices.ContainsFunc(clean, func(known string) bool { return strings.EqualFold(known, tag) }) {
			clean = append(clean, tag)
		}
	}
	if len(clean) > MaxTags {
		check.Refuse("tags", fault.FieldTooMany, MaxTags)
	}
	return clean, check.Err()
}

// Tags returns the tags in use in the account, the most frequent first, at most a hundred.
func (s *Service) Tags(ctx context.Context, accountID string) ([]string, error) {
	return collect(ctx, s.store.Read(), scanID, tagsInUse, accountID, suggestions)
}

// Hold puts the agent's own conversation on hold until a moment, or takes it off hold with 0 (P02). Meanwhile it does not count as
// unanswered; at the moment the agent is reminded. An answer ends it. Errors: Validation, NotFound, ConversationEnded, ConversationNotYours.
func (s *Service) Hold(ctx context.Context, a AgentActor, id string, until int64) (Conversation, error) {
	now := s.now()
	var due *int64
	if until != 0 {
		due = &until
		var check field.Check
		if until <= now {
			check.Refuse("until", fault.FieldTooSmall, now)
		} else if until > now+MaxHold.Milliseconds() {
			check.Refuse("until", fault.FieldTooLarge, now+MaxHold.Milliseconds())
		}
		if err := check.Err(); err != nil {
			return Conversation{}, err
		}
	}
	var result Conversation
	err := s.write(ctx, a.AccountID, func(ctx context.Context, tx *store.Tx) error {
		c, ok, err := found(tx.QueryRow(ctx, setHold, due, id, a.AccountID, a.ID))
		if err != nil {
			return err
		}
		if !ok {
			_, err := s.transferable(ctx, tx, a, id)
			return orElse(err, fault.ConversationNotYours)
		}
		result = c
		return s.log.Append(ctx, tx, a.AccountID, NotedEvent{Conversation: c})
	})
	return result, err
}

// remind ends a hold whose time is over and reminds the agent.
func (s *Service) remind(ctx context.Context, seen Conversation) error {
	return s.write(ctx, seen.accountID, func(ctx context.Context, tx *store.Tx) error {
		c, ok, err := found(tx.QueryRow(ctx, endHold, seen.ID, seen.accountID, *seen.HoldUntil))
		if err != nil || !ok {
			return err
		}
		return s.log.Append(ctx, tx, c.accountID, NotedEvent{Conversation: c, Reminder: true})
	})
}

package routing

import (
	"context"
	"errors"
	"fmt"

	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// errConfused says that the running write met something that its lane forbids.
var errConfused = errors.New("routing: two writes in one lane")

// Acknowledge says that the agent's panel has shown an offer: only now the conversation is the agent's (B07). Saying it again, from
// another tab too, returns the same conversation. Errors: NotFound, OfferOver.
//
// What counts is when the acknowledgement came, not when the database had time for it.
func (s *Service) Acknowledge(ctx context.Context, accountID, agentID, offerID string) (conversation.Conversation, error) {
	came := s.shown.came(offerID, clock.Millis(s.config.Clock.Now()))
	defer s.shown.done(offerID)
	var result conversation.Conversation
	var refused error
	err := s.config.Store.Write(store.InLane(ctx, accountID), func(ctx context.Context, tx *store.Tx) error {
		result, refused = conversation.Conversation{}, nil
		o, ok, err := foundOffer(tx.QueryRow(ctx, offerByID, offerID, accountID, agentID))
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.NotFound)
		}
		switch o.State {
		case Accepted:
			c, held, err := s.config.Conversations.HeldBy(ctx, tx, accountID, o.ConversationID, agentID)
			if err == nil && !held {
				refused = fault.New(fault.OfferOver)
			}
			result = c
			return err
		case Offered:
		case Missed, Withdrawn, TakenBack:
			refused = fault.New(fault.OfferOver)
			return nil
		}
		// What ends the offer here has to be kept, so the refusal is no error of the write.
		if s.shown.deadline(o) <= came {
			refused = fault.New(fault.OfferOver)
			return s.miss(ctx, tx, accountID, o)
		}
		// A transfer may have come in between, or the limit was lowered.
		held, err := s.config.Conversations.ActiveCount(ctx, tx, accountID, agentID)
		if err != nil {
			return fmt.Errorf("routing: acknowledge: %w", err)
		}
		if known, _ := s.config.Presence.Agent(accountID, agentID); !known.Active || held >= known.Limit {
			refused = fault.New(fault.OfferOver)
			return s.withdraw(ctx, tx, accountID, o, WithdrawnAgent)
		}
		c, claimed, err := s.config.Conversations.Claim(ctx, tx, accountID, o.ConversationID, agentID)
		if err != nil {
			return fmt.Errorf("routing: claim: %w", err)
		}
		if !claimed {
			refused = fault.New(fault.OfferOver)
			return s.withdraw(ctx, tx, accountID, o, WithdrawnConversation)
		}
		result = c
		return s.accept(ctx, tx, accountID, o)
	})
	if err := errors.Join(err, refused); err != nil {
		return conversation.Conversation{}, err
	}
	return result, nil
}

// accept ends an open offer well. From now on the agent has to write, unless the conversation was taken back once already.
func (s *Service) accept(ctx context.Context, tx *store.Tx, accountID string, o Offer) error {
	now := clock.Millis(s.config.Clock.Now())
	var until *int64
	if d := s.config.Rules.Department(accountID, o.DepartmentID); d.AnswerFor > 0 {
		var before int
		if err := tx.QueryRow(ctx, takenBack, o.ConversationID).Scan(&before); err != nil {
			return fmt.Errorf("routing: accept: %w", err)
		}
		if before == 0 {
			at := now + d.AnswerFor
			until = &at
		}
	}
	if _, err := tx.Exec(ctx, clearMiss, accountID, o.ConversationID); err != nil {
		return fmt.Errorf("routing: accept: %w", err)
	}
	return s.change(ctx, tx, accountID, acceptOffer, now, until, o.ID)
}

// miss ends an open offer whose deadline has passed.
func (s *Service) miss(ctx context.Context, tx *store.Tx, accountID string, o Offer) error {
	if _, err := tx.Exec(ctx, clearMiss, accountID, o.ConversationID); err != nil {
		return fmt.Errorf("routing: miss: %w", err)
	}
	return s.change(ctx, tx, accountID, missOffer, clock.Millis(s.config.Clock.Now()), o.ID)
}

// withdraw ends an open offer that has lost its sense.
func (s *Service) withdraw(ctx context.Context, tx *store.Tx, accountID string, o Offer, reason string) error {
	return s.change(ctx, tx, accountID, withdrawOffer, clock.Millis(s.config.Clock.Now()), reason, o.ID)
}

// change makes a conditional update of an offer and tells of it. One that is no longer in the state it comes from is left alone.
func (s *Service) change(ctx context.Context, tx *store.Tx, accountID, update string, args ...any) error {
	o, ok, err := foundOffer(tx.QueryRow(ctx, update, args...))
	if err != nil || !ok {
		return err
	}
	tx.AfterCommit(func() { s.shown.ended(o.ID) })
	if err := s.config.Log.Append(ctx, tx, accountID, OfferChanged{Offer: o}); err != nil {
		return fmt.Errorf("routing: offer: %w", err)
	}
	return nil
}

// checkAnswer looks at an accepted offer when the time to write is over: who has written keeps the conversation, who has not loses it.
func (s *Service) checkAnswer(ctx context.Context, tx *store.Tx, accountID string, o Offer) error {
	silent, err := s.config.Conversations.Silent(ctx, tx, accountID, o.ConversationID, o.AgentID)
	if err != nil {
		return fmt.Errorf("routing: answers: %w", err)
	}
	back := false
	if silent {
		back, err = s.config.Conversations.GiveBack(ctx, tx, accountID, o.ConversationID, o.AgentID, conversation.ReasonNotAnswered)
		if err != nil {
			return fmt.Errorf("routing: answers: %w", err)
		}
	}
	if !back {
		_, err := tx.Exec(ctx, answered, o.ID)
		if err != nil {
			return fmt.Errorf("routing: answers: %w", err)
		}
		return nil
	}
	if _, err := tx.Exec(ctx, clearMiss, accountID, o.ConversationID); err != nil {
		return fmt.Errorf("routing: answers: %w", err)
	}
	return s.change(ctx, tx, accountID, takeBackOffer, clock.Millis(s.config.Clock.Now()), o.ID)
}

// OffersOf returns what is being offered to the agent, with what its panel shows of it.
func (s *Service) OffersOf(ctx context.Context, accountID, agentID string) ([]OfferMade, error) {
	open, err := collect(ctx, s.config.Store.Read(), scanOffer, openOffers, accountID)
	if err != nil {
		return nil, err
	}
	mine := []OfferMade{}
	for _, o := range open {
		if o.AgentID != agentID {
			continue
		}
		number, name, err := s.config.Conversations.Label(ctx, accountID, o.ConversationID)
		if err != nil {
			return nil, fmt.Errorf("routing: offers: %w", err)
		}
		mine = append(mine, OfferMade{Offer: o, Number: number, VisitorName: name})
	}
	return mine, nil
}

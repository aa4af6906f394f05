package app

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/conversation"
	"github.com/aceno-chat/aceno/internal/department"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/clock"
	"github.com/aceno-chat/aceno/internal/routing"
	"github.com/aceno-chat/aceno/internal/site"
)

// Snapshot is everything a panel begins with, true at a position of the log or later: events from there bring it up to date.
type Snapshot struct {
	Position      int64                       `json:"position" doc:"Start the live socket from here."`
	Now           int64                       `json:"now" doc:"The server's clock, milliseconds UTC."`
	Me            agent.Me                    `json:"me"`
	Agents        []agent.Agent               `json:"agents" nullable:"false"`
	Departments   []department.Department     `json:"departments" nullable:"false"`
	Sites         []site.Site                 `json:"sites" nullable:"false"`
	Conversations []conversation.Conversation `json:"conversations" nullable:"false" doc:"The agent's own: active, and ended but not closed; and those the agent takes part in."`
	Transfers     []conversation.Transfer     `json:"transfers" nullable:"false" doc:"Pending, to and from the agent."`
	Counters      Counters                    `json:"counters"`
	Queue         routing.QueueStatus         `json:"queue"`
	Offers        []routing.OfferMade         `json:"offers" nullable:"false" doc:"What is being offered to the agent."`
	Limits        conversation.Limits         `json:"limits"`
}

type snapshotIn struct{ site.Here }

type snapshotOut struct{ Body Snapshot }

func (a *App) registerSnapshot() {
	api.Register(a.api, api.Route{
		Method: http.MethodGet, Path: "/api/snapshot", Tag: "session",
		Summary: "Everything a panel begins with, and the position to go on from",
	}, func(ctx context.Context, in *snapshotIn) (*snapshotOut, error) {
		s, err := a.snapshot(ctx, api.Actor(ctx), in.Base())
		if err != nil {
			return nil, err
		}
		return &snapshotOut{Body: s}, nil
	})
}

// snapshot takes the position first: what is read after it can only be newer, and applying an event twice changes nothing.
func (a *App) snapshot(ctx context.Context, actor api.ActorInfo, base string) (s Snapshot, err error) {
	if s.Position, err = a.events.Position(ctx, actor.AccountID); err != nil {
		return s, err
	}
	if err := a.events.WaitFor(ctx, actor.AccountID, s.Position); err != nil {
		return s, err
	}
	if s.Me, err = a.agents.Me(ctx, actor.AccountID, actor.AgentID); err != nil {
		return s, err
	}
	if s.Agents, err = a.agents.List(ctx, actor.AccountID); err != nil {
		return s, err
	}
	s.Departments = a.departments.List(actor.AccountID)
	s.Sites = a.sites.ListAt(actor.AccountID, base)
	if s.Conversations, err = a.conversations.Mine(ctx, actor.AccountID, actor.AgentID); err != nil {
		return s, err
	}
	if s.Transfers, err = a.conversations.Transfers(ctx, actor.AccountID, actor.AgentID); err != nil {
		return s, err
	}
	if s.Counters, err = a.counters(ctx, actor.AccountID, actor.Scope()); err != nil {
		return s, err
	}
	if s.Queue, err = a.routing.Status(ctx, actor); err != nil {
		return s, fmt.Errorf("app: snapshot: %w", err)
	}
	if s.Offers, err = a.routing.OffersOf(ctx, actor.AccountID, actor.AgentID); err != nil {
		return s, fmt.Errorf("app: snapshot: %w", err)
	}
	s.Limits = conversation.LimitsNow()
	s.Now = clock.Millis(a.clock.Now())
	return s, nil
}

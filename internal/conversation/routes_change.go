package conversation

import (
	"context"
	"net/http"
	"time"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

var (
	changeErrors  = []fault.Code{fault.NotFound, fault.ConversationEnded, fault.MessageNotYours, fault.MessageFixed, fault.StaleWrite}
	reactionRate  = api.Rate{Burst: 30, Per: time.Minute, By: api.ByVisitor}
	reactionError = []fault.Code{fault.NotFound, fault.ConversationEnded, fault.MessageFixed, fault.StaleWrite}
)

// OneMessage names a message of a conversation in a route.
type OneMessage struct {
	ID       string `path:"id" maxLength:"36"`
	Sequence int64  `path:"sequence" minimum:"1"`
}

type editIn struct {
	OneMessage
	Body struct {
		Text string `json:"text" maxLength:"5000" doc:"1 to 5,000 characters after trimming; no control characters but newline and tab."`
	}
}

type reactIn struct {
	OneMessage
	Body reactBody
}

type visitorReactIn struct {
	OneMessage
	Body reactBody
}

type reactBody struct {
	Emoji string `json:"emoji" enum:",👍,❤️,😂,😮,😢,🙏" doc:"Empty takes the reaction back. At most one of each person."`
}

type revisionsOut struct {
	Body struct {
		Revisions []Revision `json:"revisions" nullable:"false" doc:"The newest first."`
	}
}

// changeRoutes declares what may happen to a message after it was sent.
func (s *Service) changeRoutes(a *api.API) {
	const path = "/api/conversations/{id}/messages/{sequence}"
	api.Register(a, api.Route{
		Method: http.MethodPatch, Path: path, Tag: "conversations", Permission: access.ConversationReply, Errors: changeErrors,
		Summary: "Edit an own message, within 15 minutes", Description: "What it said before is kept for agents; the visitor sees that it was edited.",
	}, func(ctx context.Context, in *editIn) (*messageOut, error) {
		m, err := s.EditMessage(ctx, ActorOf(ctx), in.ID, in.Sequence, in.Body.Text)
		return &messageOut{Body: m}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: path, Tag: "conversations", Permission: access.ConversationReply, Errors: changeErrors,
		Summary: "Take an own message back, within 15 minutes", Description: "What it said is kept for agents.", Status: http.StatusOK,
	}, func(ctx context.Context, in *OneMessage) (*messageOut, error) {
		m, err := s.DeleteMessage(ctx, ActorOf(ctx), in.ID, in.Sequence)
		return &messageOut{Body: m}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: path + "/reaction", Tag: "conversations", Permission: access.ConversationReply,
		Summary: "React to a message", Errors: append([]fault.Code{fault.ConversationNotYours}, reactionError...),
	}, func(ctx context.Context, in *reactIn) (*messageOut, error) {
		m, err := s.ReactByAgent(ctx, ActorOf(ctx), in.ID, in.Sequence, in.Body.Emoji)
		return &messageOut{Body: m}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: path + "/revisions", Tag: "conversations", Permission: access.ConversationView,
		Summary: "What a message said before it was changed", Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *OneMessage) (*revisionsOut, error) {
		var out revisionsOut
		var err error
		out.Body.Revisions, err = s.Revisions(ctx, ActorOf(ctx), in.ID, in.Sequence)
		return &out, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/v/conversations/{id}/messages/{sequence}/reaction", Tag: "visitor", Visitor: true,
		Summary: "React to a message", Errors: reactionError, Rate: &reactionRate,
	}, func(ctx context.Context, in *visitorReactIn) (*visitorMessageOut, error) {
		m, err := s.ReactByVisitor(ctx, visitorOf(ctx), in.ID, in.Sequence, in.Body.Emoji)
		return &visitorMessageOut{Body: m}, err
	})
}

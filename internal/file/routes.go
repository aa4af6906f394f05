package file

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// MayView says whether the agent of the request may see a conversation and what belongs to it: nil, or NotFound.
type MayView func(ctx context.Context, conversationID string) error

type agentIn struct {
	ID string `path:"id" maxLength:"36"`
}

type linkIn struct {
	ID        string `path:"id" maxLength:"36"`
	Expires   string `query:"e" required:"true" maxLength:"20"`
	Signature string `query:"s" required:"true" maxLength:"100"`
}

// Routes declares the two ways to a file: an agent's, by session, and a visitor's, by a signed address.
func (s *Service) Routes(a *api.API, mayView MayView) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/files/{id}", Tag: "files", Summary: "The bytes of a file, as an attachment",
		Permission: access.ConversationView, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *agentIn) (*huma.StreamResponse, error) {
		f, err := s.Get(ctx, api.Actor(ctx).AccountID, in.ID)
		if err == nil && f.ConversationID == "" {
			err = fault.New(fault.NotFound) // the team's files have their own route
		}
		if err == nil {
			err = mayView(ctx, f.ConversationID)
		}
		if err != nil {
			return nil, err
		}
		return s.Stream(ctx, f)
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/v/files/{id}", Tag: "visitor", Summary: "The bytes of a file, as an attachment", Public: true,
		Description: "The address is signed and works for 24 hours; the conversation's messages carry it.",
		Errors:      []fault.Code{fault.NotFound, fault.FileLinkExpired},
	}, func(ctx context.Context, in *linkIn) (*huma.StreamResponse, error) {
		f, err := s.ByLink(ctx, in.ID, in.Expires, in.Signature)
		if err != nil {
			return nil, err
		}
		return s.download(ctx, f, crossOrigin)
	})
}

// Stream answers a signed-in agent, who may see the file, with its bytes. Error: NotFound when the blob store lost them.
func (s *Service) Stream(ctx context.Context, f File) (*huma.StreamResponse, error) {
	return s.download(ctx, f, sameOrigin)
}

// download opens the bytes before anything is answered, so that a loss is still a problem and not half a file.
func (s *Service) download(ctx context.Context, f File, use policy) (*huma.StreamResponse, error) {
	content, err := s.Open(ctx, f)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer func() { _ = content.Close() }() // nothing was written
		for name, value := range headers(f, use) {
			hc.SetHeader(name, value)
		}
		hc.SetHeader("Content-Length", strconv.FormatInt(f.Size, 10))
		hc.SetStatus(http.StatusOK)
		if _, err := io.Copy(hc.BodyWriter(), content); err != nil && ctx.Err() == nil {
			s.log.Warn("a file was not sent to its end", "file", f.ID, "error", err)
		}
	}}, nil
}

package agent

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/picture"
)

type profileInput struct {
	Body struct {
		Name      *string  `json:"name,omitempty" minLength:"1" maxLength:"80" nullable:"false" doc:"As colleagues and visitors see it."`
		Email     *string  `json:"email,omitempty" minLength:"3" maxLength:"254" nullable:"false"`
		Phone     *string  `json:"phone,omitempty" maxLength:"40" nullable:"false"`
		Languages []string `json:"languages,omitempty" maxItems:"20" nullable:"false" doc:"Replaces the languages; the region of a tag is dropped."`
	}
}

type ownPasswordInput struct {
	Body struct {
		Current  string `json:"current" minLength:"1" maxLength:"128"`
		Password string `json:"password" minLength:"8" maxLength:"128"`
	}
}

type toldInput struct {
	UpTo int64 `query:"up_to" minimum:"0" required:"true" doc:"returned.at of what was told."`
}

type photoFile struct {
	File huma.FormFile `form:"file" required:"true" doc:"PNG or JPEG, at most 1 MiB and 4,096 pixels on a side."`
}

type ownPhotoInput struct {
	Shape   Shape `query:"shape" enum:"square,upright,both" default:"both"`
	RawBody huma.MultipartFormFiles[photoFile]
}

type shapeInput struct {
	Shape Shape `query:"shape" enum:"square,upright,both" default:"both"`
}

type agentByID struct {
	ID string `path:"id" format:"uuid"`
}

type agentPhotoInput struct {
	ID      string `path:"id" format:"uuid"`
	Shape   Shape  `query:"shape" enum:"square,upright,both" default:"both"`
	RawBody huma.MultipartFormFiles[photoFile]
}

type agentShapeInput struct {
	ID    string `path:"id" format:"uuid"`
	Shape Shape  `query:"shape" enum:"square,upright,both" default:"both"`
}

type photoByID struct {
	ID string `path:"id" maxLength:"36"`
}

// uploadBody is a picture and what multipart puts around it.
const uploadBody = picture.MaxBytes + 64<<10

var (
	photoRate    = api.Rate{Burst: 20, Per: time.Minute, By: api.ByAgent}
	photoRefused = []fault.Code{fault.NotFound, fault.FileEmpty, fault.ImageTooLarge, fault.ImageRefused, fault.RequestTooLarge}
)

func (s *Service) ownRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPatch, Path: "/api/session/profile", Tag: "session", Summary: "Change the own profile",
	}, func(ctx context.Context, in *profileInput) (*MeOutput, error) {
		actor, b := api.Actor(ctx), in.Body
		_, err := s.Update(ctx, actor.AccountID, actor.AgentID, actor.AgentID, Changes{
			Name: b.Name, Email: b.Email, Phone: b.Phone, Languages: b.Languages,
		})
		if err != nil {
			return nil, err
		}
		return s.meOutput(ctx)
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/session/password", Tag: "session", Summary: "Change the own password", Status: http.StatusNoContent,
		Description: "The session goes on. After 10 wrong passwords each makes the agent wait, from a second to a minute; one is forgotten per minute.",
		Errors:      []fault.Code{fault.RateLimited, fault.Unavailable},
	}, func(ctx context.Context, in *ownPasswordInput) (*struct{}, error) {
		return nil, s.ChangeOwnPassword(ctx, api.Actor(ctx), in.Body.Current, in.Body.Password)
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/session/returned", Tag: "session", Summary: "The agent was told what went back to the queue",
		Status: http.StatusNoContent,
	}, func(ctx context.Context, in *toldInput) (*struct{}, error) {
		return nil, s.Told(ctx, api.Actor(ctx), in.UpTo)
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/agents/{id}/end-session", Permission: access.SupervisionUse, Tag: "agents",
		Summary: "End an agent's session", Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
		Description: "The agent is told. Open conversations go back to their queue after a minute, unless the agent signs in again.",
	}, func(ctx context.Context, in *agentByID) (*struct{}, error) {
		return nil, s.EndSessionOf(ctx, api.Actor(ctx), in.ID)
	})
}

func (s *Service) photoRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/session/photo", Tag: "session", Summary: "Set the own photo", MaxBody: uploadBody,
		Rate: &photoRate, Errors: photoRefused,
	}, func(ctx context.Context, in *ownPhotoInput) (*MeOutput, error) {
		actor := api.Actor(ctx)
		if _, err := s.SetPhoto(ctx, actor.AccountID, actor.AgentID, in.Shape, in.RawBody.Data().File); err != nil {
			return nil, err
		}
		return s.meOutput(ctx)
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/session/photo", Tag: "session", Summary: "Remove the own photo",
	}, func(ctx context.Context, in *shapeInput) (*MeOutput, error) {
		actor := api.Actor(ctx)
		if _, err := s.RemovePhoto(ctx, actor.AccountID, actor.AgentID, in.Shape); err != nil {
			return nil, err
		}
		return s.meOutput(ctx)
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/agents/{id}/photo", Permission: access.AgentManage, Tag: "agents", Summary: "Set an agent's photo",
		MaxBody: uploadBody, Rate: &photoRate, Errors: photoRefused,
	}, func(ctx context.Context, in *agentPhotoInput) (*agentOutput, error) {
		changed, err := s.SetPhoto(ctx, api.Actor(ctx).AccountID, in.ID, in.Shape, in.RawBody.Data().File)
		return &agentOutput{Body: changed}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/agents/{id}/photo", Permission: access.AgentManage, Tag: "agents",
		Summary: "Remove an agent's photo", Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *agentShapeInput) (*agentOutput, error) {
		changed, err := s.RemovePhoto(ctx, api.Actor(ctx).AccountID, in.ID, in.Shape)
		return &agentOutput{Body: changed}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/v/photos/{id}", Tag: "visitor", Summary: "The bytes of an agent's photo", Public: true,
		Errors: []fault.Code{fault.NotFound},
	}, s.getPhoto)
}

func (s *Service) getPhoto(ctx context.Context, in *photoByID) (*huma.StreamResponse, error) {
	p, content, err := s.openPhoto(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer func() { _ = content.Close() }() // nothing was written
		for name, value := range map[string]string{
			"Content-Type": p.contentType, "Content-Length": strconv.FormatInt(p.size, 10), "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "public, max-age=31536000, immutable",
			"Cross-Origin-Resource-Policy": "cross-origin",
		} {
			hc.SetHeader(name, value)
		}
		hc.SetStatus(http.StatusOK)
		if _, err := io.Copy(hc.BodyWriter(), content); err != nil && ctx.Err() == nil {
			s.config.Logger.Warn("a photo was not sent to its end", "photo", p.id, "error", err)
		}
	}}, nil
}

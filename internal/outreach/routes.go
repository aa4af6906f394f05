package outreach

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
)

type templatesOut struct {
	Body struct {
		Templates []Template `json:"templates" nullable:"false"`
	}
}

type templateOut struct{ Body Template }

type createIn struct {
	Body struct {
		Kind         Kind       `json:"kind" enum:"invite,promotion"`
		Name         string     `json:"name" minLength:"1" maxLength:"60" doc:"Agents choose it by this name; visitors never see it."`
		Style        *Style     `json:"style,omitempty" enum:"card,image" nullable:"false"`
		ImageID      *string    `json:"image_id,omitempty" maxLength:"36" nullable:"false" doc:"Of POST /api/outreach/images; empty: none."`
		ImageAlt     *string    `json:"image_alt,omitempty" maxLength:"200" nullable:"false"`
		Texts        *Texts     `json:"texts,omitempty"`
		Link         *string    `json:"link,omitempty" maxLength:"2048" nullable:"false" doc:"Promotions need one: http or https, no name and password, no private network."`
		Position     *Position  `json:"position,omitempty" enum:"bottom_right,bottom_left,top_right,top_left,center" nullable:"false"`
		Animation    *Animation `json:"animation,omitempty" enum:"none,fade,slide,bounce" nullable:"false"`
		Seconds      *int       `json:"seconds,omitempty" minimum:"0" maximum:"600" nullable:"false"`
		DepartmentID *string    `json:"department_id,omitempty" maxLength:"36" nullable:"false" doc:"Empty: the visitor chooses."`
		UsableBy     *Usable    `json:"usable_by,omitempty"`
		Active       *bool      `json:"active,omitempty" nullable:"false"`
	}
}

type updateIn struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Name         *string    `json:"name,omitempty" minLength:"1" maxLength:"60" nullable:"false"`
		Style        *Style     `json:"style,omitempty" enum:"card,image" nullable:"false"`
		ImageID      *string    `json:"image_id,omitempty" maxLength:"36" nullable:"false" doc:"Of POST /api/outreach/images; empty: none."`
		ImageAlt     *string    `json:"image_alt,omitempty" maxLength:"200" nullable:"false"`
		Texts        *Texts     `json:"texts,omitempty"`
		Link         *string    `json:"link,omitempty" maxLength:"2048" nullable:"false"`
		Position     *Position  `json:"position,omitempty" enum:"bottom_right,bottom_left,top_right,top_left,center" nullable:"false"`
		Animation    *Animation `json:"animation,omitempty" enum:"none,fade,slide,bounce" nullable:"false"`
		Seconds      *int       `json:"seconds,omitempty" minimum:"0" maximum:"600" nullable:"false"`
		DepartmentID *string    `json:"department_id,omitempty" maxLength:"36" nullable:"false" doc:"Empty: the visitor chooses."`
		UsableBy     *Usable    `json:"usable_by,omitempty"`
		Active       *bool      `json:"active,omitempty" nullable:"false" doc:"Templates are never deleted, only switched off."`
	}
}

type imageIn struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"PNG, JPEG, GIF or WebP, at most 1 MiB and 4,096 pixels on a side."`
	}]
}

type imageOut struct{ Body Image }

type settingsBody struct{ Body Settings }

type imageByID struct {
	ID string `path:"id" maxLength:"36"`
}

// uploadBody is a picture and what multipart puts around it.
const uploadBody = ImageMaxBytes + 64<<10

var imageRate = api.Rate{Burst: 20, Per: time.Minute, By: api.ByAgent}

// Routes declares the routes of outreach.
func (s *Service) Routes(a *api.API) {
	s.templateRoutes(a)
	s.imageRoutes(a)
	s.deliveryRoutes(a)
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/outreach/settings", Tag: "outreach", Summary: "The account's rules of outreach",
	}, func(ctx context.Context, _ *struct{}) (*settingsBody, error) {
		return &settingsBody{Body: s.Settings(api.Actor(ctx).AccountID)}, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/outreach/settings", Tag: "outreach", Summary: "Change the account's rules of outreach",
		Permission: access.OutreachManage,
	}, func(ctx context.Context, in *settingsBody) (*settingsBody, error) {
		to, err := s.SetSettings(ctx, api.Actor(ctx).AccountID, in.Body)
		return &settingsBody{Body: to}, err
	})
}

func (s *Service) templateRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/outreach/templates", Tag: "outreach", Summary: "All invites and promotions",
		Description: "Who does not administer them sees those that are active and may be used.",
	}, func(ctx context.Context, _ *struct{}) (*templatesOut, error) {
		out := &templatesOut{}
		actor := api.Actor(ctx)
		out.Body.Templates = []Template{}
		for _, t := range s.List(actor.AccountID) {
			if actor.Can(access.OutreachManage) || t.Active && t.UsableBy.by(actor) {
				out.Body.Templates = append(out.Body.Templates, t)
			}
		}
		return out, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/outreach/templates", Tag: "outreach", Summary: "Create an invite or a promotion",
		Permission: access.OutreachManage, Status: http.StatusCreated, Errors: []fault.Code{fault.TemplateLimit},
	}, func(ctx context.Context, in *createIn) (*templateOut, error) {
		b := in.Body
		made, err := s.Create(ctx, api.Actor(ctx).AccountID, b.Kind, Changes{
			Name: &b.Name, Style: b.Style, ImageID: b.ImageID, ImageAlt: b.ImageAlt, Texts: b.Texts, Link: b.Link, Position: b.Position,
			Animation: b.Animation, Seconds: b.Seconds, DepartmentID: b.DepartmentID, UsableBy: b.UsableBy, Active: b.Active,
		})
		return &templateOut{Body: made}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPatch, Path: "/api/outreach/templates/{id}", Tag: "outreach", Summary: "Change an invite or a promotion",
		Permission: access.OutreachManage, Errors: []fault.Code{fault.NotFound, fault.StaleWrite},
	}, func(ctx context.Context, in *updateIn) (*templateOut, error) {
		b := in.Body
		to, err := s.Update(ctx, api.Actor(ctx).AccountID, in.ID, Changes{
			Name: b.Name, Style: b.Style, ImageID: b.ImageID, ImageAlt: b.ImageAlt, Texts: b.Texts, Link: b.Link, Position: b.Position,
			Animation: b.Animation, Seconds: b.Seconds, DepartmentID: b.DepartmentID, UsableBy: b.UsableBy, Active: b.Active,
		})
		return &templateOut{Body: to}, err
	})
}

func (s *Service) imageRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/outreach/images", Tag: "outreach", Summary: "Keep a picture for a template",
		Permission: access.OutreachManage, Status: http.StatusCreated, MaxBody: uploadBody, Rate: &imageRate,
		Errors: []fault.Code{fault.FileEmpty, fault.ImageTooLarge, fault.ImageRefused, fault.RequestTooLarge},
	}, func(ctx context.Context, in *imageIn) (*imageOut, error) {
		image, err := s.AddImage(ctx, api.Actor(ctx).AccountID, in.RawBody.Data().File)
		return &imageOut{Body: image}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/v/images/{id}", Tag: "visitor", Summary: "The bytes of a picture", Public: true,
		Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *imageByID) (*huma.StreamResponse, error) {
		p, content, err := s.openImage(ctx, in.ID)
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
				s.logger.Warn("a picture was not sent to its end", "image", p.ID, "error", err)
			}
		}}, nil
	})
}

package site

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// Here is the address under which a request reached this installation: the install code's when none is configured.
type Here struct {
	base string
}

// Base returns it, as https://chat.example.com.
func (h *Here) Base() string { return h.base }

// Resolve looks at the request.
func (h *Here) Resolve(ctx huma.Context) []error {
	scheme := "http://"
	if ctx.TLS() != nil || ctx.Header("X-Forwarded-Proto") == "https" {
		scheme = "https://"
	}
	h.base = scheme + ctx.Host()
	return nil
}

type listInput struct {
	Here
}

type listOutput struct {
	Body struct {
		Sites []Site `json:"sites" nullable:"false"`
	}
}

type createInput struct {
	Here
	Body struct {
		Name           string   `json:"name" minLength:"1" maxLength:"60"`
		AllowedDomains []string `json:"allowed_domains" minItems:"1" maxItems:"50" nullable:"false" doc:"A host, *.host, localhost or an IP address, each with an optional port; * is everywhere."`
		Language       string   `json:"language" enum:"pt,en,es"`
	}
}

type updateInput struct {
	Here
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Name           *string   `json:"name,omitempty" minLength:"1" maxLength:"60" nullable:"false"`
		AllowedDomains []string  `json:"allowed_domains,omitempty" minItems:"1" maxItems:"50" nullable:"false"`
		Language       *string   `json:"language,omitempty" enum:"pt,en,es" nullable:"false"`
		Active         *bool     `json:"active,omitempty" nullable:"false" doc:"Sites are never deleted, only switched off."`
		LegacyKey      *string   `json:"legacy_key,omitempty" maxLength:"64" nullable:"false"`
		Settings       *Settings `json:"settings,omitempty" nullable:"false" doc:"All of them."`
	}
}

type siteOutput struct {
	Body Site
}

type secretInput struct {
	ID string `path:"id" format:"uuid"`
}

type secretOutput struct {
	Body struct {
		Secret string `json:"secret" doc:"For the site's own server, never for its pages."`
	}
}

// CallImage is a picture for the call, in place of the drawn one.
type CallImage struct {
	URL    string `json:"url" doc:"For launcher_online and launcher_offline."`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// imageBody is the largest picture with what a form adds.
const imageBody = 1<<20 + 64<<10

var imageRate = api.Rate{Burst: 20, Per: time.Minute, By: api.ByAgent}

type imageInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"PNG, JPEG, GIF or WebP by its bytes; at most 1 MiB and 4,096 pixels a side."`
	}]
}

type imageOutput struct{ Body CallImage }

// Routes declares the routes of sites.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/sites", Tag: "sites", Summary: "All sites of the account",
	}, func(ctx context.Context, in *listInput) (*listOutput, error) {
		out := &listOutput{}
		out.Body.Sites = s.ListAt(api.Actor(ctx).AccountID, in.base)
		return out, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/sites", Permission: access.SiteManage, Tag: "sites", Summary: "Create a site",
		Status: http.StatusCreated,
	}, func(ctx context.Context, in *createInput) (*siteOutput, error) {
		b := in.Body
		made, err := s.Create(ctx, api.Actor(ctx).AccountID, New{Name: b.Name, AllowedDomains: b.AllowedDomains, Language: b.Language})
		if err != nil {
			return nil, err
		}
		return &siteOutput{Body: s.at(made, in.base)}, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPatch, Path: "/api/sites/{id}", Permission: access.SiteManage, Tag: "sites", Summary: "Change a site",
		Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *updateInput) (*siteOutput, error) {
		b := in.Body
		changed, err := s.Update(ctx, api.Actor(ctx).AccountID, in.ID, Changes{
			Name: b.Name, AllowedDomains: b.AllowedDomains, Language: b.Language, Active: b.Active, LegacyKey: b.LegacyKey, Settings: b.Settings,
		})
		if err != nil {
			return nil, err
		}
		return &siteOutput{Body: s.at(changed, in.base)}, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/sites/images", Permission: access.SiteManage, Tag: "sites", Summary: "Keep a picture for the call of a site",
		Status: http.StatusCreated, MaxBody: imageBody, Rate: &imageRate,
		Errors: []fault.Code{fault.FileEmpty, fault.ImageTooLarge, fault.ImageRefused, fault.RequestTooLarge},
	}, func(ctx context.Context, in *imageInput) (*imageOutput, error) {
		kept, err := s.config.KeepImage(ctx, api.Actor(ctx).AccountID, in.RawBody.Data().File)
		return &imageOutput{Body: kept}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/sites/{id}/identity-secret", Permission: access.SiteManage, Tag: "sites",
		Summary: "What the site's server signs its customers with", Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *secretInput) (*secretOutput, error) {
		site, ok := s.ByID(in.ID)
		if !ok || site.AccountID != api.Actor(ctx).AccountID {
			return nil, fault.New(fault.NotFound)
		}
		out := &secretOutput{}
		out.Body.Secret = IdentitySecret(s.config.Box, site)
		return out, nil
	})
}

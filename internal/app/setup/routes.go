package setup

import (
	"context"
	"net/http"
	"time"

	"github.com/aceno-chat/aceno/internal/agent"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// rate bounds guesses of the token, which has 192 bits anyway, and the password hashing behind it.
var rate = api.Rate{Burst: 10, Per: time.Minute, By: api.ByAddress}

type neededOutput struct {
	Body struct {
		Needed bool `json:"needed" doc:"The installation has no account yet."`
	}
}

type completeInput struct {
	agent.Transport
	Body struct {
		Token       string `json:"token" minLength:"1" maxLength:"128" doc:"The one-time token that the server printed when it started."`
		AccountName string `json:"account_name" minLength:"1" maxLength:"80"`
		Name        string `json:"name" minLength:"1" maxLength:"80" doc:"The administrator's name."`
		Login       string `json:"login" minLength:"2" maxLength:"64"`
		Email       string `json:"email" minLength:"3" maxLength:"254"`
		Password    string `json:"password" minLength:"8" maxLength:"128"`
		TimeZone    string `json:"time_zone" minLength:"1" maxLength:"64" doc:"IANA name, as America/Sao_Paulo."`
		Language    string `json:"language" enum:"pt,en,es"`
		Domain      string `json:"domain" minLength:"1" maxLength:"300" doc:"The web site: a host, or an address copied from the browser."`
	}
}

// Routes declares the routes of the set-up.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/setup", Public: true, Tag: "setup", Summary: "Whether the installation still has to be set up",
	}, func(ctx context.Context, _ *struct{}) (*neededOutput, error) {
		needed, err := s.Needed(ctx)
		if err != nil {
			return nil, err
		}
		out := &neededOutput{}
		out.Body.Needed = needed
		return out, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/setup", Public: true, Rate: &rate, Tag: "setup",
		Summary:     "Create the first account",
		Description: "Makes an account, its administrator, a first department and a first site at once, and signs the administrator in.",
		Errors:      []fault.Code{fault.SetupDone, fault.SetupTokenInvalid, fault.RateLimited, fault.Unavailable},
	}, s.complete)
}

func (s *Service) complete(ctx context.Context, in *completeInput) (*agent.SignedIn, error) {
	b := in.Body
	made, err := s.Complete(ctx, b.Token, Input{
		AccountName: b.AccountName, Name: b.Name, Login: b.Login, Email: b.Email, Password: b.Password,
		TimeZone: b.TimeZone, Language: b.Language, Domain: b.Domain,
	})
	if err != nil {
		return nil, err
	}
	session, err := s.Agents.Open(ctx, made.Account.ID, made.Agent.ID)
	if err != nil {
		return nil, err
	}
	return s.Agents.SignedIn(ctx, session, in.Secure)
}

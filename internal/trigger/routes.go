package trigger

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// bodyMax is room for twenty conditions of fifty values.
const bodyMax = 1 << 20

type listOutput struct {
	Body struct {
		Triggers []Listed `json:"triggers" nullable:"false"`
	}
}

type draftInput struct {
	Body Draft
}

type updateInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Name        *string     `json:"name,omitempty" minLength:"1" maxLength:"80" nullable:"false"`
		Description *string     `json:"description,omitempty" maxLength:"400" nullable:"false"`
		Active      *bool       `json:"active,omitempty" nullable:"false"`
		Priority    *int        `json:"priority,omitempty" minimum:"0" maximum:"100" nullable:"false"`
		Delay       *int        `json:"delay,omitempty" minimum:"0" maximum:"3600" nullable:"false"`
		Once        *Once       `json:"once,omitempty" enum:"visitor,address,every_time" nullable:"false"`
		Repeats     *int        `json:"repeats,omitempty" minimum:"0" maximum:"100" nullable:"false"`
		TimeZone    *string     `json:"time_zone,omitempty" maxLength:"64" nullable:"false"`
		Match       *Match      `json:"match,omitempty" enum:"all,any" nullable:"false"`
		Conditions  []Condition `json:"conditions,omitempty" maxItems:"20" nullable:"false" doc:"At least one."`
		Action      *Action     `json:"action,omitempty" nullable:"false"`
		Version     *int64      `json:"version,omitempty" nullable:"false" doc:"The version that is changed; stale when it is no longer the newest. Whichever there is when absent."`
	}
}

type triggerOutput struct {
	Body Trigger
}

type removeInput struct {
	ID string `path:"id" format:"uuid"`
}

type trialOutput struct {
	Body Trial
}

// Routes declares the routes of triggers.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/triggers", Permission: access.TriggerManage, Tag: "triggers",
		Summary: "All triggers of the account in the order in which they have their turn, with what came of them",
	}, func(ctx context.Context, _ *struct{}) (*listOutput, error) {
		list, err := s.List(ctx, api.Actor(ctx).AccountID)
		if err != nil {
			return nil, err
		}
		out := &listOutput{}
		out.Body.Triggers = list
		return out, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/triggers", Permission: access.TriggerManage, Tag: "triggers",
		Summary: "Create a trigger", Status: http.StatusCreated, MaxBody: bodyMax,
	}, func(ctx context.Context, in *draftInput) (*triggerOutput, error) {
		made, err := s.Create(ctx, api.Actor(ctx).AccountID, in.Body)
		if err != nil {
			return nil, err
		}
		return &triggerOutput{Body: made}, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPatch, Path: "/api/triggers/{id}", Permission: access.TriggerManage, Tag: "triggers",
		Summary: "Change a trigger", Errors: []fault.Code{fault.NotFound, fault.StaleWrite}, MaxBody: bodyMax,
	}, func(ctx context.Context, in *updateInput) (*triggerOutput, error) {
		changed, err := s.Update(ctx, api.Actor(ctx).AccountID, in.ID, Changes(in.Body))
		if err != nil {
			return nil, err
		}
		return &triggerOutput{Body: changed}, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/triggers/{id}", Permission: access.TriggerManage, Tag: "triggers",
		Summary: "Delete a trigger", Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *removeInput) (*struct{}, error) {
		return nil, s.Remove(ctx, api.Actor(ctx).AccountID, in.ID)
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/triggers/try", Permission: access.TriggerManage, Tag: "triggers",
		Summary: "Whom a trigger would reach among the visitors on the sites now; nothing is sent", MaxBody: bodyMax,
	}, func(ctx context.Context, in *draftInput) (*trialOutput, error) {
		trial, err := s.Try(ctx, api.Actor(ctx).AccountID, in.Body)
		if err != nil {
			return nil, err
		}
		return &trialOutput{Body: trial}, nil
	})
}

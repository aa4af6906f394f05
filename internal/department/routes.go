package department

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

type listOutput struct {
	Body struct {
		Departments []Department `json:"departments" nullable:"false"`
	}
}

type createInput struct {
	Body struct {
		Name        string `json:"name" minLength:"1" maxLength:"60" doc:"Unique in the account."`
		DisplayName string `json:"display_name,omitempty" maxLength:"60" doc:"What visitors see; the name if absent."`
		Description string `json:"description,omitempty" maxLength:"400"`
		Email       string `json:"email,omitempty" maxLength:"254" doc:"Receives contact requests."`
		Position    *int   `json:"position,omitempty" minimum:"0" maximum:"1000" nullable:"false" doc:"Behind the others if absent."`
	}
}

type updateInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Name        *string          `json:"name,omitempty" minLength:"1" maxLength:"60" nullable:"false"`
		DisplayName *string          `json:"display_name,omitempty" minLength:"1" maxLength:"60" nullable:"false"`
		Description *string          `json:"description,omitempty" maxLength:"400" nullable:"false"`
		Email       *string          `json:"email,omitempty" maxLength:"254" nullable:"false" doc:"Receives contact requests; empty for nobody."`
		Position    *int             `json:"position,omitempty" minimum:"0" maximum:"1000" nullable:"false"`
		Active      *bool            `json:"active,omitempty" nullable:"false" doc:"Departments are never deleted, only switched off."`
		Settings    *SettingsChanges `json:"settings,omitempty" nullable:"false" doc:"How it works. What is absent stays as it is."`
	}
}

type departmentOutput struct {
	Body Department
}

// Routes declares the routes of departments.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/departments", Tag: "departments", Summary: "All departments of the account",
	}, func(ctx context.Context, _ *struct{}) (*listOutput, error) {
		out := &listOutput{}
		out.Body.Departments = s.List(api.Actor(ctx).AccountID)
		return out, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/departments", Permission: access.DepartmentManage, Tag: "departments",
		Summary: "Create a department", Status: http.StatusCreated,
	}, func(ctx context.Context, in *createInput) (*departmentOutput, error) {
		b := in.Body
		made, err := s.Create(ctx, api.Actor(ctx).AccountID, New{
			Name: b.Name, DisplayName: b.DisplayName, Description: b.Description, Email: b.Email, Position: b.Position,
		})
		if err != nil {
			return nil, err
		}
		return &departmentOutput{Body: made}, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPatch, Path: "/api/departments/{id}", Permission: access.DepartmentManage, Tag: "departments",
		Summary: "Change a department", Errors: []fault.Code{fault.NotFound, fault.StaleWrite},
	}, func(ctx context.Context, in *updateInput) (*departmentOutput, error) {
		b := in.Body
		changed, err := s.Update(ctx, api.Actor(ctx).AccountID, in.ID, Changes{
			Name: b.Name, DisplayName: b.DisplayName, Description: b.Description, Email: b.Email, Position: b.Position, Active: b.Active,
			Settings: b.Settings,
		})
		if err != nil {
			return nil, err
		}
		return &departmentOutput{Body: changed}, nil
	})
}

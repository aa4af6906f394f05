package routing

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

// ruleBodyMax is room for twenty conditions of fifty values.
const ruleBodyMax = 1 << 20

type rulesOut struct {
	Body struct {
		Rules []Rule `json:"rules" nullable:"false" doc:"In the order in which they are asked."`
	}
}

type ruleIn struct{ Body RuleDraft }

type ruleUpdateIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		RuleDraft
		Version int64 `json:"version" minimum:"1" doc:"The version that is changed; stale when it is no longer the newest."`
	}
}

type ruleOut struct{ Body Rule }

type rulesOrderIn struct {
	Body struct {
		RuleIDs []string `json:"rule_ids" minItems:"1" maxItems:"100" nullable:"false" doc:"Every rule of the account once, in the new order."`
	}
}

func (s *Service) ruleRoutes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/routing/rules", Tag: "queue", Summary: "The rules that give priority and needed skills, in their order",
		Permission: access.DepartmentManage,
	}, func(ctx context.Context, _ *struct{}) (*rulesOut, error) { return s.listRules(ctx), nil })
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/routing/rules", Tag: "queue", Summary: "Create a routing rule, the last one in the order",
		Permission: access.DepartmentManage, Status: http.StatusCreated, MaxBody: ruleBodyMax,
	}, func(ctx context.Context, in *ruleIn) (*ruleOut, error) {
		r, err := s.CreateRule(ctx, api.Actor(ctx).AccountID, in.Body)
		return &ruleOut{Body: r}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/routing/rules/{id}", Tag: "queue", Summary: "Replace a routing rule",
		Permission: access.DepartmentManage, Errors: []fault.Code{fault.NotFound, fault.StaleWrite}, MaxBody: ruleBodyMax,
	}, func(ctx context.Context, in *ruleUpdateIn) (*ruleOut, error) {
		r, err := s.UpdateRule(ctx, api.Actor(ctx).AccountID, in.ID, in.Body.Version, in.Body.RuleDraft)
		return &ruleOut{Body: r}, err
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/routing/rules/{id}", Tag: "queue", Summary: "Delete a routing rule",
		Permission: access.DepartmentManage, Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *idIn) (*struct{}, error) {
		return nil, s.RemoveRule(ctx, api.Actor(ctx).AccountID, in.ID)
	})
	api.Register(a, api.Route{
		Method: http.MethodPut, Path: "/api/routing/rules-order", Tag: "queue", Summary: "Put the routing rules in another order",
		Permission: access.DepartmentManage, Errors: []fault.Code{fault.StaleWrite},
	}, func(ctx context.Context, in *rulesOrderIn) (*rulesOut, error) {
		if err := s.OrderRules(ctx, api.Actor(ctx).AccountID, in.Body.RuleIDs); err != nil {
			return nil, err
		}
		return s.listRules(ctx), nil
	})
}

func (s *Service) listRules(ctx context.Context) *rulesOut {
	out := &rulesOut{}
	out.Body.Rules = append([]Rule{}, s.Rules(api.Actor(ctx).AccountID)...)
	return out
}

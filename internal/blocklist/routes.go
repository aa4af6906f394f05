package blocklist

import (
	"context"
	"net/http"

	"github.com/aceno-chat/aceno/internal/access"
	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
)

type listOutput struct {
	Body struct {
		Blocks []Block `json:"blocks" nullable:"false"`
	}
}

type createInput struct {
	Body struct {
		Address   string `json:"address" minLength:"1" maxLength:"64" doc:"An IP address or a range in CIDR notation: IPv4 /8 to /32, IPv6 /24 to /128. An IPv6 address alone stands for its /64. At most 5,000 in an account."`
		Reason    string `json:"reason,omitempty" maxLength:"200"`
		ExpiresAt *int64 `json:"expires_at,omitempty" doc:"Milliseconds UTC, in the future; never if absent."`
	}
}

type blockOutput struct {
	Body Block
}

type removeInput struct {
	ID string `path:"id" format:"uuid"`
}

// Routes declares the routes of blocks.
func (s *Service) Routes(a *api.API) {
	api.Register(a, api.Route{
		Method: http.MethodGet, Path: "/api/blocks", Permission: access.BlockManage, Tag: "blocks",
		Summary: "All blocked addresses, the newest first; those that have ended by themselves too",
	}, func(ctx context.Context, _ *struct{}) (*listOutput, error) {
		out := &listOutput{}
		out.Body.Blocks = s.List(api.Actor(ctx).AccountID)
		return out, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodPost, Path: "/api/blocks", Permission: access.VisitorBlock, Tag: "blocks",
		Summary: "Block an address: its visitors can't ask for contact and are sent nothing", Status: http.StatusCreated,
	}, func(ctx context.Context, in *createInput) (*blockOutput, error) {
		actor := api.Actor(ctx)
		made, err := s.Create(ctx, actor.AccountID, actor.AgentID, New{
			Address: in.Body.Address, Reason: in.Body.Reason, ExpiresAt: in.Body.ExpiresAt,
		})
		if err != nil {
			return nil, err
		}
		return &blockOutput{Body: made}, nil
	})
	api.Register(a, api.Route{
		Method: http.MethodDelete, Path: "/api/blocks/{id}", Permission: access.BlockManage, Tag: "blocks",
		Summary: "Take a block off", Status: http.StatusNoContent, Errors: []fault.Code{fault.NotFound},
	}, func(ctx context.Context, in *removeInput) (*struct{}, error) {
		return nil, s.Remove(ctx, api.Actor(ctx).AccountID, in.ID)
	})
}

package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/api"
	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/field"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// Preferences are what the panel keeps for an agent: columns, sounds, sizes. The server knows only their bounds.
type Preferences map[string]any

// encode returns the compact JSON, or Validation of the field `preferences` when it is over PreferencesMax bytes or nested too deep.
func (p Preferences) encode() (string, error) {
	if p == nil {
		p = Preferences{}
	}
	if depth(map[string]any(p)) > preferencesDeep {
		return "", fault.Invalid(fault.Field{Name: "preferences", Code: fault.FieldTooLarge, Limit: preferencesDeep})
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // six bytes for one would count against the limit
	if err := encoder.Encode(p); err != nil {
		return "", fmt.Errorf("agent: encode preferences: %w", err)
	}
	text := bytes.TrimSpace(b.Bytes())
	if len(text) > PreferencesMax {
		return "", fault.Invalid(fault.Field{Name: "preferences", Code: fault.FieldTooLong, Limit: PreferencesMax})
	}
	return string(text), nil
}

func depth(value any) int {
	deepest := 0
	switch value := value.(type) {
	case map[string]any:
		for _, inner := range value {
			deepest = max(deepest, depth(inner))
		}
	case []any:
		for _, inner := range value {
			deepest = max(deepest, depth(inner))
		}
	default:
		return 0
	}
	return deepest + 1
}

func decodePreferences(text string) (Preferences, error) {
	p := Preferences{}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, fmt.Errorf("agent: decode preferences: %w", err)
	}
	return p, nil
}

// SetPreferences replaces the agent's preferences. Validation as said at encode.
func (s *Service) SetPreferences(ctx context.Context, actor api.ActorInfo, p Preferences) error {
	text, err := p.encode()
	if err != nil {
		return err
	}
	return s.config.Store.Write(store.InLane(ctx, actor.AccountID), func(ctx context.Context, tx *store.Tx) error {
		changed, err := updatePreferences(ctx, tx, actor.AccountID, actor.AgentID, text)
		if err != nil || !changed {
			return err
		}
		return s.config.Log.Append(ctx, tx, actor.AccountID, PreferencesChanged{AgentID: actor.AgentID, Preferences: p})
	})
}

// SetStatus sets what the agent wishes to be (T014). Setting the same again changes nothing and tells nothing.
// Validation of the field status.
func (s *Service) SetStatus(ctx context.Context, actor api.ActorInfo, status Status) error {
	var c field.Check
	field.OneOf(&c, "status", status, Statuses()...)
	if err := c.Err(); err != nil {
		return err
	}
	err := s.config.Store.Write(store.InLane(ctx, actor.AccountID), func(ctx context.Context, tx *store.Tx) error {
		changed, err := updateStatus(ctx, tx, actor.AccountID, actor.AgentID, status)
		if err != nil || !changed {
			return err
		}
		return s.config.Log.Append(ctx, tx, actor.AccountID, StatusChanged{AgentID: actor.AgentID, Status: status})
	})
	if err != nil {
		return err
	}
	return s.config.Log.Settle(ctx, actor.AccountID)
}

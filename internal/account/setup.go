package account

import (
	"context"
	"fmt"

	"github.com/aceno-chat/aceno/internal/platform/fault"
	"github.com/aceno-chat/aceno/internal/platform/ident"
	"github.com/aceno-chat/aceno/internal/platform/secret"
	"github.com/aceno-chat/aceno/internal/platform/store"
)

// setupSetting is the setting that holds the hash of the one-time set-up token.
const setupSetting = "setup_token"

// setupTokenBytes is how much randomness stands in the one-time set-up token.
const setupTokenBytes = 24

// PrepareSetup returns a fresh one-time token when the installation has no account yet, and "" when it has one.
// Only its hash is stored; a token returned earlier is void.
func (s *Service) PrepareSetup(ctx context.Context) (token string, err error) {
	token = ident.Secret(setupTokenBytes)
	needed := false
	err = s.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		exists, err := anyAccount(ctx, tx)
		if needed = !exists; err != nil || exists {
			return err
		}
		return saveSetting(ctx, tx, setupSetting, secret.Hash(token))
	})
	if err != nil {
		return "", fmt.Errorf("account: prepare the set-up: %w", err)
	}
	if !needed {
		return "", nil
	}
	return token, nil
}

// SetupNeeded says whether the installation has no account yet.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	exists, err := anyAccount(ctx, s.store.Read())
	if err != nil {
		return false, fmt.Errorf("account: is set-up needed: %w", err)
	}
	return !exists, nil
}

// CheckSetupToken looks, without taking it, whether token would be accepted: SetupDone when an account exists,
// SetupTokenInvalid when the token is not the one last prepared. It spares strangers' requests the dear work.
func (s *Service) CheckSetupToken(ctx context.Context, token string) error {
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return err
	}
	if !needed {
		return fault.New(fault.SetupDone)
	}
	stored, err := setting(ctx, s.store.Read(), setupSetting)
	if err != nil {
		return fmt.Errorf("account: read the set-up token: %w", err)
	}
	if stored == "" || stored != secret.Hash(token) {
		return fault.New(fault.SetupTokenInvalid)
	}
	return nil
}

// TakeSetupToken uses the token up: of two who bring it at once, one gets SetupDone or SetupTokenInvalid.
func (s *Service) TakeSetupToken(ctx context.Context, tx *store.Tx, token string) error {
	exists, err := anyAccount(ctx, tx)
	if err != nil {
		return fmt.Errorf("account: is set-up needed: %w", err)
	}
	if exists {
		return fault.New(fault.SetupDone)
	}
	taken, err := takeSetting(ctx, tx, setupSetting, secret.Hash(token))
	if err != nil {
		return fmt.Errorf("account: take the set-up token: %w", err)
	}
	if !taken {
		return fault.New(fault.SetupTokenInvalid)
	}
	return nil
}

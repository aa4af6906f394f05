package audit

import (
	"context"
	"fmt"
)

// Verification is what came of checking an account's chain.
type Verification struct {
	Entries int64 `json:"entries" doc:"How many entries are intact, from the first on."`
	// Head is the newest intact seal: whoever keeps it elsewhere can tell later that the log was not cut back.
	Head  string `json:"head" doc:"The seal of the newest intact entry; keep it elsewhere to notice a log that was cut back."`
	Fault *Break `json:"fault" doc:"The first entry that is not what it was; null when all are."`
}

// Break is where a chain is broken.
type Break struct {
	Sequence int64  `json:"sequence"`
	Reason   string `json:"reason" enum:"changed,missing,cut" doc:"changed: it does not match its seal; missing: it is not there; cut: entries are missing at the end."`
}

// The reasons of a Break.
const (
	Changed = "changed"
	Missing = "missing"
	Cut     = "cut"
)

// verifyPage is how many entries are read at a time.
const verifyPage = 1000

// Verify checks every entry of the account's log and names the first that is not what it was (B13).
func (s *Service) Verify(ctx context.Context, accountID string) (Verification, error) {
	// The head first: entries that are added meanwhile come after it.
	newest, err := selectHead(ctx, s.store.Read(), accountID)
	if err != nil {
		return Verification{}, fmt.Errorf("audit: verify: %w", err)
	}
	var v Verification
	for v.Entries < newest.sequence {
		entries, err := selectAfter(ctx, s.store.Read(), accountID, v.Entries, verifyPage)
		if err != nil {
			return Verification{}, fmt.Errorf("audit: verify: %w", err)
		}
		if len(entries) == 0 {
			v.Fault = &Break{Sequence: v.Entries + 1, Reason: Cut}
			return v, nil
		}
		for _, e := range entries {
			if v.Fault, err = s.check(accountID, v, e); err != nil || v.Fault != nil {
				return v, err
			}
			v.Entries, v.Head = e.Sequence, e.Seal
			if e.Sequence == newest.sequence && e.Seal != newest.seal {
				v.Fault = &Break{Sequence: e.Sequence, Reason: Changed}
				return v, nil
			}
		}
	}
	v.Fault, err = s.witnessed(ctx, accountID, v)
	return v, err
}

// witnessed compares an intact chain with the newest head that was noted outside the database: it has grown since, or it was cut back.
func (s *Service) witnessed(ctx context.Context, accountID string, v Verification) (*Break, error) {
	n, ok := s.witness.head(accountID)
	if !ok {
		return nil, nil //nolint:nilnil // nothing wrong is an answer
	}
	held, err := s.Holds(ctx, n.Seal)
	switch {
	case err != nil:
		return nil, err
	case held:
		return nil, nil //nolint:nilnil // the same
	case n.Sequence > v.Entries:
		return &Break{Sequence: v.Entries + 1, Reason: Cut}, nil
	}
	return &Break{Sequence: n.Sequence, Reason: Changed}, nil
}

// check says what is wrong with the entry that comes after those of v.
func (s *Service) check(accountID string, v Verification, e Entry) (*Break, error) {
	if e.Sequence != v.Entries+1 {
		return &Break{Sequence: v.Entries + 1, Reason: Missing}, nil
	}
	seal, err := e.seal(s.box, accountID, v.Head)
	if err != nil {
		return nil, err
	}
	if seal != e.Seal {
		return &Break{Sequence: e.Sequence, Reason: Changed}, nil
	}
	return nil, nil //nolint:nilnil // nothing wrong is an answer
}

// Holds says whether any account's log has an entry with the seal: of a log that was cut back and grown again it has not.
func (s *Service) Holds(ctx context.Context, seal string) (bool, error) {
	held, err := holdsSeal(ctx, s.store.Read(), seal)
	if err != nil {
		return false, fmt.Errorf("audit: %w", err)
	}
	return held, nil
}
